// The part of a thread in eight outputs of one row, sum_i left[row, i] w[o + c, i] for c in 0..7: each 128th octet of the
// inputs, from `thread` on. w in octets; outputs past the end repeat the last.
struct Eight { low: vec4<f32>, high: vec4<f32> }

fn eightProducts(row: i32, o: i32, thread: i32) -> Eight {
  let octets = uniforms.I / 8;
  let groups = uniforms.I / groupSize();
  let last = uniforms.O - 1;
  var sums = Eight();
  for (var k = thread; k < octets; k += 128) {
    let first = left4(row, 2 * k);
    let second = left4(row, 2 * k + 1);
    let g = k * 8 / groupSize();
    for (var c = 0; c < 4; c++) {
      let a = min(o + c, last);
      let b = min(o + 4 + c, last);
      let lower = octet(a * octets + k, scaleAt(a * groups + g));
      let upper = octet(b * octets + k, scaleAt(b * groups + g));
      sums.low[c] += dot(first, lower[0]) + dot(second, lower[1]);
      sums.high[c] += dot(first, upper[0]) + dot(second, upper[1]);
    }
  }
  return sums;
}

// A value that belongs to output `thread % 8` added to it.
fn withShare(sums: Eight, thread: i32, share: f32) -> Eight {
  let place = vec4<i32>(thread % 8) - vec4<i32>(0, 1, 2, 3);
  let none = vec4<f32>(0.0);
  let low = select(none, vec4<f32>(share), place == vec4<i32>(0));
  let high = select(none, vec4<f32>(share), place == vec4<i32>(4));
  return Eight(sums.low + low, sums.high + high);
}
