// out[i] = w[state[which], i] + other[i]: a row of a table for the present token (which = 0) or position (1).
// state: token, position; w (O, I) packed; other, result (I). One thread: one element.
fn main() {
  let i = i32(globalId.x);
  if (i < uniforms.I) {
    result[i] = weightAt(state[uniforms.which], i) + other[i];
  }
}
