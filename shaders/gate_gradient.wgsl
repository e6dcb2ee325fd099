// out[b, e] = scale * sum over the rows n of b and the ranks r of e of p[n, r] u[n, r]
// p, u (N, R), result (B, E). One workgroup of 64 threads: one element, added up in a fixed order.
var<workgroup> partial: array<f32, 64>;

fn main() {
  let thread = i32(localIndex);
  let expert = i32(workgroupId.x);
  let sequence = i32(workgroupId.y);
  let rank = uniforms.R / uniforms.E;
  let rows = uniforms.N / uniforms.B;
  var sum = 0.0;
  for (var q = thread; q < rows * rank; q += 64) {
    let at = (sequence * rows + q / rank) * uniforms.R + expert * rank + q % rank;
    sum += p[at] * u[at];
  }
  partial[thread] = sum;
  workgroupBarrier();
  if (thread == 0) {
    var total = 0.0;
    for (var j = 0; j < 64; j++) {
      total += partial[j];
    }
    result[sequence * uniforms.E + expert] = uniforms.scale * total;
  }
}
