// y[o] = epilogue(sum_i x[i] w[o, i] + bias[o] + the picked experts' term), without shared memory: for adapters on which a
// barrier costs more than a load. x (I) as vec4, w (O, I) in octets, bias and other (O), result (O). One thread: 4 outputs.
fn rowCount() -> i32 {
  return 1;
}

fn left4(row: i32, k: i32) -> vec4<f32> {
  return x[k];
}

fn main() {
  let o = i32(globalId.x) * 4;
  let sums = rowProducts(0, o);
  for (var c = 0; c < min(4, uniforms.O - o); c++) {
    result[o + c] = finished(o + c, sums[c] + bias[o + c] + pickedTerm(o + c));
  }
}
