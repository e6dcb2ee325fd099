// Cross-entropy and its gradient: losses[m] = log sum_v exp(logits[m, v]) - logits[m, labels[m]],
// result[m, v] = (softmax(logits[m])[v] - [v = labels[m]]) / M: the gradient of the mean over the M rows.
// logits, result (M, V), labels and losses (M). One workgroup of 256 threads: one row, sums in a fixed order.
var<workgroup> partial: array<f32, 256>;

fn main() {
  let thread = i32(localIndex);
  let m = i32(workgroupId.x);
  let base = m * uniforms.V;
  var highest = logits[base];
  for (var v = thread; v < uniforms.V; v += 256) {
    highest = max(highest, logits[base + v]);
  }
  partial[thread] = highest;
  workgroupBarrier();
  for (var j = 0; j < 256; j++) {
    highest = max(highest, partial[j]);
  }
  workgroupBarrier();
  var sum = 0.0;
  for (var v = thread; v < uniforms.V; v += 256) {
    sum += exp(logits[base + v] - highest);
  }
  partial[thread] = sum;
  workgroupBarrier();
  var total = 0.0;
  for (var j = 0; j < 256; j++) {
    total += partial[j];
  }
  for (var v = thread; v < uniforms.V; v += 256) {
    let label = select(0.0, 1.0, v == labels[m]);
    result[base + v] = (exp(logits[base + v] - highest) / total - label) / f32(uniforms.M);
  }
  if (thread == 0) {
    losses[m] = log(total) - (logits[base + labels[m]] - highest);
  }
}
