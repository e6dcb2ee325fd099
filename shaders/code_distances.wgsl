// Hamming distances by popcount: result[n, s] = number of bits in which the code of row n differs from stored code s.
// routed (N, L, 3E) as router_rows.wgsl lays it out, whose picked flags are the code's bits in order (bit j of the code is
// bit j % 32 of word j / 32), codes (S, W) of such words, result (N, S). One workgroup of 64 threads: one row; W <= 256.
var<workgroup> words: array<u32, 256>;

fn main() {
  let thread = i32(localIndex);
  let n = i32(workgroupId.x);
  let experts = uniforms.P / 3;
  let bits = uniforms.L * experts;
  for (var word = thread; word < uniforms.W; word += 64) {
    var packed = 0u;
    for (var bit = word * 32; bit < min(word * 32 + 32, bits); bit++) {
      let picked = routed[(n * uniforms.L + bit / experts) * uniforms.P + 2 * experts + bit % experts];
      packed |= select(0u, 1u, picked != 0.0) << u32(bit % 32);
    }
    words[word] = packed;
  }
  workgroupBarrier();
  for (var s = thread; s < uniforms.S; s += 64) {
    var distance = 0u;
    for (var word = 0; word < uniforms.W; word++) {
      distance += countOneBits(words[word] ^ bitcast<u32>(codes[s * uniforms.W + word]));
    }
    result[n * uniforms.S + s] = f32(distance);
  }
}
