// Weight access, int4 with a minimum a group: w (O, I/8) words, lowest nibble first; scales (O, I/G) flat, one word a group:
// the scale's f16 below the minimum's. weight = nibble * scale + minimum
// Four weights along I from i (a multiple of 4).
fn weight4(o: i32, i: i32) -> vec4<f32> {
  let word = bitcast<u32>(w[(o * uniforms.I + i) >> 3u]) >> (4u * u32(i & 7));
  let q = vec4<f32>(vec4<u32>(word, word >> 4u, word >> 8u, word >> 12u) & vec4<u32>(15u));
  let factors = unpack2x16float(bitcast<u32>(scales[o * (uniforms.I / uniforms.G) + i / uniforms.G]));
  return q * factors.x + factors.y;
}

fn weightAt(o: i32, i: i32) -> f32 {
  return weight4(o, i & ~3)[i & 3];
}
