// y = f(x), f by number; see activation_functions.wgsl. x, result (N, C). One thread: one element.
fn main() {
  let c = i32(globalId.x);
  if (c < uniforms.C) {
    let at = i32(workgroupId.y) * uniforms.C + c;
    result[at] = valueAt(uniforms.kind, x[at]);
  }
}
