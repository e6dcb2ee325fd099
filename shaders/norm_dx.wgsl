// With h = (x - mean) * inverse and g = dy * weight: dx = inverse * (g - centred * mean(g) - h * mean(g h))
// x, dy (N, C), weight (C), result (N, C). One workgroup of 64 threads: one row.
fn main() {
  let thread = i32(localIndex);
  let base = i32(workgroupId.x) * uniforms.C;
  let centred = f32(uniforms.centred);
  let count = f32(uniforms.C);
  var sum = 0.0;
  for (var c = thread; c < uniforms.C; c += 64) {
    sum += x[base + c];
  }
  let mean = centred * sumAll(thread, sum) / count;
  var squares = 0.0;
  for (var c = thread; c < uniforms.C; c += 64) {
    let d = x[base + c] - mean;
    squares += d * d;
  }
  let inverse = 1.0 / sqrt(sumAll(thread, squares) / count + uniforms.eps);
  var gradient = 0.0;
  var along = 0.0;
  for (var c = thread; c < uniforms.C; c += 64) {
    let g = dy[base + c] * weight[c];
    gradient += g;
    along += g * (x[base + c] - mean) * inverse;
  }
  let meanGradient = centred * sumAll(thread, gradient) / count;
  let meanAlong = sumAll(thread, along) / count;
  for (var c = thread; c < uniforms.C; c += 64) {
    let h = (x[base + c] - mean) * inverse;
    result[base + c] = inverse * (dy[base + c] * weight[c] - meanGradient - h * meanAlong);
  }
}
