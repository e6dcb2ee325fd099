import { hammingDistance } from "../lib/hamming.ts";
import type { EditFacts, MethodSettings } from "../engine/protocol.ts";
import type { ExampleEdit, Examples } from "./examples.ts";
import type { LabState } from "./labStore.ts";

/** What the engine is doing for the person right now; calls run one after another. */
export type Activity = "starting" | "loading" | "opening" | "configuring" | "training" | "generating" | "stopped" | "idle";

export function activityOf({ device, model, projects, edit, ledger, answers }: LabState): Activity {
  if (device.status === "idle" || device.status === "starting") return "starting";
  if (device.status !== "ready") return "stopped";
  if (model.status === "loading") return "loading";
  if (model.status !== "ready") return "stopped";
  if (projects.work === "opening") return "opening";
  if (model.configuring || ledger.work === "rewriting") return "configuring";
  if (edit.status === "training") return "training";
  return isGenerating({ answers }) ? "generating" : "idle";
}

function isGenerating({ answers }: Pick<LabState, "answers">): boolean {
  return [answers.base, answers.edited].some(({ status }) => status === "queued" || status === "running");
}

export function lastEdit({ edit }: LabState): EditFacts | null {
  return edit.edits.find(({ id }) => id === edit.lastEdit) ?? null;
}

/** The shipped example an edit was made from; it brings prompts to try next. */
export function exampleFor(examples: Examples, edit: EditFacts): ExampleEdit | null {
  return examples.edits.find(({ prompt }) => prompt === edit.prompt) ?? null;
}

/** Codes of k bits a layer can differ in no more bits than these, which is fewer than L·N when k is small. */
export function largestDistance({ layers, experts, topK }: MethodSettings): number {
  return 2 * layers.length * Math.min(topK, experts - topK);
}

/** The stored code of an edit that differs least from `code`; null when it has none. */
export function nearestCode(codes: readonly (readonly number[])[], code: readonly number[]): readonly number[] | null {
  let best: readonly number[] | null = null;
  for (const candidate of codes) {
    if (best === null || hammingDistance(candidate, code) < hammingDistance(best, code)) best = candidate;
  }
  return best;
}

/** Whether nothing is under way that another model would break off. */
export function canChangeModel(state: LabState): boolean {
  const activity = activityOf(state);
  return state.device.status === "ready" && (activity === "idle" || activity === "stopped");
}
