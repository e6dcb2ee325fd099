// The mixture's tiles of a product: left holds scale * gate * p, right holds basis; see tile.wgsl.
// p (N, R), gates (B, E), basis (R, columns); R = E * rank, row n belongs to sequence b = n / (N / B).
var<workgroup> picked: u32;

fn rankCount() -> i32 {
  return uniforms.R;
}

fn gateAt(row: i32, r: i32) -> f32 {
  return gates[row / (uniforms.N / uniforms.B) * uniforms.E + r / (uniforms.R / uniforms.E)];
}

// Whether any row of the tile has picked any expert with ranks in r0 .. r0 + 31. The same for the whole workgroup.
fn anyPicked(thread: i32, row0: i32, r0: i32) -> bool {
  if (thread == 0) {
    var found = false;
    let rowsPerSequence = uniforms.N / uniforms.B;
    let rank = uniforms.R / uniforms.E;
    for (var row = row0; row < min(row0 + TILE_ROWS, uniforms.N); row = (row / rowsPerSequence + 1) * rowsPerSequence) {
      for (var r = r0; r < min(r0 + TILE_INNER, uniforms.R); r = (r / rank + 1) * rank) {
        found = found || gateAt(row, r) != 0.0;
      }
    }
    picked = select(0u, 1u, found);
  }
  return workgroupUniformLoad(&picked) != 0u;
}

fn gated4(row: i32, r: i32) -> vec4<f32> {
  var v = vec4<f32>(0.0);
  if (row < uniforms.N) {
    for (var j = 0; j < min(4, uniforms.R - r); j++) {
      v[j] = uniforms.scale * gateAt(row, r + j) * p[row * uniforms.R + r + j];
    }
  }
  return v;
}

fn loadExperts(thread: i32, row0: i32, column0: i32, r0: i32, columns: i32) {
  for (var q = thread; q < 8 * ROW_GROUPS; q += THREADS) {
    let k = q % 8 * 4;
    let row = row0 + q / 8 * 4;
    storeLeft(k, q / 8, mat4x4<f32>(gated4(row, r0 + k), gated4(row + 1, r0 + k), gated4(row + 2, r0 + k), gated4(row + 3, r0 + k)));
  }
  for (var q = thread; q < TILE_INNER * COLUMN_GROUPS; q += THREADS) {
    let r = r0 + q / COLUMN_GROUPS;
    let column = column0 + q % COLUMN_GROUPS * 4;
    var v = vec4<f32>(0.0);
    if (r < uniforms.R) {
      for (var c = 0; c < min(4, columns - column); c++) {
        v[c] = basis[r * columns + column + c];
      }
    }
    right[q] = vec4<Value>(v);
  }
}
