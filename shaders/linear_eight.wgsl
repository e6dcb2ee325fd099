// y[n, o] = sum_i x[n, i] w[o, i] + bias[o] (+ the low-rank term), for few rows or few outputs: the inner axis is split.
// x (N, I) as vec4, w (O, I) in octets, bias (O), result (N, O). One workgroup of 128 threads: 8 outputs of a row; a thread
// takes each 128th octet of the inputs for all 8, and one rank in 16 of one output, before the sums are added up.
fn left4(row: i32, k: i32) -> vec4<f32> {
  return x[row * (uniforms.I / 4) + k];
}

fn main() {
  let thread = i32(localIndex);
  let row = i32(workgroupId.y);
  let o = i32(workgroupId.x) * 8;
  let own = min(o + thread % 8, uniforms.O - 1);
  let sums = withShare(eightProducts(row, o, thread), thread, lowRankShare(row, own, uniforms.O, thread / 8));
  let total = sumOfEight(thread, sums.low, sums.high);
  if (thread < 8 && o + thread < uniforms.O) {
    result[row * uniforms.O + own] = total + bias[own];
  }
}
