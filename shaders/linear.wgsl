// y[n, o] = sum_i x[n, i] w[o, i] + bias[o] (+ the mixture's inner steps)
// x (N, I), w (O, I) packed, bias (O), result (N, O). One workgroup: TILE_ROWS rows x TILE_COLUMNS outputs; see tile.wgsl.
fn x4(row: i32, k: i32) -> vec4<f32> {
  var v = vec4<f32>(0.0);
  if (row < uniforms.N) {
    let base = row * uniforms.I + k;
    for (var j = 0; j < min(4, uniforms.I - k); j++) {
      v[j] = x[base + j];
    }
  }
  return v;
}

fn w4(o: i32, k: i32) -> vec4<f32> {
  if (o < uniforms.O && k < uniforms.I) {
    return weight4(o, k);
  }
  return vec4<f32>(0.0);
}

fn loadTiles(thread: i32, row0: i32, column0: i32, k0: i32) {
  for (var q = thread; q < 8 * ROW_GROUPS; q += THREADS) {
    let k = q % 8 * 4;
    let row = row0 + q / 8 * 4;
    storeLeft(k, q / 8, mat4x4<f32>(x4(row, k0 + k), x4(row + 1, k0 + k), x4(row + 2, k0 + k), x4(row + 3, k0 + k)));
  }
  for (var q = thread; q < 8 * COLUMN_GROUPS; q += THREADS) {
    let k = q % 8 * 4;
    let o = column0 + q / 8 * 4;
    storeRight(k, q / 8, mat4x4<f32>(w4(o, k0 + k), w4(o + 1, k0 + k), w4(o + 2, k0 + k), w4(o + 3, k0 + k)));
  }
}

fn innerSize() -> i32 {
  return uniforms.I;
}

fn columnCount() -> i32 {
  return uniforms.O;
}

fn addend(column: i32) -> f32 {
  return bias[column];
}
