// How a thread without subgroups gets values of the left operand: it reads them all. left4(row, k) is the k-th vec4 of a row of rowCount();
// expertInput and expertGate are values of a row for the mixture. Rows past the end repeat the last.
fn rowAt(row: i32) -> i32 {
  return min(row, rowCount() - 1);
}

// Four rows, four values each.
fn fourRows(row: i32, k: i32) -> mat4x4<f32> {
  return mat4x4<f32>(left4(rowAt(row), k), left4(rowAt(row + 1), k), left4(rowAt(row + 2), k), left4(rowAt(row + 3), k));
}

// Sixteen values of one row.
fn fourParts(row: i32, k: i32) -> mat4x4<f32> {
  return mat4x4<f32>(left4(row, k), left4(row, k + 1), left4(row, k + 2), left4(row, k + 3));
}

fn fourInputs(row: i32, r: i32) -> vec4<f32> {
  return vec4<f32>(expertInput(rowAt(row), r), expertInput(rowAt(row + 1), r), expertInput(rowAt(row + 2), r), expertInput(rowAt(row + 3), r));
}

fn fourGates(row: i32, e: i32) -> vec4<f32> {
  return vec4<f32>(expertGate(rowAt(row), e), expertGate(rowAt(row + 1), e), expertGate(rowAt(row + 2), e), expertGate(rowAt(row + 3), e));
}

// Four ranks of one row, none beyond `last`.
fn fourRanks(row: i32, r: i32, last: i32) -> vec4<f32> {
  return vec4<f32>(expertInput(row, min(r, last)), expertInput(row, min(r + 1, last)), expertInput(row, min(r + 2, last)), expertInput(row, min(r + 3, last)));
}
