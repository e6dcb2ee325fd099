// y[n, o] = sum_i x[n, i] w[o, i] + bias[o] (+ the low-rank term), without shared memory: for adapters on which a barrier
// costs more than a load, and for I a multiple of 4. x (N, I) as vec4, w (O, I) packed, bias (O), result (N, O).
// One thread: ROWS rows x 4 outputs.
fn main() {
  let o = i32(globalId.x) * 4;
  let row = i32(workgroupId.y) * ROWS;
  if (o >= uniforms.O) {
    return;
  }
  var sums: array<vec4<f32>, ROWS>;
  for (var i = 0; i < uniforms.I; i += 4) {
    let block = mat4x4<f32>(
      weight4(o, i),
      weight4(min(o + 1, uniforms.O - 1), i),
      weight4(min(o + 2, uniforms.O - 1), i),
      weight4(min(o + 3, uniforms.O - 1), i),
    );
    for (var r = 0; r < ROWS; r++) {
      sums[r] += x[(min(row + r, uniforms.N - 1) * uniforms.I + i) >> 2u] * block;
    }
  }
  for (var r = 0; r < min(ROWS, uniforms.N - row); r++) {
    let values = sums[r] + lowRankTerm4(row + r, o, uniforms.O);
    for (var c = 0; c < min(4, uniforms.O - o); c++) {
      result[(row + r) * uniforms.O + o + c] = values[c] + bias[o + c];
    }
  }
}
