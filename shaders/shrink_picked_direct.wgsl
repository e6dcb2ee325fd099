// p[k, r] = sum_i x[i] a[picked[k], r, i], without shared memory: for adapters on which a barrier costs more than a load.
// x (I), a (R, I), picked (K), result (M), M = K * rank. One thread: one element.
fn main() {
  let m = i32(globalId.x);
  if (m >= uniforms.M) {
    return;
  }
  let rank = uniforms.M / uniforms.K;
  let base = (picked[m / rank] * rank + m % rank) * uniforms.I;
  var sum = 0.0;
  for (var i = 0; i < uniforms.I; i++) {
    sum += x[i] * a[base + i];
  }
  result[m] = sum;
}
