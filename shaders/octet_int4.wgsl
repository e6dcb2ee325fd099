// Eight weights along the input as two vectors, int4: w (O, I/8) words, lowest nibble first; weight = (nibble - 8) * scale.
// Nibbles stay where they lie in the word: a power of two beside the scale is cheaper than a shift, and as exact.
const LOW_PLACES = vec4<f32>(1.0, 0.0625, 0.00390625, 0.000244140625);
const HIGH_PLACES = vec4<f32>(1.52587890625e-5, 9.5367431640625e-7, 5.9604644775390625e-8, 1.0);

alias GroupScale = f32;

fn octet(at: i32, scale: GroupScale) -> mat2x4<f32> {
  let word = w[at];
  let low = vec4<i32>(word) & vec4<i32>(0xf, 0xf0, 0xf00, 0xf000);
  let high = vec4<i32>(word & 0xf0000, word & 0xf00000, word & 0xf000000, (word >> 28u) & 0xf);
  return mat2x4<f32>(vec4<f32>(low) * (LOW_PLACES * scale) - 8.0 * scale, vec4<f32>(high) * (HIGH_PLACES * scale) - 8.0 * scale);
}

// Inputs that share a scale.
fn groupSize() -> i32 {
  return uniforms.G;
}

// Scale s of the scales (O, I/G) flat, f16 pairs.
fn scaleAt(s: i32) -> GroupScale {
  return unpack2x16float(bitcast<u32>(scales[s >> 1u]))[s & 1];
}
