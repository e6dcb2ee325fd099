// The mixture's low-rank term: scale * sum_e gates[b, e] sum_r p[n, e, r] basis[e, r, column]
// p (N, R), gates (B, E), basis (R, columns); R = E * rank, row n belongs to sequence b = n / (N / B).
// Experts with a zero gate cost nothing.
fn lowRankTerm(row: i32, column: i32, columns: i32) -> f32 {
  let rank = uniforms.R / uniforms.E;
  let sequence = row / (uniforms.N / uniforms.B);
  var total = 0.0;
  for (var e = 0; e < uniforms.E; e++) {
    let gate = gates[sequence * uniforms.E + e];
    if (gate != 0.0) {
      var sum = 0.0;
      for (var r = e * rank; r < (e + 1) * rank; r++) {
        sum += p[row * uniforms.R + r] * basis[r * columns + column];
      }
      total += gate * sum;
    }
  }
  return uniforms.scale * total;
}

// The part of it in the ranks from `first` on, one in 16.
fn lowRankShare(row: i32, column: i32, columns: i32, first: i32) -> f32 {
  let rank = uniforms.R / uniforms.E;
  let sequence = row / (uniforms.N / uniforms.B);
  var total = 0.0;
  for (var r = first; r < uniforms.R; r += 16) {
    let gate = gates[sequence * uniforms.E + r / rank];
    if (gate != 0.0) {
      total += gate * p[row * uniforms.R + r] * basis[r * columns + column];
    }
  }
  return uniforms.scale * total;
}
