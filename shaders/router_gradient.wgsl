// Gradients of all routers: with d_e = slope of the gate where picked, and z the logits,
// dz_e = s_e (d_e - sum_f s_f d_f) + pull (s_e sum_f allocation_f - allocation_e), pull = lambda / B: the guided loss's part,
// result[l, e, i] = sum_b dz[b, l, e] q[b, i], biasSlope[l, e] = sum_b dz[b, l, e].
// q (B, I), probabilities and allocation (B, L, E), gates and slopes (L, Y) with (B, E) in each row, result (L, E, I).
// One workgroup of 64 threads: one expert of a layer, 256 inputs; rows are added in order.
var<workgroup> dlogits: array<f32, 64>;

fn dlogit(b: i32, layer: i32, expert: i32) -> f32 {
  let base = (b * uniforms.L + layer) * uniforms.E;
  let row = layer * uniforms.Y + b * uniforms.E;
  var mean = 0.0;
  var assigned = 0.0;
  for (var e = 0; e < uniforms.E; e++) {
    // The gate is the probability where the expert is picked, else 0.
    mean += gates[row + e] * slopes[row + e];
    assigned += allocation[base + e];
  }
  let s = probabilities[base + expert];
  return gates[row + expert] * slopes[row + expert] - s * mean + uniforms.pull * (s * assigned - allocation[base + expert]);
}

fn main() {
  let thread = i32(localIndex);
  let layer = i32(workgroupId.y) / uniforms.E;
  let expert = i32(workgroupId.y) % uniforms.E;
  let first = i32(workgroupId.x) * 256 + thread;
  var sums = vec4<f32>(0.0);
  var bias = 0.0;
  for (var start = 0; start < uniforms.B; start += 64) {
    workgroupBarrier();
    if (start + thread < uniforms.B) {
      dlogits[thread] = dlogit(start + thread, layer, expert);
    }
    workgroupBarrier();
    for (var b = start; b < min(start + 64, uniforms.B); b++) {
      let at = b * uniforms.I;
      let last = uniforms.I - 1;
      let x = vec4<f32>(q[at + min(first, last)], q[at + min(first + 64, last)], q[at + min(first + 128, last)], q[at + min(first + 192, last)]);
      sums += dlogits[b - start] * x;
      bias += dlogits[b - start];
    }
  }
  let base = i32(workgroupId.y) * uniforms.I;
  for (var j = 0; j < 4; j++) {
    if (first + 64 * j < uniforms.I) {
      result[base + first + 64 * j] = sums[j];
    }
  }
  if (first == 0) {
    biasSlope[i32(workgroupId.y)] = bias;
  }
}
