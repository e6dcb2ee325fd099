// out[r, i] = scale * sum_n gates[b(n), e(r)] p[n, r] x[n, i]: the gradient of A (from U and x) and of B (from P and dy).
// p (N, R), gates (B, E), x (N, I), result (R, I). One thread: one input, 4 ranks of an expert; rows added in order.
fn main() {
  let i = i32(globalId.x);
  let rank = uniforms.R / uniforms.E;
  let blocks = (rank + 3) / 4;
  let expert = i32(workgroupId.y) / blocks;
  let first = expert * rank + (i32(workgroupId.y) % blocks) * 4;
  let count = min(4, (expert + 1) * rank - first);
  if (i >= uniforms.I) {
    return;
  }
  let rowsPerSequence = uniforms.N / uniforms.B;
  var total = vec4<f32>(0.0);
  for (var b = 0; b < uniforms.B; b++) {
    let gate = gates[b * uniforms.E + expert];
    if (gate != 0.0) {
      var sum = vec4<f32>(0.0);
      for (var n = b * rowsPerSequence; n < (b + 1) * rowsPerSequence; n++) {
        let at = n * uniforms.R + first;
        let last = count - 1;
        sum += x[n * uniforms.I + i] * vec4<f32>(p[at], p[at + min(1, last)], p[at + min(2, last)], p[at + last]);
      }
      total += gate * sum;
    }
  }
  for (var j = 0; j < count; j++) {
    result[(first + j) * uniforms.I + i] = uniforms.scale * total[j];
  }
}
