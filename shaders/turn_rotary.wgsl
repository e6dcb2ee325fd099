// Rotary positions of one head, halves paired, as in rope.wgsl; table (P, D): cosines | sines of each position.
fn partner(d: i32) -> i32 {
  let half = uniforms.D / 2;
  return select(d - half, d + half, d < half);
}

fn turned(d: i32, position: i32, own: f32, other: f32) -> f32 {
  let half = uniforms.D / 2;
  let angle = position * uniforms.D + d % half;
  return own * table[angle] + select(other, -other, d < half) * table[angle + half];
}
