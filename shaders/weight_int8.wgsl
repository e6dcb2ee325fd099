// Weight access, int8: w (O, I/4) words, lowest byte first; scales f16 pairs, (O, I/G) flat.
// weight = (byte - 128) * scale
fn scaleAt(o: i32, i: i32) -> f32 {
  let s = o * (uniforms.I / uniforms.G) + i / uniforms.G;
  return unpack2x16float(bitcast<u32>(scales[s >> 1u]))[s & 1];
}

// Four weights along I from i (a multiple of 4).
fn weight4(o: i32, i: i32) -> vec4<f32> {
  let word = bitcast<u32>(w[(o * uniforms.I + i) >> 2u]);
  let q = vec4<f32>(vec4<u32>(word, word >> 8u, word >> 16u, word >> 24u) & vec4<u32>(255u));
  return (q - 128.0) * scaleAt(o, i);
}

fn weightAt(o: i32, i: i32) -> f32 {
  return weight4(o, i & ~3)[i & 3];
}
