// out[r, i] = scale * sum_n gates[b(n), e(r)] p[n, r] x[n, i]: the gradient of A (from U and x) and of B (from P and dy), for
// adapters on which loads cost most and for I a multiple of 4. p (N, R), gates (B, E), x (N, I) and result (R, I) as vec4.
// One thread: 4 inputs, 8 ranks of an expert; rows added in order. Sequences that have not picked the expert cost nothing.
fn rowCount() -> i32 {
  return uniforms.N;
}

fn left4(row: i32, k: i32) -> vec4<f32> {
  return x[row * (uniforms.I / 4) + k];
}

fn expertInput(row: i32, r: i32) -> f32 {
  return p[row * uniforms.R + r];
}

fn expertGate(row: i32, e: i32) -> f32 {
  return 0.0;
}

fn outer(inputs: vec4<f32>, ranks: vec4<f32>) -> mat4x4<f32> {
  return mat4x4<f32>(inputs * ranks.x, inputs * ranks.y, inputs * ranks.z, inputs * ranks.w);
}

fn store(r: i32, end: i32, i4: i32, value: vec4<f32>) {
  if (r < end && i4 < uniforms.I / 4) {
    result[r * (uniforms.I / 4) + i4] = value;
  }
}

fn main() {
  let i4 = i32(globalId.x);
  let column = min(i4, uniforms.I / 4 - 1);
  let rank = uniforms.R / uniforms.E;
  let blocks = (rank + 7) / 8;
  let expert = i32(workgroupId.y) / blocks;
  let first = expert * rank + i32(workgroupId.y) % blocks * 8;
  let end = (expert + 1) * rank;
  let rows = uniforms.N / uniforms.B;
  var low = mat4x4<f32>();
  var high = mat4x4<f32>();
  for (var b = 0; b < uniforms.B; b++) {
    let gate = uniforms.scale * gates[b * uniforms.E + expert];
    if (gate != 0.0) {
      for (var n = b * rows; n < (b + 1) * rows; n++) {
        let inputs = gate * left4(n, column);
        low += outer(inputs, fourRanks(n, first, end - 1));
        high += outer(inputs, fourRanks(n, first + 4, end - 1));
      }
    }
  }
  store(first, end, i4, low[0]);
  store(first + 1, end, i4, low[1]);
  store(first + 2, end, i4, low[2]);
  store(first + 3, end, i4, low[3]);
  store(first + 4, end, i4, high[0]);
  store(first + 5, end, i4, high[1]);
  store(first + 6, end, i4, high[2]);
  store(first + 7, end, i4, high[3]);
}
