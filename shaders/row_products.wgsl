// Four outputs of one row, sum_i left[row, i] w[o + c, i] for c in 0..3, without shared memory; w in octets, I a multiple of
// 16 and so are groups. Outputs past the end repeat the last.
struct FourScales { x: GroupScale, y: GroupScale, z: GroupScale, w: GroupScale }

fn rowProducts(row: i32, o: i32) -> vec4<f32> {
  let octets = uniforms.I / 8;
  let inGroup = groupSize() / 8;
  let groups = octets / inGroup;
  let outputs = min(vec4<i32>(o, o + 1, o + 2, o + 3), vec4<i32>(uniforms.O - 1));
  let at = outputs * octets;
  var sums = vec4<f32>(0.0);
  for (var g = 0; g < groups; g++) {
    let s = outputs * groups + g;
    let scale = FourScales(scaleAt(s.x), scaleAt(s.y), scaleAt(s.z), scaleAt(s.w));
    for (var k = g * inGroup; k < (g + 1) * inGroup; k += 2) {
      let values = fourParts(row, 2 * k);
      sums += sixteen(values, at + k, scale);
    }
  }
  return sums;
}

fn sixteen(values: mat4x4<f32>, at: vec4<i32>, scale: FourScales) -> vec4<f32> {
  return vec4<f32>(one(values, at.x, scale.x), one(values, at.y, scale.y), one(values, at.z, scale.z), one(values, at.w, scale.w));
}

fn one(values: mat4x4<f32>, at: i32, scale: GroupScale) -> f32 {
  let a = octet(at, scale);
  let b = octet(at + 1, scale);
  return dot(values[0], a[0]) + dot(values[1], a[1]) + dot(values[2], b[0]) + dot(values[3], b[1]);
}
