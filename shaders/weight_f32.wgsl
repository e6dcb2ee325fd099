// Weight access, float32: w (O, I) row-major.
fn weightAt(o: i32, i: i32) -> f32 {
  return w[o * uniforms.I + i];
}

// Four weights along I from i (a multiple of 4); zero past the end.
fn weight4(o: i32, i: i32) -> vec4<f32> {
  let base = o * uniforms.I + i;
  if (i + 3 < uniforms.I) {
    return vec4<f32>(w[base], w[base + 1], w[base + 2], w[base + 3]);
  }
  var v = vec4<f32>(0.0);
  for (var j = 0; j < uniforms.I - i; j++) {
    v[j] = w[base + j];
  }
  return v;
}
