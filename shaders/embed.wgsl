// out[n, i] = w[ids[n] - first, i] where the table holds that row; the rest of the result stays.
// ids (N), w (O, I) packed, result (N, I). One thread: one element.
fn main() {
  let i = i32(globalId.x);
  let n = i32(workgroupId.y);
  let row = ids[n] - uniforms.first;
  if (i < uniforms.I && row >= 0 && row < uniforms.O) {
    result[n * uniforms.I + i] = weightAt(row, i);
  }
}
