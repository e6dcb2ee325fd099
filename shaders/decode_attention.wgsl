// One new token's attention over a cache that it joins: with s = state[1] its position, keys[s] = turn(k), values[s] = v, and
// y[h] = softmax over s' <= s of (scale turn(q[h]) . keys[s', h']) of values[s', h'], h' = h / (H / kv heads).
// q, k, v: vectors, read from qAt, kAt, vAt on; keys, values (S, K); state: token, position; result (C), C = H * D; D <= 256.
// One workgroup of 64 threads: one head; keys go through in chunks of 64 with a running maximum.
var<workgroup> ownQuery: array<f32, 256>;
var<workgroup> ownKey: array<f32, 256>;
var<workgroup> weights: array<f32, 64>;

fn main() {
  let thread = i32(localIndex);
  let head = i32(workgroupId.x);
  let shared_ = uniforms.C / uniforms.K;
  let kvHead = head / shared_;
  let last = state[1];
  let own = last * uniforms.K + kvHead * uniforms.D;
  for (var d = thread; d < uniforms.D; d += 64) {
    ownQuery[d] = turned(d, last, q[uniforms.qAt + head * uniforms.D + d], q[uniforms.qAt + head * uniforms.D + partner(d)]);
    ownKey[d] = turned(d, last, k[uniforms.kAt + kvHead * uniforms.D + d], k[uniforms.kAt + kvHead * uniforms.D + partner(d)]);
    if (head % shared_ == 0) {
      keys[own + d] = ownKey[d];
      values[own + d] = v[uniforms.vAt + kvHead * uniforms.D + d];
    }
  }
  workgroupBarrier();
  var highest = -3.0e38;
  var total = 0.0;
  var sums = vec4<f32>(0.0);
  for (var s0 = 0; s0 <= last; s0 += 64) {
    let s = s0 + thread;
    var dotted = 0.0;
    // The token's own key comes from here: another workgroup may be writing it.
    if (s < last) {
      for (var d = 0; d < uniforms.D; d++) {
        dotted += ownQuery[d] * keys[s * uniforms.K + kvHead * uniforms.D + d];
      }
    } else if (s == last) {
      for (var d = 0; d < uniforms.D; d++) {
        dotted += ownQuery[d] * ownKey[d];
      }
    }
    let score = select(-3.0e38, dotted * uniforms.scale, s <= last);
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
      for (var part = 0; part < 4; part++) {
        let d = thread + part * 64;
        if (d < uniforms.D) {
          sums[part] += weights[j] * valueAt(s0 + j, last, kvHead * uniforms.D + d);
        }
      }
    }
    workgroupBarrier();
  }
  for (var part = 0; part < 4; part++) {
    let d = thread + part * 64;
    if (d < uniforms.D) {
      result[head * uniforms.D + d] = sums[part] / total;
    }
  }
}

fn valueAt(s: i32, last: i32, column: i32) -> f32 {
  if (s == last) {
    return v[uniforms.vAt + column];
  }
  return values[s * uniforms.K + column];
}
