// out[m, c] = x[rows[m], c]
// x (N, C), rows (M), result (M, C). One thread: one element.
fn main() {
  let c = i32(globalId.x);
  let m = i32(workgroupId.y);
  if (c < uniforms.C) {
    result[m * uniforms.C + c] = x[rows[m] * uniforms.C + c];
  }
}
