// Eight weights along the input as two vectors, float16: w (O, I/2) words as vec4, the lower half of a word first.
alias GroupScale = f32;

fn octet(at: i32, scale: GroupScale) -> mat2x4<f32> {
  let words = bitcast<vec4<u32>>(w[at]);
  return mat2x4<f32>(
    vec4<f32>(unpack2x16float(words.x), unpack2x16float(words.y)),
    vec4<f32>(unpack2x16float(words.z), unpack2x16float(words.w)),
  );
}

// Inputs that share a scale: here all, and it is 1.
fn groupSize() -> i32 {
  return uniforms.I;
}

fn scaleAt(s: i32) -> GroupScale {
  return 1.0;
}
