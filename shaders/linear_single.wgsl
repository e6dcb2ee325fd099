// y[n, o] = sum_i x[n, i] w[o, i] + bias[o] (+ the mixture's inner steps), without shared memory and for a single row: for
// adapters on which a barrier costs more than a load. x (N, I) as vec4, w (O, I) in octets, bias (O), result (N, O).
// One thread: 4 outputs of a row.
fn rowCount() -> i32 {
  return uniforms.N;
}

fn left4(row: i32, k: i32) -> vec4<f32> {
  return x[row * (uniforms.I / 4) + k];
}

fn main() {
  let o = i32(globalId.x) * 4;
  let row = i32(workgroupId.y);
  let values = rowProducts(row, o) + expertsOfOne(row, min(o, uniforms.O - 1) / 4, uniforms.O);
  for (var c = 0; c < min(4, uniforms.O - o); c++) {
    result[row * uniforms.O + o + c] = values[c] + bias[o + c];
  }
}
