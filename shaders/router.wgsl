// All routers at once: s = softmax(w_l q + bias_l) over the E experts; picked: the top k by counting, ties to the lower index.
// q (B, I), w (L, E, I), bias (L, E); `store` takes s, and 1 or 0 for picked, of each query, layer and expert.
// One workgroup of 64 threads: one query and layer; E <= 64. Threads share the inputs of an expert, 64 / E each.
var<workgroup> partial: array<f32, 64>;
var<workgroup> logits: array<f32, 64>;

fn main() {
  let thread = i32(localIndex);
  let layer = i32(workgroupId.x);
  let b = i32(workgroupId.y);
  let lanes = 64 / uniforms.E;
  let expert = thread / lanes;
  if (expert < uniforms.E) {
    var sum = 0.0;
    let base = (layer * uniforms.E + expert) * uniforms.I;
    for (var i = thread % lanes; i < uniforms.I; i += lanes) {
      sum += w[base + i] * q[b * uniforms.I + i];
    }
    partial[thread] = sum;
  }
  workgroupBarrier();
  if (thread < uniforms.E) {
    var logit = bias[layer * uniforms.E + thread];
    for (var j = 0; j < lanes; j++) {
      logit += partial[thread * lanes + j];
    }
    logits[thread] = logit;
  }
  workgroupBarrier();
  if (thread < uniforms.E) {
    var highest = logits[0];
    for (var e = 1; e < uniforms.E; e++) {
      highest = max(highest, logits[e]);
    }
    let own = logits[thread];
    var total = 0.0;
    var better = 0;
    for (var e = 0; e < uniforms.E; e++) {
      total += exp(max(logits[e] - highest, -80.0));
      if (logits[e] > own || (logits[e] == own && e < thread)) {
        better++;
      }
    }
    store(b, layer, thread, exp(max(own - highest, -80.0)) / total, select(0.0, 1.0, better < uniforms.topK));
  }
}
