// What a decoding product does with its sum v at output o: 0 nothing, 1 other[o] + v, 2 f(v), 3 f(other[o]) * v;
// f is the activation number `kind`.
fn finished(o: i32, v: f32) -> f32 {
  switch (uniforms.epilogue) {
    case 1: { return other[o] + v; }
    case 2: { return valueAt(uniforms.kind, v); }
    case 3: { return valueAt(uniforms.kind, other[o]) * v; }
    default: { return v; }
  }
}
