// The mixture as R more inner steps of a product: sums + [scale * g * P] . basis, four columns at a time.
// p (N, R), gates (B, E), basis (R, columns) as vec4; R = E * rank, row n belongs to sequence b = n / (N / B). Experts that
// no row of the block has picked cost nothing. Column r of `low` is row r, of `high` row 4 + r.
struct EightRows { low: mat4x4<f32>, high: mat4x4<f32> }

fn expertInput(row: i32, r: i32) -> f32 {
  return p[row * uniforms.R + r];
}

fn expertGate(row: i32, e: i32) -> f32 {
  return uniforms.scale * gates[row / (uniforms.N / uniforms.B) * uniforms.E + e];
}

fn outer(column: vec4<f32>, rows: vec4<f32>) -> mat4x4<f32> {
  return mat4x4<f32>(column * rows.x, column * rows.y, column * rows.z, column * rows.w);
}

fn expertsOfEight(row: i32, column4: i32, columns: i32, sums: EightRows) -> EightRows {
  var low = sums.low;
  var high = sums.high;
  let rank = uniforms.R / uniforms.E;
  for (var e = 0; e < uniforms.E; e++) {
    let lowGates = fourGates(row, e);
    let highGates = fourGates(row + 4, e);
    if (any(lowGates != vec4<f32>(0.0)) || any(highGates != vec4<f32>(0.0))) {
      for (var r = e * rank; r < (e + 1) * rank; r++) {
        let values = basis[r * (columns / 4) + column4];
        low += outer(values, lowGates * fourInputs(row, r));
        high += outer(values, highGates * fourInputs(row + 4, r));
      }
    }
  }
  return EightRows(low, high);
}

fn expertsOfOne(row: i32, column4: i32, columns: i32) -> vec4<f32> {
  var total = vec4<f32>(0.0);
  let rank = uniforms.R / uniforms.E;
  for (var e = 0; e < uniforms.E; e++) {
    let gate = expertGate(row, e);
    if (gate != 0.0) {
      for (var r = e * rank; r < (e + 1) * rank; r++) {
        total += gate * expertInput(row, r) * basis[r * (columns / 4) + column4];
      }
    }
  }
  return total;
}
