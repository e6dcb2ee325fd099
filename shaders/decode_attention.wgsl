// One new token's attention over a cache that it joins: with s = state[1] its position, keys[s] = turn(k), values[s] = v, and
// y[h] = softmax over s' <= s of (scale turn(q[h]) . keys[s', h']) of values[s', h'], h' = h / (H / kv heads).
// q, k, v: vectors, read from qAt, kAt, vAt on; keys, values (S, K); state: token, position; result (C), C = H * D; D <= 256.
// One workgroup of 64 threads: one head; keys go through in chunks of 64 with a running maximum.
// Keys and values are gone through as attend_keys.wgsl says.
var<workgroup> ownQuery: array<f32, 256>;
var<workgroup> ownKey: array<f32, 256>;

// The token's own key and value come from here: another workgroup may be writing them to the cache.
fn scoreAt(row: i32, head: i32, s: i32) -> f32 {
  var dotted = 0.0;
  if (s == row) {
    for (var d = 0; d < uniforms.D; d++) {
      dotted += ownQuery[d] * ownKey[d];
    }
    return dotted;
  }
  let keyBase = s * uniforms.K + kvColumn(head);
  for (var d = 0; d < uniforms.D; d++) {
    dotted += ownQuery[d] * keys[keyBase + d];
  }
  return dotted;
}

fn valueAt(row: i32, head: i32, s: i32, d: i32) -> f32 {
  if (s == row) {
    return v[uniforms.vAt + kvColumn(head) + d];
  }
  return values[s * uniforms.K + kvColumn(head) + d];
}

fn main() {
  let thread = i32(localIndex);
  let head = i32(workgroupId.x);
  let column = kvColumn(head);
  // A state that never arrived may hold anything: the cache has an end all the same.
  let last = clamp(state[1], 0, uniforms.S - 1);
  let own = last * uniforms.K + column;
  for (var d = thread; d < uniforms.D; d += 64) {
    ownQuery[d] = turned(d, last, q[uniforms.qAt + head * uniforms.D + d], q[uniforms.qAt + head * uniforms.D + partner(d)]);
    ownKey[d] = turned(d, last, k[uniforms.kAt + column + d], k[uniforms.kAt + column + partner(d)]);
    if (head % (uniforms.C / uniforms.K) == 0) {
      keys[own + d] = ownKey[d];
      values[own + d] = v[uniforms.vAt + column + d];
    }
  }
  workgroupBarrier();
  writeHead(thread, head * uniforms.D, attendKeys(thread, last, head, last));
}
