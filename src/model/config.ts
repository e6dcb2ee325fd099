import type { ActivationName } from "../kernels/activation.ts";
import { EngineError } from "../lib/errors.ts";

/** What the forward pass needs of a config.json, one form for every architecture. */
export interface ModelConfig {
  readonly architecture: string;
  /** Blocks. */
  readonly layers: number;
  /** C. */
  readonly hiddenSize: number;
  /** H. */
  readonly heads: number;
  /** Key and value heads; H unless queries are grouped. */
  readonly kvHeads: number;
  /** D. */
  readonly headSize: number;
  /** V. */
  readonly vocabularySize: number;
  /** Longest sequence, tokens. */
  readonly contextLength: number;
  readonly normEps: number;
  readonly activation: ActivationName;
  /** Factor on the attention scores of each layer, (layers). */
  readonly attentionScales: readonly number[];
  /** Inverse frequencies of rotary positions, (D / 2); absent with learned positions. */
  readonly ropeFrequencies?: readonly number[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads typed fields of a config.json and names what is wrong. */
export class ConfigReader {
  readonly #fields: Fields;
  readonly #path: string;

  constructor(json: unknown, path = "config.json") {
    if (typeof json !== "object" || json === null || Array.isArray(json)) throw badConfig(path, "itself", json, "an object");
    this.#fields = json as Fields;
    this.#path = path;
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined && this.#fields[name] !== null;
  }

  /** A whole number of at least 1. */
  count(name: string, fallback?: number): number {
    const value = this.#read(name, fallback);
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 1 || value > 2 ** 31)
      throw badConfig(this.#path, name, value, "a whole number from 1");
    return value;
  }

  positive(name: string, fallback?: number): number {
    const value = this.#read(name, fallback);
    if (typeof value !== "number" || !Number.isFinite(value) || value <= 0) throw badConfig(this.#path, name, value, "a number above 0");
    return value;
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.#read(name, fallback);
    if (typeof value !== "boolean") throw badConfig(this.#path, name, value, "true or false");
    return value;
  }

  text(name: string, fallback?: string): string {
    const value = this.#read(name, fallback);
    if (typeof value !== "string") throw badConfig(this.#path, name, value, "a text");
    return value;
  }

  child(name: string): ConfigReader | undefined {
    return this.has(name) ? new ConfigReader(this.#fields[name], `${this.#path}, ${name}`) : undefined;
  }

  #read(name: string, fallback: unknown): unknown {
    return this.has(name) ? this.#fields[name] : fallback;
  }
}

export function badConfig(path: string, name: string, got: unknown, expected: string): EngineError {
  return new EngineError(
    "bad-config",
    `${path}: ${name} is ${JSON.stringify(got) ?? "missing"}, expected ${expected}.`,
    "Use the config.json that belongs to the weights.",
  );
}

const ACTIVATION_NAMES: Readonly<Record<string, ActivationName>> = {
  gelu_new: "gelu_new",
  gelu_pytorch_tanh: "gelu_new",
  gelu_fast: "gelu_new",
  gelu: "gelu",
  relu: "relu",
  silu: "silu",
  swish: "silu",
};

/** @throws EngineError `unsupported-architecture` for an activation we do not have. */
export function activationNamed(name: string): ActivationName {
  const found = Object.hasOwn(ACTIVATION_NAMES, name) ? ACTIVATION_NAMES[name] : undefined;
  if (found) return found;
  throw new EngineError(
    "unsupported-architecture",
    `config.json: the activation ${JSON.stringify(name)} is not supported.`,
    `Supported: ${Object.keys(ACTIVATION_NAMES).join(", ")}.`,
  );
}

/** @throws EngineError `bad-config` when heads do not divide the width or each other. */
export function checkHeads(hiddenSize: number, heads: number, kvHeads: number, headSize: number): void {
  if (heads % kvHeads !== 0) throw badConfig("config.json", "num_key_value_heads", kvHeads, `a divisor of the ${heads} heads`);
  if (!Number.isInteger(headSize)) throw badConfig("config.json", "heads", heads, `a divisor of the hidden size ${hiddenSize}`);
}
