// Layer norm (centred = 1): y = (x - mean) / sqrt(variance + eps) * weight + bias; RMS norm (centred = 0): mean = 0.
// x (N, C), weight (C), bias (C), result (N, C). One workgroup of 64 threads: one row.
fn main() {
  let thread = i32(localIndex);
  let base = i32(workgroupId.x) * uniforms.C;
  var sum = 0.0;
  for (var c = thread; c < uniforms.C; c += 64) {
    sum += x[base + c];
  }
  let mean = f32(uniforms.centred) * sumAll(thread, sum) / f32(uniforms.C);
  var squares = 0.0;
  for (var c = thread; c < uniforms.C; c += 64) {
    let d = x[base + c] - mean;
    squares += d * d;
  }
  let inverse = 1.0 / sqrt(sumAll(thread, squares) / f32(uniforms.C) + uniforms.eps);
  for (var c = thread; c < uniforms.C; c += 64) {
    result[base + c] = (x[base + c] - mean) * inverse * weight[c] + bias[c];
  }
}
