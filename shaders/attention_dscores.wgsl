// Gradient of the attention scores: with g_s = dy[n, h] . v[b T + s, h'], out[n, h, s] = scale w_s (g_s - sum_r w_r g_r).
// w (N, M) with M = H T, dy (N, C) with C = H D, v (N, K), result (N, M). One thread: one row and head.
fn main() {
  let at = i32(globalId.x);
  let heads = uniforms.C / uniforms.D;
  if (at >= uniforms.N * heads) {
    return;
  }
  let n = at / heads;
  let head = at % heads;
  let t = n % uniforms.T;
  let start = n - t;
  let valueOffset = head / (uniforms.C / uniforms.K) * uniforms.D;
  let base = n * uniforms.M + head * uniforms.T;
  var mean = 0.0;
  for (var s = 0; s <= t; s++) {
    var g = 0.0;
    for (var d = 0; d < uniforms.D; d++) {
      g += dy[n * uniforms.C + head * uniforms.D + d] * v[(start + s) * uniforms.K + valueOffset + d];
    }
    result[base + s] = g;
    mean += w[base + s] * g;
  }
  for (var s = 0; s < uniforms.T; s++) {
    result[base + s] = select(0.0, uniforms.scale * w[base + s] * (result[base + s] - mean), s <= t);
  }
}
