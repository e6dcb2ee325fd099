// y[n, o] = sum_i x[n, i] w[o, i] + bias[o] (+ the low-rank term), for few rows.
// One workgroup: one row, 8 outputs; 8 lanes share an output and add up in a fixed order.
var<workgroup> partial: array<f32, 64>;

fn x4(base: i32, i: i32) -> vec4<f32> {
  if (i + 3 < uniforms.I) {
    return vec4<f32>(x[base + i], x[base + i + 1], x[base + i + 2], x[base + i + 3]);
  }
  var v = vec4<f32>(0.0);
  for (var j = 0; j < uniforms.I - i; j++) {
    v[j] = x[base + i + j];
  }
  return v;
}

fn main() {
  let thread = i32(localIndex);
  let lane = thread & 7;
  let row = i32(workgroupId.y);
  let o = i32(workgroupId.x) * 8 + (thread >> 3u);
  var sum = 0.0;
  if (o < uniforms.O) {
    for (var i = lane * 4; i < uniforms.I; i += 32) {
      sum += dot(x4(row * uniforms.I, i), weight4(o, i));
    }
  }
  partial[thread] = sum;
  workgroupBarrier();
  if (lane == 0 && o < uniforms.O) {
    var total = 0.0;
    for (var j = 0; j < 8; j++) {
      total += partial[thread + j];
    }
    result[row * uniforms.O + o] = total + bias[o] + lowRankTerm(row, o, uniforms.O);
  }
}
