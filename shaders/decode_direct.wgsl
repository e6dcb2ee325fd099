// y[o] = epilogue(sum_i x[i] w[o, i] + bias[o] + the picked experts' term), without shared memory: for adapters on which a
// barrier costs more than a load, and for I a multiple of 4. x (I) as vec4, w (O, I) packed, bias and other (O), result (O).
// One thread: 4 outputs.
fn main() {
  let o = i32(globalId.x) * 4;
  if (o >= uniforms.O) {
    return;
  }
  let last = uniforms.O - 1;
  var sums = vec4<f32>(0.0);
  for (var i = 0; i < uniforms.I; i += 4) {
    sums += x[i >> 2u] * mat4x4<f32>(weight4(o, i), weight4(min(o + 1, last), i), weight4(min(o + 2, last), i), weight4(min(o + 3, last), i));
  }
  for (var c = 0; c < min(4, uniforms.O - o); c++) {
    result[o + c] = finished(o + c, sums[c] + bias[o + c] + pickedTerm(o + c));
  }
}
