// y[o] = epilogue(sum_i x[i] w[o, i] + bias[o] + the picked experts' term) for sizes that the faster kernels do not take.
// x (I), w (O, I) packed, bias and other (O), result (O). One thread: 1 output.
fn main() {
  let o = i32(globalId.x);
  if (o >= uniforms.O) {
    return;
  }
  var sum = bias[o] + pickedTerm(o);
  for (var i = 0; i < uniforms.I; i++) {
    sum += x[i] * weightAt(o, i);
  }
  result[o] = finished(o, sum);
}
