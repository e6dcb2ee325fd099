// y[o] = epilogue(sum_i x[i] w[o, i] + bias[o] + the picked experts' term)
// x (I) as vec4, w (O, I) in octets, bias and other (O), result (O). One workgroup of 128 threads: 8 outputs; a thread takes
// each 128th octet of the inputs for all 8, and one rank of one output, before the sums are added up.
fn main() {
  let thread = i32(localIndex);
  let o = i32(workgroupId.x) * 8;
  let octets = uniforms.I / 8;
  let groups = uniforms.I / groupSize();
  let last = uniforms.O - 1;
  var low = vec4<f32>(0.0);
  var high = vec4<f32>(0.0);
  for (var k = thread; k < octets; k += 128) {
    let first = x[2 * k];
    let second = x[2 * k + 1];
    let g = k * 8 / groupSize();
    for (var c = 0; c < 4; c++) {
      let a = min(o + c, last);
      let b = min(o + 4 + c, last);
      let lower = octet(a * octets + k, scaleAt(a * groups + g));
      let upper = octet(b * octets + k, scaleAt(b * groups + g));
      low[c] += dot(first, lower[0]) + dot(second, lower[1]);
      high[c] += dot(first, upper[0]) + dot(second, upper[1]);
    }
  }
  let share = pickedShare(thread / 8, min(o + thread % 8, last));
  let place = vec4<i32>(thread % 8) - vec4<i32>(0, 1, 2, 3);
  low += select(vec4<f32>(0.0), vec4<f32>(share), place == vec4<i32>(0));
  high += select(vec4<f32>(0.0), vec4<f32>(share), place == vec4<i32>(4));
  let total = sumOfEight(thread, low, high);
  if (thread < 8 && o + thread <= last) {
    result[o + thread] = finished(o + thread, total + bias[o + thread]);
  }
}
