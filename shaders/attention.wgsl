// Causal attention over a cache: y[n, h] = softmax_s(scale q[n, h] . keys[s, h']) values[s, h'], s <= start + n.
// q (N, C) with C = H * D; keys, values (S, K) with K = kv heads * D, h' = h / (H / kv heads); result (N, C).
// One workgroup of 64 threads: one row and head; keys go through in chunks of 64 with a running maximum; D <= 256.
// Keys and values are gone through as attend_keys.wgsl says.
// A workgroup's rows end together; read through memory so that the loop is provably uniform.
var<workgroup> lastKey: i32;

fn scoreAt(row: i32, head: i32, s: i32) -> f32 {
  let queryBase = row * uniforms.C + head * uniforms.D;
  let keyBase = s * uniforms.K + kvColumn(head);
  var dotted = 0.0;
  for (var d = 0; d < uniforms.D; d++) {
    dotted += q[queryBase + d] * keys[keyBase + d];
  }
  return dotted;
}

fn valueAt(row: i32, head: i32, s: i32, d: i32) -> f32 {
  return values[s * uniforms.K + kvColumn(head) + d];
}

fn main() {
  let thread = i32(localIndex);
  let n = i32(workgroupId.y);
  let head = i32(workgroupId.x);
  if (thread == 0) {
    lastKey = uniforms.start + n;
  }
  let last = workgroupUniformLoad(&lastKey);
  writeHead(thread, n * uniforms.C + head * uniforms.D, attendKeys(thread, n, head, last));
}
