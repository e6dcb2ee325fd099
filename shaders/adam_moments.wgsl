// Adam's moments in place: result[0] = beta1 m + (1 - beta1) g, result[1] = beta2 v + (1 - beta2) g g.
// g (N), result (P, N) with P = 2. One thread: one element.
fn main() {
  let n = i32(globalId.x);
  if (n < uniforms.N) {
    let m = result[n];
    let v = result[uniforms.N + n];
    result[n] = uniforms.beta1 * m + (1.0 - uniforms.beta1) * g[n];
    result[uniforms.N + n] = uniforms.beta2 * v + (1.0 - uniforms.beta2) * g[n] * g[n];
  }
}
