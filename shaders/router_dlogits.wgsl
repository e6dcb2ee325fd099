// Gradient of the router's logits: with d_e = dy[probabilities] + picked_e dy[gates], out_e = s_e (d_e - sum_f s_f d_f).
// y, dy (B, L, 3E) as router.wgsl lays them out, result (B, M) with M = L * E. One thread: one element.
fn main() {
  let m = i32(globalId.x);
  let b = i32(workgroupId.y);
  if (m >= uniforms.M) {
    return;
  }
  let experts = uniforms.P / 3;
  let base = (b * uniforms.L + m / experts) * uniforms.P;
  let own = m % experts;
  var mean = 0.0;
  for (var e = 0; e < experts; e++) {
    mean += y[base + e] * (dy[base + e] + y[base + 2 * experts + e] * dy[base + experts + e]);
  }
  result[b * uniforms.M + m] = y[base + own] * (dy[base + own] + y[base + 2 * experts + own] * dy[base + experts + own] - mean);
}
