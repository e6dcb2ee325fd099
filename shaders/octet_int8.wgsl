// Eight weights along the input as two vectors, int8: w (O, I/4) words as vec2, lowest byte first; weight = (byte - 128) *
// scale. Bytes stay where they lie in the word: a power of two beside the scale is cheaper than a shift, and as exact.
const PLACES = vec4<f32>(1.0, 0.00390625, 1.52587890625e-5, 1.0);

fn fourBytes(word: i32, scale: f32) -> vec4<f32> {
  return vec4<f32>(vec4<i32>(word & 0xff, word & 0xff00, word & 0xff0000, (word >> 24u) & 0xff)) * (PLACES * scale) - 128.0 * scale;
}

alias GroupScale = f32;

fn octet(at: i32, scale: GroupScale) -> mat2x4<f32> {
  let words = w[at];
  return mat2x4<f32>(fourBytes(words.x, scale), fourBytes(words.y, scale));
}

// Inputs that share a scale.
fn groupSize() -> i32 {
  return uniforms.G;
}

// Scale s of the scales (O, I/G) flat, f16 pairs.
fn scaleAt(s: i32) -> GroupScale {
  return unpack2x16float(bitcast<u32>(scales[s >> 1u]))[s & 1];
}
