// dx[n, i] = sum_o dy[n, o] w[o, i] (+ the mixture's inner steps), without shared memory: for adapters on which a barrier
// costs more than a load, and for O a multiple of 4, I of 8. dy (N, O) as vec4, w (O, I) in octets, result (N, I) as vec4.
// One thread: 8 rows x 8 inputs, as four matrices with a row in each column; matrices keep all indices constant.
fn rowCount() -> i32 {
  return uniforms.N;
}

fn left4(row: i32, k: i32) -> vec4<f32> {
  return dy[row * (uniforms.O / 4) + k];
}

fn store(row: i32, i: i32, first: vec4<f32>, second: vec4<f32>) {
  if (row < uniforms.N && i < uniforms.I) {
    result[(row * uniforms.I + i) / 4] = first;
    result[(row * uniforms.I + i) / 4 + 1] = second;
  }
}

fn main() {
  let i = i32(globalId.x) * 8;
  let row = i32(workgroupId.y) * 8;
  let octets = uniforms.I / 8;
  let column = min(i / 8, octets - 1);
  let groups = uniforms.I / groupSize();
  let group = column * 8 / groupSize();
  var first = EightRows();
  var second = EightRows();
  for (var o = 0; o < uniforms.O; o += 4) {
    let a = octet(o * octets + column, scaleAt(o * groups + group));
    let b = octet((o + 1) * octets + column, scaleAt((o + 1) * groups + group));
    let c = octet((o + 2) * octets + column, scaleAt((o + 2) * groups + group));
    let d = octet((o + 3) * octets + column, scaleAt((o + 3) * groups + group));
    let low = fourRows(row, o / 4);
    let high = fourRows(row + 4, o / 4);
    let left = mat4x4<f32>(a[0], b[0], c[0], d[0]);
    first.low += left * low;
    first.high += left * high;
    let right = mat4x4<f32>(a[1], b[1], c[1], d[1]);
    second.low += right * low;
    second.high += right * high;
  }
  first = expertsOfEight(row, 2 * column, uniforms.I, first);
  second = expertsOfEight(row, 2 * column + 1, uniforms.I, second);
  store(row, i, first.low[0], second.low[0]);
  store(row + 1, i, first.low[1], second.low[1]);
  store(row + 2, i, first.low[2], second.low[2]);
  store(row + 3, i, first.low[3], second.low[3]);
  store(row + 4, i, first.high[0], second.high[0]);
  store(row + 5, i, first.high[1], second.high[1]);
  store(row + 6, i, first.high[2], second.high[2]);
  store(row + 7, i, first.high[3], second.high[3]);
}
