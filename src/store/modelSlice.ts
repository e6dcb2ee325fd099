import type { ErrorFacts } from "../lib/errors.ts";
import type { LoadProgress, ModelFacts } from "../engine/protocol.ts";

/** Precisions the built-in model is shipped in; each is a folder beside the others. */
export const modelVariants = ["int8", "int4"] as const;
export type ModelVariant = (typeof modelVariants)[number];

export interface ModelState {
  readonly status: "none" | "loading" | "ready" | "failed" | "cancelled";
  readonly variant: ModelVariant;
  readonly progress: LoadProgress | null;
  readonly facts: ModelFacts | null;
  readonly error: ErrorFacts | null;
  /** New settings are being applied. */
  readonly configuring: boolean;
  readonly settingsError: ErrorFacts | null;
}

export const initialModel: ModelState = {
  status: "none",
  variant: "int8",
  progress: null,
  facts: null,
  error: null,
  configuring: false,
  settingsError: null,
};

export function builtInModelPath(variant: ModelVariant): string {
  return `models/atlas/${variant}/manifest.json`;
}

/** Share of the model's bytes read so far, 0 to 1; null while the total is unknown. */
export function loadedShare(progress: LoadProgress | null): number | null {
  if (progress === null || progress.totalBytes <= 0) return null;
  return Math.min(1, Math.max(0, progress.loadedBytes / progress.totalBytes));
}
