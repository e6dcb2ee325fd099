// All routers at once: s = softmax(w_l q + bias_l) over the E experts; picked: the top k by counting, ties to the lower index.
// q (B, I), w (L, E, I), bias (L, E), result (B, L, 3E): probabilities | gates (s where picked, else 0) | picked (1 or 0).
// One workgroup of 64 threads: one query and layer; E <= 64.
var<workgroup> partial: array<f32, 64>;
var<workgroup> probabilities: array<f32, 64>;

fn main() {
  let thread = i32(localIndex);
  let layer = i32(workgroupId.x);
  let b = i32(workgroupId.y);
  for (var e = 0; e < uniforms.E; e++) {
    var sum = 0.0;
    let base = (layer * uniforms.E + e) * uniforms.I;
    for (var i = thread; i < uniforms.I; i += 64) {
      sum += w[base + i] * q[b * uniforms.I + i];
    }
    partial[thread] = sum;
    workgroupBarrier();
    if (thread == 0) {
      var logit = bias[layer * uniforms.E + e];
      for (var j = 0; j < 64; j++) {
        logit += partial[j];
      }
      probabilities[e] = logit;
    }
    workgroupBarrier();
  }
  var highest = probabilities[0];
  for (var e = 1; e < uniforms.E; e++) {
    highest = max(highest, probabilities[e]);
  }
  var total = 0.0;
  for (var e = 0; e < uniforms.E; e++) {
    total += exp(max(probabilities[e] - highest, -80.0));
  }
  if (thread < uniforms.E) {
    let own = probabilities[thread];
    var better = 0;
    for (var e = 0; e < uniforms.E; e++) {
      if (probabilities[e] > own || (probabilities[e] == own && e < thread)) {
        better++;
      }
    }
    let s = exp(max(own - highest, -80.0)) / total;
    let picked = select(0.0, 1.0, better < uniforms.topK);
    let at = (b * uniforms.L + layer) * uniforms.P + thread;
    result[at] = s;
    result[at + uniforms.E] = s * picked;
    result[at + 2 * uniforms.E] = picked;
  }
}
