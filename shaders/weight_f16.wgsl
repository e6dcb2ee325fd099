// Weight access, float16: w (O, I/2) words, the lower half first; I is even. unpack2x16float needs no feature.
// Four weights along I from i (a multiple of 4); zero past the end.
fn weight4(o: i32, i: i32) -> vec4<f32> {
  let at = (o * uniforms.I + i) >> 1u;
  let low = unpack2x16float(bitcast<u32>(w[at]));
  if (i + 2 < uniforms.I) {
    return vec4<f32>(low, unpack2x16float(bitcast<u32>(w[at + 1])));
  }
  return vec4<f32>(low, 0.0, 0.0);
}

fn weightAt(o: i32, i: i32) -> f32 {
  return weight4(o, i & ~3)[i & 3];
}
