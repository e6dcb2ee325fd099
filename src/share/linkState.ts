import type { ControlId, LessonId, RegionId } from "../store/controls.ts";
import type { GenerateOptions } from "../store/promptSlice.ts";
import type { ModelVariant } from "../store/sourceRef.ts";

/** Methods that a person edits with. */
export const sharedMethods = ["paper", "improved"] as const;
export type SharedMethod = (typeof sharedMethods)[number];

/** Weights that whoever opens the link can get as well. */
export type SharedModel =
  | { readonly kind: "built-in"; readonly variant: ModelVariant }
  | {
      readonly kind: "hub";
      /** owner/name */
      readonly id: string;
      /** A commit, so that both have the same weights. */
      readonly revision: string;
      readonly precision: "stored" | 8 | 4;
      /** One of several GGUF files. */
      readonly file?: string;
    };

export interface SharedEdit {
  readonly prompt: string;
  readonly answer: string;
  readonly rephrasings: readonly string[];
  readonly subject?: string;
  /** Switched off. */
  readonly off?: true;
  /** Factor on its adapters, where it is not 1. */
  readonly strength?: number;
}

/** A setting's name with its value, where it differs from what the model starts with; the seed is beside it. */
export type SharedSettings = Readonly<Record<string, number | string | readonly number[]>>;

/** What came out for the one who shared, as checksums of 32 bits. */
export interface Expected {
  readonly codes: number;
  readonly answers: number;
}

/** All that rebuilds what someone shares, and how it is shown. */
export interface LinkState {
  readonly model: SharedModel;
  readonly method: SharedMethod;
  readonly settings: SharedSettings;
  readonly seed: number;
  /** In the order of editing. */
  readonly edits: readonly SharedEdit[];
  readonly prompt: string;
  /** Where they differ from those of a fresh page. */
  readonly decoding: Partial<GenerateOptions>;
  /** The area of the screen to begin at; null for the top. */
  readonly view: RegionId | null;
  /** `step` counts from 0. */
  readonly lesson: { readonly id: LessonId; readonly step: number } | null;
  readonly hidden: readonly ControlId[];
  readonly locked: readonly ControlId[];
  /** Null where nothing is there to compare with. */
  readonly expected: Expected | null;
}

/** What a link may hold at most: enough for a class, too little to harm. */
export const linkLimits = {
  /** Of the fragment. */
  characters: 32_768,
  /** Of the text before compression. */
  bytes: 131_072,
  edits: 200,
  rephrasings: 32,
  promptCharacters: 4_000,
  answerCharacters: 1_000,
  nameCharacters: 300,
  steps: 99,
} as const;

/** What ten edits with two rephrasings each should stay under, in characters: mail and chat programs carry links of this length. */
export const COMFORTABLE_CHARACTERS = 2048;
