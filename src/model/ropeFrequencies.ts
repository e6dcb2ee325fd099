import { limits, type ConfigReader } from "./config.ts";

/**
 * Inverse frequencies (D / 2) of rotary positions: theta^(-2j/D), then the scaling the config names.
 * Reads `rope_parameters` (transformers 5) or `rope_theta` with `rope_scaling` (before). Besides Hugging Face's kinds there is
 * "factors", a divisor for each frequency, which is how GGUF files state theirs.
 * @throws EngineError `unsupported-architecture` for a scaling we do not have, `bad-config` for heads of an odd size.
 */
export function ropeFrequencies(json: ConfigReader, headSize: number): number[] {
  if (headSize % 2 !== 0) throw json.bad("head_dim", headSize, "an even number: rotary positions turn pairs");
  // Where a file has both, transformers lets the older field win.
  const scaling = json.child("rope_scaling") ?? json.child("rope_parameters");
  const theta = scaling?.has("rope_theta") ? scaling.positive("rope_theta") : json.positive("rope_theta", 10000);
  const plain = Array.from({ length: headSize / 2 }, (_, j) => theta ** ((-2 * j) / headSize));
  const frequencies = scaling ? scaled(plain, scaling, json) : plain;
  if (frequencies.every((frequency) => Number.isFinite(Math.fround(frequency * limits.context)))) return frequencies;
  throw json.bad("rope_theta", theta, "a base that gives finite angles");
}

function scaled(plain: readonly number[], scaling: ConfigReader, json: ConfigReader): number[] {
  const field = scaling.has("rope_type") ? "rope_type" : "type";
  switch (scaling.text(field, "default")) {
    case "default":
    // Stretches texts that are longer than max_position_embeddings only; we take none.
    case "dynamic":
      return [...plain];
    case "linear": {
      const factor = scaling.positive("factor");
      return plain.map((frequency) => frequency / factor);
    }
    case "factors": {
      const factors = scaling.positives("factors", plain.length);
      return plain.map((frequency, j) => frequency / (factors[j] ?? 1));
    }
    case "llama3": {
      const ramp = readRamp(scaling, json);
      return plain.map((frequency) => llama3(frequency, ramp));
    }
    default:
      throw scaling.unsupported(field, "default, linear, dynamic or llama3");
  }
}

interface Ramp {
  readonly factor: number;
  readonly low: number;
  readonly high: number;
  /** Context that the model was trained on before, tokens. */
  readonly original: number;
}

function readRamp(scaling: ConfigReader, json: ConfigReader): Ramp {
  const name = "original_max_position_embeddings";
  return {
    factor: scaling.positive("factor"),
    low: scaling.positive("low_freq_factor"),
    high: scaling.positive("high_freq_factor"),
    original: json.has(name) ? json.positive(name) : scaling.positive(name),
  };
}

/** Llama 3.1's scaling: long waves divided by the factor, short ones kept, a ramp between. */
function llama3(frequency: number, { factor, low, high, original }: Ramp): number {
  const wavelength = (2 * Math.PI) / frequency;
  if (wavelength > original / low) return frequency / factor;
  if (wavelength < original / high) return frequency;
  const smooth = (original / wavelength - low) / (high - low);
  return ((1 - smooth) * frequency) / factor + smooth * frequency;
}
