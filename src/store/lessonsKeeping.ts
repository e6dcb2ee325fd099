/** What was learned, kept in the browser from visit to visit: steps done and what was foretold; small, and nobody's but the learner's. */
import { lessonIds } from "./controls.ts";
import { patch } from "./labStore.ts";
import type { LabStore } from "./labStore.ts";
import type { LessonsState, Prediction } from "./lessonsSlice.ts";

type Kept = Pick<LessonsState, "passed" | "predictions" | "name">;

const KEY = "elder-lab.lessons";

/** @param storage undefined where the browser gives none: nothing is kept then */
export function keepLessons(store: LabStore, storage: Pick<Storage, "getItem" | "setItem"> | undefined): void {
  const before = read(storage);
  if (before) patch(store, "lessons", before);
  store.subscribe(({ lessons }, { lessons: old }) => {
    const { passed, predictions, name } = lessons;
    if (passed === old.passed && predictions === old.predictions && name === old.name) return;
    write(storage, { passed, predictions, name });
  });
}

function write(storage: Pick<Storage, "setItem"> | undefined, kept: Kept): void {
  try {
    storage?.setItem(KEY, JSON.stringify(kept));
  } catch {
    // Full or blocked: the lessons go on, and begin anew at the next visit.
  }
}

/** Null for what this page has not written. */
function read(storage: Pick<Storage, "getItem"> | undefined): Kept | null {
  try {
    const kept: unknown = JSON.parse(storage?.getItem(KEY) ?? "null");
    const { passed, predictions, name } = fieldsOf(kept);
    if (!isTexts(passed) || !Array.isArray(predictions) || !predictions.every(isPrediction) || typeof name !== "string") return null;
    return { passed, predictions, name };
  } catch {
    return null;
  }
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every((text) => typeof text === "string");

function isPrediction(value: unknown): value is Prediction {
  const { name, lesson, step, choice, right } = fieldsOf(value);
  const known = lessonIds.some((id) => id === lesson);
  return known && isTexts([name, step, choice]) && (right === null || typeof right === "boolean");
}
