// Rotary positions, halves paired: (a, b) at (j, j + F) of a head of 2F turn by the angle of (position, j).
// x (N, C) with C = heads * 2F, positions (N), table (S, D) with D = 2F: cosines | sines of position s; result (N, C).
// direction -1 turns back. The table comes from the host: a shader's sine is only good near zero. One thread: one element.
fn main() {
  let c = i32(globalId.x);
  let n = i32(workgroupId.y);
  if (c >= uniforms.C) {
    return;
  }
  let half = uniforms.D / 2;
  let j = c % uniforms.D;
  let angle = positions[n] * uniforms.D + j % half;
  let cosine = table[angle];
  let sine = table[angle + half] * uniforms.direction;
  let at = n * uniforms.C + c;
  if (j < half) {
    result[at] = x[at] * cosine - x[at + half] * sine;
  } else {
    result[at] = x[at] * cosine + x[at - half] * sine;
  }
}
