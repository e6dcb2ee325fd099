// No low-rank term.
fn lowRankTerm(row: i32, column: i32, columns: i32) -> f32 {
  return 0.0;
}

fn lowRankShare(row: i32, column: i32, columns: i32, first: i32) -> f32 {
  return 0.0;
}
