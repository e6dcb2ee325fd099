// The sum of one value a thread over a workgroup of 64, known to every thread: first within subgroups of whatever size,
// then over them in a fixed order. Subgroups are taken to follow localIndex; the kernel proof at start finds it where they do not.
var<workgroup> partial: array<f32, 64>;

fn sumAll(thread: i32, value: f32) -> f32 {
  let own = subgroupAdd(value);
  workgroupBarrier();
  if (subgroupLane == 0u) {
    partial[u32(thread) / subgroupSize] = own;
  }
  workgroupBarrier();
  var total = 0.0;
  for (var j = 0u; j * subgroupSize < 64u; j++) {
    total += partial[j];
  }
  return total;
}
