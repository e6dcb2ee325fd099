// out[r, i] = scale * sum_n gates[b(n), e(r)] p[n, r] x[n, i]: the gradient of A (from U and x) and of B (from P and dy).
// p (N, R), gates (B, E), x (N, I), result (R, I). One thread: one element; rows added in order.
fn main() {
  let i = i32(globalId.x);
  let r = i32(workgroupId.y);
  if (i >= uniforms.I) {
    return;
  }
  let expert = r / (uniforms.R / uniforms.E);
  let rowsPerSequence = uniforms.N / uniforms.B;
  var total = 0.0;
  for (var b = 0; b < uniforms.B; b++) {
    let gate = gates[b * uniforms.E + expert];
    if (gate != 0.0) {
      var sum = 0.0;
      for (var n = b * rowsPerSequence; n < (b + 1) * rowsPerSequence; n++) {
        sum += p[n * uniforms.R + r] * x[n * uniforms.I + i];
      }
      total += gate * sum;
    }
  }
  result[r * uniforms.I + i] = uniforms.scale * total;
}
