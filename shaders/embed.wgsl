// out[n, i] = w[ids[n], i]
// ids (N), w (O, I) packed, result (N, I). One thread: one element.
fn main() {
  let i = i32(globalId.x);
  let n = i32(workgroupId.y);
  if (i < uniforms.I) {
    result[n * uniforms.I + i] = weightAt(ids[n], i);
  }
}
