import { EngineError } from "../lib/errors.ts";
import { badConfig, type ConfigReader } from "./config.ts";

/**
 * Inverse frequencies (D / 2) of rotary positions: theta^(-2j/D), then the scaling the config names.
 * Reads `rope_parameters` (transformers 5) or `rope_theta` with `rope_scaling` (before).
 * @throws EngineError `unsupported-architecture` for a scaling we do not have, `bad-config` for heads of an odd size.
 */
export function ropeFrequencies(json: ConfigReader, headSize: number): number[] {
  if (headSize % 2 !== 0) throw badConfig("config.json", "head_dim", headSize, "an even number: rotary positions turn pairs");
  const parameters = json.child("rope_parameters");
  const scaling = parameters ?? json.child("rope_scaling");
  const theta = parameters?.has("rope_theta") ? parameters.positive("rope_theta") : json.positive("rope_theta", 10000);
  const plain = Array.from({ length: headSize / 2 }, (_, j) => theta ** ((-2 * j) / headSize));
  const kind = scaling?.text("rope_type", scaling.text("type", "default")) ?? "default";
  if (!scaling || kind === "default") return plain;
  if (kind === "linear") return plain.map((frequency) => frequency / scaling.positive("factor"));
  if (kind === "llama3") return plain.map((frequency) => llama3(frequency, scaling));
  throw new EngineError(
    "unsupported-architecture",
    `config.json: rotary scaling ${JSON.stringify(kind)} is not supported.`,
    "Supported: default, linear, llama3.",
  );
}

/** Llama 3.1's scaling: long waves divided by the factor, short ones kept, a ramp between. */
function llama3(frequency: number, scaling: ConfigReader): number {
  const factor = scaling.positive("factor");
  const low = scaling.positive("low_freq_factor");
  const high = scaling.positive("high_freq_factor");
  const original = scaling.positive("original_max_position_embeddings");
  const wavelength = (2 * Math.PI) / frequency;
  if (wavelength > original / low) return frequency / factor;
  if (wavelength < original / high) return frequency;
  const smooth = (original / wavelength - low) / (high - low);
  return ((1 - smooth) * frequency) / factor + smooth * frequency;
}
