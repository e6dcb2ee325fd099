// Causal attention weights of B padded sequences: y[n, h, s] = softmax over s <= t of scale q[n, h] . k[b T + s, h'],
// for row n = b T + t, h' = h / (H / kv heads), padding keys left out; zero for s > t.
// q (N, C) with C = H D, k (N, K) with K = kv heads * D, mask (N) 1 for tokens, result (N, M) with M = H T.
// One thread: one row and head. A row that sees no key attends to itself; nothing reads it.
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
  let queryBase = n * uniforms.C + head * uniforms.D;
  let keyOffset = head / (uniforms.C / uniforms.K) * uniforms.D;
  let base = n * uniforms.M + head * uniforms.T;
  var highest = -3.0e38;
  for (var s = 0; s <= t; s++) {
    var score = -3.0e38;
    if (mask[start + s] != 0.0) {
      score = 0.0;
      for (var d = 0; d < uniforms.D; d++) {
        score += q[queryBase + d] * k[(start + s) * uniforms.K + keyOffset + d];
      }
      score *= uniforms.scale;
    }
    highest = max(highest, score);
    result[base + s] = score;
  }
  var total = 0.0;
  for (var s = 0; s <= t; s++) {
    let score = result[base + s];
    var weight = 0.0;
    if (score > -1.0e38) {
      weight = exp(max(score - highest, -80.0));
    } else if (s == t && total == 0.0) {
      weight = 1.0;
    }
    total += weight;
    result[base + s] = weight;
  }
  for (var s = 0; s < uniforms.T; s++) {
    result[base + s] = select(0.0, result[base + s] / total, s <= t);
  }
}
