// Adam's step in place: result -= rate * (m / correction1) / (sqrt(v / correction2) + epsilon), correction = 1 - beta^step.
// moments (P, N) with P = 2: m | v; result (N). One thread: one element.
fn main() {
  let n = i32(globalId.x);
  if (n < uniforms.N) {
    let m = moments[n] / uniforms.correction1;
    let v = moments[uniforms.N + n] / uniforms.correction2;
    result[n] -= uniforms.rate * m / (sqrt(v) + uniforms.epsilon);
  }
}
