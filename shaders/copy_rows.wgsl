// result[start + n, c] = x[n, c]; the other rows stay. x (N, C), result (S, C). One thread: one element.
fn main() {
  let c = i32(globalId.x);
  let n = i32(workgroupId.y);
  if (c < uniforms.C && uniforms.start + n < uniforms.S) {
    result[(uniforms.start + n) * uniforms.C + c] = x[n * uniforms.C + c];
  }
}
