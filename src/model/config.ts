import type { ActivationName } from "../kernels/activation.ts";
import { EngineError } from "../lib/errors.ts";
import { shown } from "../weights/strictJson.ts";

/** A linear layer of every block. */
export interface LinearShape {
  /** O. */
  readonly rows: number;
  /** I. */
  readonly columns: number;
  readonly bias: boolean;
}

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
  /** Longest sequence, tokens: the model's own, or `limits.context` where that is less. */
  readonly contextLength: number;
  readonly normEps: number;
  readonly activation: ActivationName;
  /** Whether the head reads the token embedding. */
  readonly tiedHead: boolean;
  /** The linear modules of a block by their names. */
  readonly linears: Readonly<Record<string, LinearShape>>;
  /** Factor on the attention scores of each layer, (layers). */
  readonly attentionScales: readonly number[];
  /** Inverse frequencies of rotary positions, (D / 2); absent with learned positions. */
  readonly ropeFrequencies?: readonly number[];
}

/** The most of each that is accepted, so that a made-up configuration cannot take the memory of the page. */
export const limits = {
  layers: 1024,
  hiddenSize: 65_536,
  innerSize: 1_048_576,
  heads: 1024,
  /** Threads of the attention kernels hold this much of a head. */
  headSize: 256,
  vocabulary: 4_194_304,
  /** Tokens. Longer contexts are cut to this: their keys and values would fit no tab, and the rotary table is made in advance. */
  context: 32_768,
} as const;

type Fields = Readonly<Record<string, unknown>>;

export interface ReaderOptions {
  /** Where the fields come from, for messages. */
  readonly path?: string;
  /** What stands before every field's name there. */
  readonly prefix?: string;
  readonly hint?: string;
}

/** Reads typed fields of a config.json, or of metadata alike, and names what is wrong. Null counts as missing. */
export class ConfigReader {
  readonly #fields: Fields;
  readonly #path: string;
  readonly #prefix: string;
  readonly #hint: string;

  constructor(json: unknown, options: ReaderOptions = {}) {
    this.#path = options.path ?? "config.json";
    this.#prefix = options.prefix ?? "";
    this.#hint = options.hint ?? "Use the config.json that belongs to the weights.";
    if (typeof json !== "object" || json === null || Array.isArray(json)) throw this.bad("itself", json, "an object");
    this.#fields = json as Fields;
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined && this.#fields[name] !== null;
  }

  /** Whether the field is the number 0. */
  isZero(name: string): boolean {
    return this.#fields[name] === 0;
  }

  /** A whole number from 1 to `most`. */
  count(name: string, most: number, fallback?: number): number {
    return this.#whole(name, 1, most, fallback);
  }

  /** Like count, from 0. */
  countOrNone(name: string, most: number): number {
    return this.#whole(name, 0, most, 0);
  }

  positive(name: string, fallback?: number): number {
    const value = this.#read(name, fallback);
    if (typeof value !== "number" || !Number.isFinite(value) || value <= 0) throw this.bad(name, value, "a number above 0");
    return value;
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.#read(name, fallback);
    if (typeof value !== "boolean") throw this.bad(name, value, "true or false");
    return value;
  }

  text(name: string, fallback?: string): string {
    const value = this.#read(name, fallback);
    if (typeof value !== "string") throw this.bad(name, value, "a text");
    return value;
  }

  /** Empty where the field is missing. */
  texts(name: string): readonly string[] {
    const value = this.#read(name, []);
    if (!Array.isArray(value) || !value.every((one) => typeof one === "string")) throw this.bad(name, value, "a list of texts");
    return value;
  }

  /** Numbers above 0, `length` of them. */
  positives(name: string, length: number): readonly number[] {
    const value: unknown = this.#read(name, undefined);
    const good = Array.isArray(value) && value.length === length && value.every((one) => Number.isFinite(one) && one > 0);
    if (!good) throw this.bad(name, value, `${length} numbers above 0`);
    return value as number[];
  }

  child(name: string): ConfigReader | undefined {
    if (!this.has(name)) return undefined;
    return new ConfigReader(this.#fields[name], { path: `${this.#path}, ${this.#prefix}${name}`, hint: this.#hint });
  }

  /** The error of a field that is not as expected. */
  bad(name: string, got: unknown, expected: string): EngineError {
    return new EngineError("bad-config", this.#describe(name, got, expected), this.#hint);
  }

  /** The error of a field that asks for what the forward pass lacks. */
  unsupported(name: string, expected: string, hint = "Choose another model."): EngineError {
    return new EngineError("unsupported-architecture", this.#describe(name, this.#fields[name], expected), hint);
  }

  #whole(name: string, least: number, most: number, fallback: number | undefined): number {
    const value = this.#read(name, fallback);
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most) return value;
    throw this.bad(name, value, `a whole number from ${least} to ${most}`);
  }

  #describe(name: string, got: unknown, expected: string): string {
    return `${this.#path}: ${this.#prefix}${name} is ${got === undefined ? "missing" : shown(got)}, expected ${expected}.`;
  }

  #read(name: string, fallback: unknown): unknown {
    return this.has(name) ? this.#fields[name] : fallback;
  }
}

/** "a, b or c" */
export const listed = (names: readonly string[]): string => names.join(", ").replace(/, (?=[^,]*$)/, " or ");

const activationNames: Readonly<Record<string, ActivationName>> = {
  gelu_new: "gelu_new",
  gelu_pytorch_tanh: "gelu_new",
  gelu_fast: "gelu_new",
  gelu_accurate: "gelu_new",
  gelu: "gelu",
  gelu_python: "gelu",
  relu: "relu",
  silu: "silu",
  swish: "silu",
};

/** @throws EngineError `unsupported-architecture` for an activation we do not have. */
export function readActivation(json: ConfigReader, name: string, fallback: string): ActivationName {
  const asked = json.text(name, fallback);
  const found = Object.hasOwn(activationNames, asked) ? activationNames[asked] : undefined;
  if (found) return found;
  throw json.unsupported(name, listed(Object.keys(activationNames)));
}

/** @throws EngineError `bad-config` when heads do not divide the width or each other, `unsupported-architecture` when they are too wide. */
export function checkHeads(json: ConfigReader, config: Pick<ModelConfig, "hiddenSize" | "heads" | "kvHeads" | "headSize">): void {
  const { hiddenSize, heads, kvHeads, headSize } = config;
  if (heads % kvHeads !== 0) throw json.bad("num_key_value_heads", kvHeads, `a divisor of the ${heads} heads`);
  if (!Number.isInteger(headSize)) throw json.bad("heads", heads, `a divisor of the hidden size ${hiddenSize}`);
  if (headSize <= limits.headSize) return;
  throw new EngineError(
    "unsupported-architecture",
    `The model's heads are ${headSize} wide, expected at most ${limits.headSize}.`,
    "The attention kernels hold no wider heads: choose another model.",
  );
}
