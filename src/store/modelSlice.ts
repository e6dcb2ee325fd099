import type { ErrorFacts } from "../lib/errors.ts";
import type { LoadProgress, ModelFacts } from "../engine/protocol.ts";
import { builtIn } from "./sourceRef.ts";
import type { LoadRequest } from "./sourceRef.ts";

export interface ModelState {
  readonly status: "none" | "loading" | "ready" | "failed" | "cancelled";
  /** Being loaded, or the last that was asked for. */
  readonly request: LoadRequest;
  /** The one in use. */
  readonly loaded: LoadRequest | null;
  readonly progress: LoadProgress | null;
  /** Asked for by the person; `progress.state` says whether the download has stopped. */
  readonly pausing: boolean;
  readonly facts: ModelFacts | null;
  /** Why the last load led to nothing, `cancelled` included; the model before it may still be in use. */
  readonly error: ErrorFacts | null;
  /** New settings are being applied. */
  readonly configuring: boolean;
  readonly settingsError: ErrorFacts | null;
}

export const initialModel: ModelState = {
  status: "none",
  request: builtIn("int8"),
  loaded: null,
  progress: null,
  pausing: false,
  facts: null,
  error: null,
  configuring: false,
  settingsError: null,
};

export function loadStarted(model: ModelState, request: LoadRequest): ModelState {
  return { ...model, status: "loading", request, loaded: null, progress: null, pausing: false, facts: null, error: null };
}

export function loadFailed(model: ModelState, error: ErrorFacts): ModelState {
  return { ...model, status: error.code === "cancelled" ? "cancelled" : "failed", error };
}

/** Share of the model's bytes read so far, 0 to 1; null while the total is unknown. */
export function loadedShare(progress: LoadProgress | null): number | null {
  if (progress === null || progress.totalBytes <= 0) return null;
  return Math.min(1, Math.max(0, progress.loadedBytes / progress.totalBytes));
}
