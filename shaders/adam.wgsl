// Adam in place: m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g g, and for the parameters p
// p -= rate * (m / correction1) / (sqrt(v / correction2) + epsilon), correction = 1 - beta^step.
// result, g (N), moments (2, N): m | v, four at a time; tallies (W, F) with F = 2: sum of g g | elements that are at fault.
// At fault: no finite gradient, or a parameter that would leave [-reach, reach]; they stay, and all do once report[3] is set.
// W workgroups of 64 threads take blocks of 64 vectors in turn, so that every sum has a fixed order.
var<workgroup> squares: array<f32, 64>;
var<workgroup> faults: array<f32, 64>;

// By bits: a compiler may take floats to be finite.
fn unbounded(x: vec4<f32>) -> vec4<bool> {
  return (bitcast<vec4<u32>>(x) & vec4<u32>(0x7f800000u)) == vec4<u32>(0x7f800000u);
}

fn main() {
  let thread = i32(localIndex);
  let group = i32(workgroupId.x);
  let count = uniforms.N / 4;
  let frozen = report[3] != 0.0;
  var sum = 0.0;
  var wrong = select(0.0, 1.0, frozen);
  for (var n = group * 64 + thread; n < count && !frozen; n += uniforms.W * 64) {
    let gradient = g[n];
    let m = uniforms.beta1 * moments[n] + (1.0 - uniforms.beta1) * gradient;
    let v = uniforms.beta2 * moments[count + n] + (1.0 - uniforms.beta2) * gradient * gradient;
    let next = result[n] - uniforms.rate * (m / uniforms.correction1) / (sqrt(v / uniforms.correction2) + vec4<f32>(uniforms.epsilon));
    let bad = unbounded(gradient) | unbounded(next) | (abs(next) > vec4<f32>(uniforms.reach));
    sum += dot(gradient, gradient);
    if (any(bad)) {
      wrong += dot(select(vec4<f32>(0.0), vec4<f32>(1.0), bad), vec4<f32>(1.0));
    } else {
      moments[n] = m;
      moments[count + n] = v;
      result[n] = next;
    }
  }
  squares[thread] = sum;
  faults[thread] = wrong;
  workgroupBarrier();
  if (thread == 0) {
    for (var j = 1; j < 64; j++) {
      sum += squares[j];
      wrong += faults[j];
    }
    tallies[group * uniforms.F] = sum;
    tallies[group * uniforms.F + 1] = wrong;
  }
}
