// out[i] = w[state[which] - first, i] + other[i] where the table holds that row, else nothing: for the present token
// (which = 0) or position (1).
// state: token, position; w (O, I) packed; other, result (I). One thread: one element.
fn main() {
  let i = i32(globalId.x);
  let row = state[uniforms.which] - uniforms.first;
  if (i < uniforms.I && row >= 0 && row < uniforms.O) {
    result[i] = weightAt(row, i) + other[i];
  }
}
