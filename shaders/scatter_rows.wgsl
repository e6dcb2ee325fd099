// out[n, c] = sum over the m with rows[m] = n of x[m, c]: the gradient of gather_rows.
// x (M, C), rows (M), result (N, C). One thread: one element, added up in order.
fn main() {
  let c = i32(globalId.x);
  let n = i32(workgroupId.y);
  if (c >= uniforms.C) {
    return;
  }
  var sum = 0.0;
  for (var m = 0; m < uniforms.M; m++) {
    if (rows[m] == n) {
      sum += x[m * uniforms.C + c];
    }
  }
  result[n * uniforms.C + c] = sum;
}
