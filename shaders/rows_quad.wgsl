// How threads with subgroups get values of the left operand: all work on the same rows, so each of a quad of lanes reads a
// quarter and gets the rest from its neighbours. left4(row, k) is the k-th vec4 of a row of rowCount(); expertInput and expertGate are
// values of a row for the mixture. Rows past the end repeat the last. No thread may return early.
fn lane() -> i32 {
  return i32(subgroupLane & 3u);
}

fn ownRow(row: i32) -> i32 {
  return min(row + lane(), rowCount() - 1);
}

@diagnostic(off, subgroup_uniformity)
fn fromQuad(own: vec4<f32>) -> mat4x4<f32> {
  return mat4x4<f32>(quadBroadcast(own, 0u), quadBroadcast(own, 1u), quadBroadcast(own, 2u), quadBroadcast(own, 3u));
}

@diagnostic(off, subgroup_uniformity)
fn valuesFromQuad(own: f32) -> vec4<f32> {
  return vec4<f32>(quadBroadcast(own, 0u), quadBroadcast(own, 1u), quadBroadcast(own, 2u), quadBroadcast(own, 3u));
}

// Four rows, four values each.
fn fourRows(row: i32, k: i32) -> mat4x4<f32> {
  return fromQuad(left4(ownRow(row), k));
}

// Sixteen values of one row.
fn fourParts(row: i32, k: i32) -> mat4x4<f32> {
  return fromQuad(left4(row, k + lane()));
}

fn fourInputs(row: i32, r: i32) -> vec4<f32> {
  return valuesFromQuad(expertInput(ownRow(row), r));
}

fn fourGates(row: i32, e: i32) -> vec4<f32> {
  return valuesFromQuad(expertGate(ownRow(row), e));
}

// Four ranks of one row, none beyond `last`.
fn fourRanks(row: i32, r: i32, last: i32) -> vec4<f32> {
  return valuesFromQuad(expertInput(row, min(r + lane(), last)));
}
