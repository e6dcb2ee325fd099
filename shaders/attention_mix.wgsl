// out[n, h] = sum over s of w[n, h, s] v[b T + s, h'] for row n = b T + t: the output of attention (w the weights, v the values)
// and the gradient of q (w the gradient of the scores, v the keys). w (N, M) with M = H T, v (N, K), result (N, C) with C = H D.
// One thread: one element; h' = h / (H / kv heads).
fn main() {
  let c = i32(globalId.x);
  let n = i32(workgroupId.y);
  if (c >= uniforms.C) {
    return;
  }
  let head = c / uniforms.D;
  let t = n % uniforms.T;
  let column = head / (uniforms.C / uniforms.K) * uniforms.D + c % uniforms.D;
  let base = n * uniforms.M + head * uniforms.T;
  var sum = 0.0;
  for (var s = 0; s <= t; s++) {
    sum += w[base + s] * v[(n - t + s) * uniforms.K + column];
  }
  result[n * uniforms.C + c] = sum;
}
