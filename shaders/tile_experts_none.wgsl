// No mixture: see tile_experts.wgsl.
fn rankCount() -> i32 {
  return 0;
}

fn anyPicked(thread: i32, row0: i32, r0: i32) -> bool {
  return false;
}

fn loadExperts(thread: i32, row0: i32, column0: i32, r0: i32, columns: i32) {
}
