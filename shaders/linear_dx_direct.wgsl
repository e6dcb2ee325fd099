// dx[n, i] = sum_o dy[n, o] w[o, i] (+ the low-rank term), without shared memory: for adapters on which a barrier costs
// more than a load, and for O and I multiples of 4. dy (N, O) as vec4, w (O, I) packed, result (N, I).
// One thread: ROWS rows x 4 inputs.
fn main() {
  let i = i32(globalId.x) * 4;
  let row = i32(workgroupId.y) * ROWS;
  if (i >= uniforms.I) {
    return;
  }
  var sums: array<vec4<f32>, ROWS>;
  for (var o = 0; o < uniforms.O; o += 4) {
    let block = mat4x4<f32>(weight4(o, i), weight4(o + 1, i), weight4(o + 2, i), weight4(o + 3, i));
    for (var r = 0; r < ROWS; r++) {
      sums[r] += block * dy[(min(row + r, uniforms.N - 1) * uniforms.O + o) >> 2u];
    }
  }
  for (var r = 0; r < min(ROWS, uniforms.N - row); r++) {
    let values = sums[r] + lowRankTerm4(row + r, i, uniforms.I);
    for (var c = 0; c < 4; c++) {
      result[(row + r) * uniforms.I + i + c] = values[c];
    }
  }
}
