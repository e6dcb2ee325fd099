// out[m, h'] = sum over the rows n >= m of m's sequence and the heads h of h' of w[n, h, s(m)] x[n, h]: the gradient of the
// values (w the weights, x = dy) and of the keys (w the gradient of the scores, x = q).
// w (N, M) with M = H T, x (N, C) with C = H D, result (N, K) with K = kv heads * D. One thread: one element.
fn main() {
  let column = i32(globalId.x);
  let m = i32(workgroupId.y);
  if (column >= uniforms.K) {
    return;
  }
  let group = uniforms.C / uniforms.K;
  let s = m % uniforms.T;
  let end = m - s + uniforms.T;
  var sum = 0.0;
  for (var g = 0; g < group; g++) {
    let head = column / uniforms.D * group + g;
    for (var n = m; n < end; n++) {
      sum += w[n * uniforms.M + head * uniforms.T + s] * x[n * uniforms.C + head * uniforms.D + column % uniforms.D];
    }
  }
  result[m * uniforms.K + column] = sum;
}
