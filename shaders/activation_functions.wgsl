// The activations by number: 0 gelu (tanh form, "gelu_new"), 1 gelu (erf), 2 relu, 3 silu. value and slope at v.
// tanh and exp arguments are bounded: software adapters give NaN for large ones.
const SQRT_2_OVER_PI = 0.7978845608028654;

fn sigmoid(v: f32) -> f32 {
  return 1.0 / (1.0 + exp(clamp(-v, -80.0, 80.0)));
}

// Abramowitz and Stegun 7.1.26, absolute error below 1.5e-7.
fn erf(v: f32) -> f32 {
  let t = 1.0 / (1.0 + 0.3275911 * abs(v));
  let poly = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return sign(v) * (1.0 - poly * exp(-min(v * v, 80.0)));
}

fn geluTanh(v: f32) -> f32 {
  return tanh(clamp(SQRT_2_OVER_PI * (v + 0.044715 * v * v * v), -15.0, 15.0));
}

fn valueAt(kind: i32, v: f32) -> f32 {
  switch (kind) {
    case 0: { return 0.5 * v * (1.0 + geluTanh(v)); }
    case 1: { return 0.5 * v * (1.0 + erf(v * 0.7071067811865476)); }
    case 2: { return max(v, 0.0); }
    default: { return v * sigmoid(v); }
  }
}

fn slopeAt(kind: i32, v: f32) -> f32 {
  switch (kind) {
    case 0: {
      let t = geluTanh(v);
      return 0.5 * (1.0 + t) + 0.5 * v * (1.0 - t * t) * SQRT_2_OVER_PI * (1.0 + 3.0 * 0.044715 * v * v);
    }
    case 1: { return 0.5 * (1.0 + erf(v * 0.7071067811865476)) + v * 0.3989422804014327 * exp(-min(0.5 * v * v, 80.0)); }
    case 2: { return select(0.0, 1.0, v > 0.0); }
    default: { let s = sigmoid(v); return s * (1.0 + v * (1.0 - s)); }
  }
}
