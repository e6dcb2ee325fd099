// The picked experts' term of one output: scale * sum_k gates[k] sum_r p[k, r] b[picked[k], r, o]
// p (M), M = K * rank, picked and gates (K), b (R, O). Experts with a zero gate cost nothing.
fn pickedTerm(o: i32) -> f32 {
  let rank = uniforms.M / uniforms.K;
  var total = 0.0;
  for (var k = 0; k < uniforms.K; k++) {
    let gate = gates[k];
    if (gate != 0.0) {
      let first = picked[k] * rank;
      var sum = 0.0;
      for (var r = 0; r < rank; r++) {
        sum += p[k * rank + r] * b[(first + r) * uniforms.O + o];
      }
      total += gate * sum;
    }
  }
  return uniforms.scale * total;
}

// The part of it in the ranks from `first` on, one in 16.
fn pickedShare(first: i32, o: i32) -> f32 {
  let rank = uniforms.M / uniforms.K;
  var total = 0.0;
  for (var m = first; m < uniforms.M; m += 16) {
    let gate = gates[m / rank];
    if (gate != 0.0) {
      total += gate * p[m] * b[(picked[m / rank] * rank + m % rank) * uniforms.O + o];
    }
  }
  return uniforms.scale * total;
}
