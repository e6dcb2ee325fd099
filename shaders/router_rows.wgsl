// Router outputs by rows, (B, L, 3E): probabilities | gates (s where picked, else 0) | picked (1 or 0).
fn store(b: i32, layer: i32, e: i32, s: f32, picked: f32) {
  let at = (b * uniforms.L + layer) * uniforms.P + e;
  result[at] = s;
  result[at + uniforms.E] = s * picked;
  result[at + 2 * uniforms.E] = picked;
}
