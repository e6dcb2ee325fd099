// softmax over the keys s <= last of scoreAt(row, head, s), times valueAt(row, head, s, d): for d = thread, thread + 64, …
// A workgroup of 64 threads; keys go through in chunks of 64 with a running maximum; `last` is the same in all threads.
var<workgroup> weights: array<f32, 64>;

fn attendKeys(thread: i32, row: i32, head: i32, last: i32) -> vec4<f32> {
  var highest = -3.0e38;
  var total = 0.0;
  var sums = vec4<f32>(0.0);
  for (var s0 = 0; s0 <= last; s0 += 64) {
    let s = s0 + thread;
    let live = min(64, last - s0 + 1);
    var score = -3.0e38;
    if (s <= last) {
      score = scoreAt(row, head, s) * uniforms.scale;
    }
    weights[thread] = score;
    workgroupBarrier();
    var chunkHighest = highest;
    for (var j = 0; j < live; j++) {
      chunkHighest = max(chunkHighest, weights[j]);
    }
    let shrink = exp(max(highest - chunkHighest, -80.0));
    highest = chunkHighest;
    workgroupBarrier();
    weights[thread] = select(0.0, exp(max(score - highest, -80.0)), s <= last);
    workgroupBarrier();
    total *= shrink;
    sums *= shrink;
    for (var j = 0; j < live; j++) {
      total += weights[j];
      for (var part = 0; part < 4; part++) {
        let d = thread + part * 64;
        if (d < uniforms.D) {
          sums[part] += weights[j] * valueAt(row, head, s0 + j, d);
        }
      }
    }
    workgroupBarrier();
  }
  return sums / total;
}

fn kvColumn(head: i32) -> i32 {
  return head / (uniforms.C / uniforms.K) * uniforms.D;
}

fn writeHead(thread: i32, base: i32, sums: vec4<f32>) {
  for (var part = 0; part < 4; part++) {
    let d = thread + part * 64;
    if (d < uniforms.D) {
      result[base + d] = sums[part];
    }
  }
}
