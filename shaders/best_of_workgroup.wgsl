// Sums and the best of all threads of a workgroup of 256, in a fixed order, known to every thread.
const THREADS = 256u;
const STRIPE = 16u;
var<workgroup> sums: array<vec4<f32>, 256>;
var<workgroup> bestValues: array<f32, 256>;
var<workgroup> bestTokens: array<i32, 256>;

// The sum over all threads in a fixed order: stripes of 16 first.
fn sumAll(value: vec4<f32>) -> vec4<f32> {
  workgroupBarrier();
  sums[localIndex] = value;
  workgroupBarrier();
  if (localIndex < STRIPE) {
    for (var j = localIndex + STRIPE; j < THREADS; j += STRIPE) {
      sums[localIndex] += sums[j];
    }
  }
  workgroupBarrier();
  var total = vec4<f32>(0.0);
  for (var j = 0u; j < STRIPE; j++) {
    total += sums[j];
  }
  return total;
}

fn isBetter(value: f32, token: i32, than: u32) -> bool {
  return value > bestValues[than] || (value == bestValues[than] && token < bestTokens[than]);
}

// The slot of the largest over all threads; of equals the lowest token.
fn bestAll(value: f32, token: i32) -> u32 {
  workgroupBarrier();
  bestValues[localIndex] = value;
  bestTokens[localIndex] = token;
  workgroupBarrier();
  if (localIndex < STRIPE) {
    for (var j = localIndex + STRIPE; j < THREADS; j += STRIPE) {
      if (isBetter(bestValues[j], bestTokens[j], localIndex)) {
        bestValues[localIndex] = bestValues[j];
        bestTokens[localIndex] = bestTokens[j];
      }
    }
  }
  workgroupBarrier();
  var best = 0u;
  for (var j = 1u; j < STRIPE; j++) {
    if (isBetter(bestValues[j], bestTokens[j], best)) {
      best = j;
    }
  }
  return best;
}
