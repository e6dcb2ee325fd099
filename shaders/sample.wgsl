// Draws the next token. Kept are the topK largest logits (0: all; equals of the last stay), of those the most probable up
// to a share topP at the temperature; drawn is the largest of logit / temperature + Gumbel noise among the kept, which
// follows their softmax (Gumbel 1954), or the largest logit at temperature 0. Noise comes from seed, step and token alone.
// logits (V); state: token, position, step: the token is set, position and step grow by one.
// result (2 + 2 F): token, F most probable tokens | probability of the token, those of the F. One workgroup of 256 threads.
// Order of floats as that of unsigned integers.
fn keyOf(value: f32) -> u32 {
  let bits = bitcast<u32>(value);
  return select(bits | 0x80000000u, ~bits, (bits >> 31u) == 1u);
}

// Masses (or, at sharpness 0, counts) of the logits whose key is at least each of four.
fn massFrom(least: vec4<u32>, highest: f32, sharpness: f32) -> vec4<f32> {
  var mass = vec4<f32>(0.0);
  for (var i = localIndex; i < u32(uniforms.V); i += THREADS) {
    let own = exp(max((logits[i] - highest) * sharpness, -80.0));
    mass += select(vec4<f32>(0.0), vec4<f32>(own), vec4<u32>(keyOf(logits[i])) >= least);
  }
  return sumAll(mass);
}

// The greatest key from which on the mass is at least `wanted`, two bits a pass; never below `lowest`.
fn keyOfMass(wanted: f32, lowest: u32, highest: f32, sharpness: f32) -> u32 {
  var key = 0u;
  for (var shift = 30; shift >= 0; shift -= 2) {
    let tried = vec4<u32>(key) | (vec4<u32>(0u, 1u, 2u, 3u) << vec4<u32>(u32(shift)));
    let enough = massFrom(max(tried, vec4<u32>(lowest)), highest, sharpness) >= vec4<f32>(wanted);
    for (var j = 1; j < 4; j++) {
      if (enough[j]) {
        key = tried[j];
      }
    }
  }
  return max(key, lowest);
}

fn mixed(value: u32) -> u32 {
  let state = value * 747796405u + 2891336453u;
  let word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
  return (word >> 22u) ^ word;
}

fn gumbel(token: u32, step: u32) -> f32 {
  let bits = mixed(token ^ mixed(step ^ mixed(u32(uniforms.seed))));
  return -log(-log((f32(bits >> 9u) + 0.5) / 8388608.0));
}

fn main() {
  let step = u32(state[2]);
  var lastValue = 3.0e38;
  var lastToken = -1;
  var highest = 0.0;
  var total = 1.0;
  for (var f = 0; f < uniforms.F; f++) {
    var value = -3.4e38;
    var token = uniforms.V;
    for (var i = i32(localIndex); i < uniforms.V; i += i32(THREADS)) {
      let logit = logits[i];
      let later = logit < lastValue || (logit == lastValue && i > lastToken);
      if (later && (logit > value || token == uniforms.V)) {
        value = logit;
        token = i;
      }
    }
    let best = bestAll(value, token);
    lastValue = bestValues[best];
    lastToken = bestTokens[best];
    if (f == 0) {
      highest = lastValue;
      total = massFrom(vec4<u32>(0u), highest, 1.0).x;
    }
    if (localIndex == 0u) {
      result[1 + f] = f32(lastToken);
      result[2 + uniforms.F + f] = exp(max(lastValue - highest, -80.0)) / total;
    }
  }
  var chosen = i32(result[1]);
  if (uniforms.temperature > 0.0) {
    let sharpness = 1.0 / uniforms.temperature;
    var least = 0u;
    if (uniforms.topK > 0 && uniforms.topK < uniforms.V) {
      least = keyOfMass(f32(uniforms.topK), 0u, highest, 0.0);
    }
    if (uniforms.topP < 1.0) {
      least = keyOfMass(uniforms.topP * massFrom(vec4<u32>(least), highest, sharpness).x, least, highest, sharpness);
    }
    var value = -3.4e38;
    var token = uniforms.V;
    for (var i = i32(localIndex); i < uniforms.V; i += i32(THREADS)) {
      let noisy = logits[i] * sharpness + gumbel(u32(i), step);
      if (keyOf(logits[i]) >= least && (noisy > value || token == uniforms.V)) {
        value = noisy;
        token = i;
      }
    }
    chosen = bestTokens[bestAll(value, token)];
  }
  if (localIndex == 0u) {
    result[0] = f32(chosen);
    result[1 + uniforms.F] = exp(max(logits[chosen] - highest, -80.0)) / total;
    state[0] = chosen;
    state[1] += 1;
    state[2] += 1;
  }
}
