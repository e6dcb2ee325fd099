import type { GenerateParams, Sampling } from "../engine/protocol.ts";

/** What the person chose for generation; sampled values are kept while greedy is on. */
export interface GenerateOptions {
  readonly maxTokens: number;
  readonly decoding: "greedy" | "sampled";
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly seed: number;
  readonly stopAtSentence: boolean;
}

export interface PromptState {
  readonly text: string;
  readonly options: GenerateOptions;
}

export const initialPrompt: PromptState = {
  text: "The capital of France is",
  options: { maxTokens: 24, decoding: "greedy", temperature: 0.8, topK: 40, topP: 0.95, seed: 1, stopAtSentence: true },
};

export const optionLimits = {
  maxTokens: { min: 1, max: 1024, integer: true },
  temperature: { min: 0.01, max: 10, integer: false },
  topK: { min: 1, max: 100_000, integer: true },
  topP: { min: 0.01, max: 1, integer: false },
  seed: { min: 0, max: 4_294_967_295, integer: true },
} as const;

export type NumericOption = keyof typeof optionLimits;

function samplingOf(options: GenerateOptions): Sampling {
  if (options.decoding === "greedy") return { kind: "greedy" };
  const { temperature, topK, topP, seed } = options;
  return { kind: "sampled", temperature, topK, topP, seed };
}

export function generateParams(prompt: string, options: GenerateOptions, edits: "auto" | "off"): GenerateParams {
  return { prompt, maxTokens: options.maxTokens, sampling: samplingOf(options), edits, stopAtSentence: options.stopAtSentence };
}
