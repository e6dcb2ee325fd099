// p[k, r] = sum_i x[i] a[picked[k], r, i], without shared memory: for adapters on which a barrier costs more than a load, and
// for I a multiple of 16. x (I) and a (R, I) as vec4, picked (K), result (M), M = K * rank. One thread: one element.
fn rowCount() -> i32 {
  return 1;
}

fn left4(row: i32, k: i32) -> vec4<f32> {
  return x[k];
}

fn main() {
  let m = i32(globalId.x);
  let rank = uniforms.M / uniforms.K;
  let own = min(m, uniforms.M - 1);
  let base = (picked[own / rank] * rank + own % rank) * (uniforms.I / 4);
  var sum = 0.0;
  for (var k = 0; k < uniforms.I / 4; k += 4) {
    let values = fourParts(0, k);
    for (var j = 0; j < 4; j++) {
      sum += dot(values[j], a[base + k + j]);
    }
  }
  if (m < uniforms.M) {
    result[m] = sum;
  }
}
