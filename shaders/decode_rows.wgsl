// y[o] = epilogue(sum_i x[i] w[o, i] + bias[o] + the picked experts' term)
// x (I) as vec4, w (O, I) in octets, bias and other (O), result (O). One workgroup of 128 threads: 8 outputs; a thread takes
// each 128th octet of the inputs for all 8, and one rank in 16 of one output, before the sums are added up.
fn left4(row: i32, k: i32) -> vec4<f32> {
  return x[k];
}

fn main() {
  let thread = i32(localIndex);
  let o = i32(workgroupId.x) * 8;
  let own = min(o + thread % 8, uniforms.O - 1);
  let sums = withShare(eightProducts(0, o, thread), thread, pickedShare(thread / 8, own));
  let total = sumOfEight(thread, sums.low, sums.high);
  if (thread < 8 && o + thread < uniforms.O) {
    result[own] = finished(own, total + bias[own]);
  }
}
