// Eight weights along the input as two vectors, float32: w (O, I) as vec4, I a multiple of 8; octet o * I / 8 + k holds
// inputs 8 k to 8 k + 7 of output o.
alias GroupScale = f32;

fn octet(at: i32, scale: GroupScale) -> mat2x4<f32> {
  return mat2x4<f32>(w[2 * at], w[2 * at + 1]);
}

// Inputs that share a scale: here all, and it is 1.
fn groupSize() -> i32 {
  return uniforms.I;
}

fn scaleAt(s: i32) -> GroupScale {
  return 1.0;
}
