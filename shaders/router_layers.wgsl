// Router outputs for training: probabilities (B, L, E), then from `gates` on for each layer its gates (B, E) in Y places.
fn store(b: i32, layer: i32, e: i32, s: f32, picked: f32) {
  result[(b * uniforms.L + layer) * uniforms.E + e] = s;
  result[uniforms.gates + layer * uniforms.Y + b * uniforms.E + e] = s * picked;
}
