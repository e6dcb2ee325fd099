// The sum of one value a thread over a workgroup of 64, in a fixed order, known to every thread.
var<workgroup> partial: array<f32, 64>;

fn sumAll(thread: i32, value: f32) -> f32 {
  workgroupBarrier();
  partial[thread] = value;
  workgroupBarrier();
  var total = 0.0;
  for (var j = 0; j < 64; j++) {
    total += partial[j];
  }
  return total;
}
