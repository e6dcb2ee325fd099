// y[n, o] = sum_i x[n, i] w[o, i] + bias[o] (+ the mixture's inner steps), without shared memory: for adapters on which a
// barrier costs more than a load, and for I a multiple of 8. x (N, I) as vec4, w (O, I) in octets, bias (O), result (N, O).
// One thread: 8 rows x 4 outputs, as two matrices with a row in each column; matrices keep all indices constant.
struct FourScales { x: GroupScale, y: GroupScale, z: GroupScale, w: GroupScale }

fn rowCount() -> i32 {
  return uniforms.N;
}

fn left4(row: i32, k: i32) -> vec4<f32> {
  return x[row * (uniforms.I / 4) + k];
}

fn store(row: i32, o: i32, values: vec4<f32>) {
  if (row < uniforms.N) {
    for (var c = 0; c < min(4, uniforms.O - o); c++) {
      result[row * uniforms.O + o + c] = values[c] + bias[o + c];
    }
  }
}

fn main() {
  let o = i32(globalId.x) * 4;
  let row = i32(workgroupId.y) * 8;
  let octets = uniforms.I / 8;
  let inGroup = groupSize() / 8;
  let groups = octets / inGroup;
  let outputs = min(vec4<i32>(o, o + 1, o + 2, o + 3), vec4<i32>(uniforms.O - 1));
  let at = outputs * octets;
  var low = mat4x4<f32>();
  var high = mat4x4<f32>();
  for (var g = 0; g < groups; g++) {
    let s = outputs * groups + g;
    let scale = FourScales(scaleAt(s.x), scaleAt(s.y), scaleAt(s.z), scaleAt(s.w));
    for (var k = g * inGroup; k < (g + 1) * inGroup; k++) {
      let a = octet(at.x + k, scale.x);
      let b = octet(at.y + k, scale.y);
      let c = octet(at.z + k, scale.z);
      let d = octet(at.w + k, scale.w);
      let first = transpose(mat4x4<f32>(a[0], b[0], c[0], d[0]));
      low += first * fourRows(row, 2 * k);
      high += first * fourRows(row + 4, 2 * k);
      let second = transpose(mat4x4<f32>(a[1], b[1], c[1], d[1]));
      low += second * fourRows(row, 2 * k + 1);
      high += second * fourRows(row + 4, 2 * k + 1);
    }
  }
  let sums = expertsOfEight(row, min(o, uniforms.O - 1) / 4, uniforms.O, EightRows(low, high));
  store(row, o, sums.low[0]);
  store(row + 1, o, sums.low[1]);
  store(row + 2, o, sums.low[2]);
  store(row + 3, o, sums.low[3]);
  store(row + 4, o, sums.high[0]);
  store(row + 5, o, sums.high[1]);
  store(row + 6, o, sums.high[2]);
  store(row + 7, o, sums.high[3]);
}
