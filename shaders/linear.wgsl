// y[n, o] = sum_i x[n, i] w[o, i] + bias[o] (+ the low-rank term)
// x (N, I), w (O, I) packed, bias (O), result (N, O). One workgroup: 32 rows x 64 outputs; see tile.wgsl.
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

fn loadTiles(thread: i32, row0: i32, column0: i32, k0: i32) {
  let k = k0 + (thread >> 3u) * 4;
  let row = row0 + (thread & 7) * 4;
  storeLeft(k - k0, thread & 7, mat4x4<f32>(x4(row, k), x4(row + 1, k), x4(row + 2, k), x4(row + 3, k)));
  for (var half = 0; half < 2; half++) {
    let group = (thread & 7) + half * 8;
    var block: mat4x4<f32>;
    for (var c = 0; c < 4; c++) {
      let o = column0 + group * 4 + c;
      if (o < uniforms.O && k < uniforms.I) {
        block[c] = weight4(o, k);
      }
    }
    let turned = transpose(block);
    for (var j = 0; j < 4; j++) {
      right[(k - k0 + j) * 16 + group] = turned[j];
    }
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
