// Eight sums over a workgroup of 128: thread t < 8 gets the sum of the t-th of the values each thread brings. First within
// subgroups of whatever size, then over them in a fixed order. Subgroups are taken to follow localIndex.
var<workgroup> partial: array<vec4<f32>, 64>;

fn sumOfEight(thread: i32, low: vec4<f32>, high: vec4<f32>) -> f32 {
  let lowSum = subgroupAdd(low);
  let highSum = subgroupAdd(high);
  if (subgroupLane == 0u) {
    let subgroup = u32(thread) / subgroupSize;
    partial[2u * subgroup] = lowSum;
    partial[2u * subgroup + 1u] = highSum;
  }
  workgroupBarrier();
  var total = 0.0;
  for (var j = 0u; j * subgroupSize < 128u; j++) {
    total += partial[2u * j + ((u32(thread) >> 2u) & 1u)][thread & 3];
  }
  return total;
}
