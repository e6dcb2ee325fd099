// p[k, r] = sum_i x[i] a[picked[k], r, i]
// x (I), a (R, I), picked (K), result (M), M = K * rank. One workgroup of 64 threads: one element.
fn main() {
  let thread = i32(localIndex);
  let m = i32(workgroupId.x);
  let rank = uniforms.M / uniforms.K;
  let base = (picked[m / rank] * rank + m % rank) * uniforms.I;
  var sum = 0.0;
  for (var i = thread; i < uniforms.I; i += 64) {
    sum += x[i] * a[base + i];
  }
  let total = sumAll(thread, sum);
  if (thread == 0) {
    result[m] = total;
  }
}
