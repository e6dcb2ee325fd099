// Eight sums over a workgroup of 128, in a fixed order: thread t < 8 gets the sum of the t-th of the values each thread brings.
var<workgroup> partial: array<f32, 1024>;
var<workgroup> rest: array<f32, 64>;

fn sumOfEight(thread: i32, low: vec4<f32>, high: vec4<f32>) -> f32 {
  for (var c = 0; c < 4; c++) {
    partial[c * 128 + thread] = low[c];
    partial[(c + 4) * 128 + thread] = high[c];
  }
  workgroupBarrier();
  if (thread < 64) {
    var sum = 0.0;
    for (var j = 0; j < 16; j++) {
      sum += partial[(thread & 7) * 128 + j * 8 + (thread >> 3u)];
    }
    rest[thread] = sum;
  }
  workgroupBarrier();
  var total = 0.0;
  for (var j = 0; j < 8; j++) {
    total += rest[j * 8 + (thread & 7)];
  }
  return total;
}
