// Causal attention over a cache: y[n, h] = softmax_s(scale q[n, h] . keys[s, h']) values[s, h'], s <= start + n.
// q (N, C) with C = H * D; keys, values (S, K) with K = kv heads * D, h' = h / (H / kv heads); result (N, C).
// One workgroup of 64 threads: one row and head; keys go through in chunks of 64 with a running maximum; D <= 256.
var<workgroup> weights: array<f32, 64>;
// A workgroup's rows end together; read through memory so that the loop is provably uniform.
var<workgroup> lastKey: i32;

fn main() {
  let thread = i32(localIndex);
  let n = i32(workgroupId.y);
  let head = i32(workgroupId.x);
  let kvHead = head / (uniforms.C / uniforms.K);
  let queryBase = n * uniforms.C + head * uniforms.D;
  if (thread == 0) {
    lastKey = uniforms.start + n;
  }
  let last = workgroupUniformLoad(&lastKey);
  var highest = -3.0e38;
  var total = 0.0;
  var sums = vec4<f32>(0.0);
  for (var s0 = 0; s0 <= last; s0 += 64) {
    let s = s0 + thread;
    var score = -3.0e38;
    if (s <= last) {
      let keyBase = s * uniforms.K + kvHead * uniforms.D;
      var dotted = 0.0;
      for (var d = 0; d < uniforms.D; d++) {
        dotted += q[queryBase + d] * keys[keyBase + d];
      }
      score = dotted * uniforms.scale;
    }
    weights[thread] = score;
    workgroupBarrier();
    var chunkHighest = highest;
    for (var j = 0; j < min(64, last - s0 + 1); j++) {
      chunkHighest = max(chunkHighest, weights[j]);
    }
    let shrink = exp(max(highest - chunkHighest, -80.0));
    highest = chunkHighest;
    workgroupBarrier();
    weights[thread] = select(0.0, exp(max(score - highest, -80.0)), s <= last);
    workgroupBarrier();
    total *= shrink;
    sums *= shrink;
    for (var j = 0; j < min(64, last - s0 + 1); j++) {
      total += weights[j];
      let valueBase = (s0 + j) * uniforms.K + kvHead * uniforms.D;
      for (var part = 0; part < 4; part++) {
        let d = thread + part * 64;
        if (d < uniforms.D) {
          sums[part] += weights[j] * values[valueBase + d];
        }
      }
    }
    workgroupBarrier();
  }
  for (var part = 0; part < 4; part++) {
    let d = thread + part * 64;
    if (d < uniforms.D) {
      result[queryBase + d] = sums[part] / total;
    }
  }
}
