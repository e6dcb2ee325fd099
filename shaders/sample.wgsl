// Draws the next token. Kept are the topK largest logits (0: all; equals of the last stay), of those the most probable up
// to a share topP at the temperature; drawn is the largest of logit / temperature + Gumbel noise among the kept, which
// follows their softmax (Gumbel 1954), or the largest logit at temperature 0. Noise comes from seed, step and token alone.
// logits (V); state: token, position, step: the token is set, position and step grow by one.
// result (2 + 2 F): token, F most probable tokens | probability of the token, those of the F. One workgroup of 256 threads.
const THREADS = 256u;
var<workgroup> bestValues: array<f32, 256>;
var<workgroup> bestTokens: array<i32, 256>;

fn sumAll(value: f32) -> f32 {
  workgroupBarrier();
  bestValues[localIndex] = value;
  for (var half = THREADS / 2u; half > 0u; half >>= 1u) {
    workgroupBarrier();
    if (localIndex < half) {
      bestValues[localIndex] += bestValues[localIndex + half];
    }
  }
  workgroupBarrier();
  return bestValues[0];
}

// The largest over all threads; of equals the lowest token. Afterwards slot 0 has it.
fn bestAll(value: f32, token: i32) {
  workgroupBarrier();
  bestValues[localIndex] = value;
  bestTokens[localIndex] = token;
  for (var half = THREADS / 2u; half > 0u; half >>= 1u) {
    workgroupBarrier();
    if (localIndex < half) {
      let other = localIndex + half;
      if (bestValues[other] > bestValues[localIndex] || (bestValues[other] == bestValues[localIndex] && bestTokens[other] < bestTokens[localIndex])) {
        bestValues[localIndex] = bestValues[other];
        bestTokens[localIndex] = bestTokens[other];
      }
    }
  }
  workgroupBarrier();
}

// Order of floats as that of unsigned integers.
fn keyOf(value: f32) -> u32 {
  let bits = bitcast<u32>(value);
  return select(bits | 0x80000000u, ~bits, (bits >> 31u) == 1u);
}

// Mass (or, at sharpness 0, count) of the logits whose key is at least `least`.
fn massFrom(least: u32, highest: f32, sharpness: f32) -> f32 {
  var mass = 0.0;
  for (var i = localIndex; i < u32(uniforms.V); i += THREADS) {
    if (keyOf(logits[i]) >= least) {
      mass += exp(max((logits[i] - highest) * sharpness, -80.0));
    }
  }
  return sumAll(mass);
}

// The greatest key from which on the mass is at least `wanted`; never below `lowest`.
fn keyOfMass(wanted: f32, lowest: u32, highest: f32, sharpness: f32) -> u32 {
  var key = 0u;
  for (var bit = 0u; bit < 32u; bit++) {
    let tried = key | (0x80000000u >> bit);
    if (massFrom(max(tried, lowest), highest, sharpness) >= wanted) {
      key = tried;
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
    bestAll(value, token);
    lastValue = bestValues[0];
    lastToken = bestTokens[0];
    if (f == 0) {
      highest = lastValue;
      total = massFrom(0u, highest, 1.0);
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
      least = keyOfMass(uniforms.topP * massFrom(least, highest, sharpness), least, highest, sharpness);
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
    bestAll(value, token);
    chosen = bestTokens[0];
  }
  if (localIndex == 0u) {
    result[0] = f32(chosen);
    result[1 + uniforms.F] = exp(max(logits[chosen] - highest, -80.0)) / total;
    state[0] = chosen;
    state[1] += 1;
    state[2] += 1;
  }
}
