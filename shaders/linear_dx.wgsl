// dx[n, i] = sum_o dy[n, o] w[o, i] (+ the mixture's inner steps)
// dy (N, O), w (O, I) packed, result (N, I). One workgroup: TILE_ROWS rows x TILE_COLUMNS inputs; see tile.wgsl.
fn dy4(row: i32, k: i32) -> vec4<f32> {
  var v = vec4<f32>(0.0);
  if (row < uniforms.N) {
    let base = row * uniforms.O + k;
    for (var j = 0; j < min(4, uniforms.O - k); j++) {
      v[j] = dy[base + j];
    }
  }
  return v;
}

fn loadTiles(thread: i32, row0: i32, column0: i32, k0: i32) {
  for (var q = thread; q < 8 * ROW_GROUPS; q += THREADS) {
    let k = q % 8 * 4;
    let row = row0 + q / 8 * 4;
    storeLeft(k, q / 8, mat4x4<f32>(dy4(row, k0 + k), dy4(row + 1, k0 + k), dy4(row + 2, k0 + k), dy4(row + 3, k0 + k)));
  }
  for (var q = thread; q < TILE_INNER * COLUMN_GROUPS; q += THREADS) {
    let o = k0 + q / COLUMN_GROUPS;
    let i = column0 + q % COLUMN_GROUPS * 4;
    var v = vec4<f32>(0.0);
    if (o < uniforms.O && i < uniforms.I) {
      v = weight4(o, i);
    }
    right[q] = vec4<Value>(v);
  }
}

fn innerSize() -> i32 {
  return uniforms.O;
}

fn columnCount() -> i32 {
  return uniforms.I;
}

fn addend(column: i32) -> f32 {
  return 0.0;
}
