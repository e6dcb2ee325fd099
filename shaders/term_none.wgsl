// No low-rank term.
fn lowRankTerm(row: i32, column: i32, columns: i32) -> f32 {
  return 0.0;
}

fn lowRankTerm4(row: i32, column: i32, columns: i32) -> vec4<f32> {
  return vec4<f32>(0.0);
}
