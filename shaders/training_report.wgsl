// What a training step reads back: [lm, guided, sum of squares of the gradient, elements at fault], with
// lm = sum_m losses[m] / M and guided = sum over rows, layers and experts of -log s where allocation is 1, over B.
// losses (M), probabilities and allocation (B, L, E), tallies (W, F) with F = 2 from Adam, result (4).
// One workgroup of 64 threads, each adding every 64th term; then added up in order.
var<workgroup> partial: array<vec4<f32>, 64>;

fn main() {
  let thread = i32(localIndex);
  var sum = vec4<f32>(0.0);
  for (var m = thread; m < uniforms.M; m += 64) {
    sum.x += losses[m];
  }
  for (var at = thread; at < uniforms.B * uniforms.L * uniforms.E; at += 64) {
    // The least positive normal float keeps -log finite where a probability has underflowed.
    sum.y -= allocation[at] * log(max(probabilities[at], 1.2e-38));
  }
  for (var w = thread; w < uniforms.W; w += 64) {
    sum += vec4<f32>(0.0, 0.0, tallies[w * uniforms.F], tallies[w * uniforms.F + 1]);
  }
  partial[thread] = sum;
  workgroupBarrier();
  if (thread == 0) {
    for (var j = 1; j < 64; j++) {
      sum += partial[j];
    }
    result[0] = sum.x / f32(uniforms.M);
    result[1] = sum.y / f32(uniforms.B);
    result[2] = sum.z;
    result[3] = sum.w;
  }
}
