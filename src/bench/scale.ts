import type { WeightFormat } from "../kernels/weight.ts";

/** float16 lies between int8 and float32 in every respect. */
const FORMATS: readonly WeightFormat[] = ["f32", "int8", "int4"];

/** How large the work is: as on a GPU, or as little as still tells something where a processor plays one. */
export interface Scale {
  readonly rounds: number;
  /** Milliseconds of one timed run. */
  readonly runMs: number;
  /** Inputs and outputs of the mixture layer. */
  readonly layer: { readonly inputs: number; readonly outputs: number };
  /** Formats of our weights that are measured. */
  readonly formats: readonly WeightFormat[];
  /** Those of them that are set against the loop over experts, too. */
  readonly loopedFormats: readonly WeightFormat[];
  /** Rows of the forward pass, and of forward and backward. */
  readonly forwardRows: readonly number[];
  readonly backwardRows: readonly number[];
  /** Widths, and the rows of a prompt, for the mixture over our own base product. */
  readonly widths: readonly number[];
  readonly prefillRows: number;
  /** Outputs for each input there: 4 in an MLP's first layer. */
  readonly widening: number;
  /** Adam steps in one timed training. */
  readonly trainingSteps: number;
  /** Products in one call of another runtime, whose calls cost more than a small product. */
  readonly productsPerCall: readonly number[];
  /** Tokens of one timed answer. */
  readonly decodeTokens: number;
  readonly copyBytes: number;
  readonly matvecSize: number;
  /** Copies of a weight of so many bytes that together exceed the last cache. */
  copiesOf(bytes: number): number;
}

/** No last-level cache of today's GPUs but the largest servers' holds this; those have 128 MB at most. */
const BEYOND_CACHE = 192 * 2 ** 20;
const MOST_COPIES = 160;

export interface ScaleOptions {
  readonly quick: boolean;
  readonly rounds?: number | undefined;
}

export function chooseScale(software: boolean, { quick, rounds }: ScaleOptions): Scale {
  const scale: Scale = software
    ? {
        rounds: quick ? 1 : 3,
        runMs: quick ? 1 : 8,
        layer: { inputs: 256, outputs: 1024 },
        formats: quick ? ["int4"] : FORMATS,
        loopedFormats: ["int4"],
        forwardRows: quick ? [1] : [1, 16, 128],
        backwardRows: quick ? [16] : [16, 64],
        widths: quick ? [768] : [768, 2048],
        prefillRows: quick ? 16 : 64,
        widening: 1,
        trainingSteps: quick ? 1 : 2,
        productsPerCall: quick ? [1] : [1, 16],
        decodeTokens: quick ? 6 : 16,
        copyBytes: 16 * 2 ** 20,
        matvecSize: quick ? 1024 : 2048,
        copiesOf: () => 2,
      }
    : {
        rounds: quick ? 8 : 30,
        runMs: quick ? 10 : 30,
        layer: { inputs: 768, outputs: 3072 },
        formats: FORMATS,
        loopedFormats: FORMATS,
        forwardRows: [1, 16, 128],
        backwardRows: [16, 64],
        widths: [768, 2048],
        prefillRows: 128,
        widening: 4,
        trainingSteps: 10,
        productsPerCall: [1, 16],
        decodeTokens: 48,
        copyBytes: 256 * 2 ** 20,
        matvecSize: 4096,
        copiesOf: (bytes) => Math.max(2, Math.min(MOST_COPIES, Math.ceil(BEYOND_CACHE / bytes))),
      };
  return rounds === undefined ? scale : { ...scale, rounds };
}
