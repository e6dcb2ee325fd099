import type { EditsFile } from "../engine/protocol.ts";
import type { EvaluationResult } from "../evaluation/results.ts";
import { EngineError, errorFacts } from "../lib/errors.ts";
import { createPauseSwitch } from "../lib/pauseSwitch.ts";
import type { EngineBinding } from "./bindEngine.ts";
import { noEdits, readEvaluationForm, runningOf } from "./evaluationSlice.ts";
import type { EvaluationForm } from "./evaluationSlice.ts";
import { patch, update } from "./labStore.ts";
import type { LabStore } from "./labStore.ts";

/** A file that was picked or dropped. */
export type TextFile = Pick<File, "name" | "size" | "text">;

export interface EvaluationActions {
  /** Shows or hides the setup; shown for the first time it reads the built-in edits. */
  showEvaluation(open: boolean): Promise<void>;
  chooseBuiltInEdits(): Promise<void>;
  chooseEditsFile(file: TextFile): Promise<void>;
  setEvaluationForm(form: Partial<EvaluationForm>): void;
  /** Evaluates the chosen method on the chosen edits; the person's own edits stay as they are. */
  startEvaluation(): Promise<void>;
  pauseEvaluation(paused: boolean): void;
  /** What was measured so far stays. */
  stopEvaluation(): void;
  removeRun(id: number): void;
  /** Puts back what was taken away last. */
  restoreRun(): void;
  /** The whole result of a run that came to its end; null for others. */
  resultOf(id: number): EvaluationResult | null;
}

export interface EvaluationParts {
  readonly store: LabStore;
  readonly engine: EngineBinding;
  readonly addressOf: (path: string) => string;
  /** @throws when there is no such text */
  readonly readText: (address: string) => Promise<string>;
}

const BUILT_IN = "edits/atlas.json";
/** All of CounterFact has 45 MB. */
const MOST_BYTES = 2 ** 28;

/** A text that is served beside the page. */
export async function fetchText(address: string): Promise<string> {
  const response = await fetch(address);
  if (!response.ok) {
    const message = `${address}: got HTTP ${response.status}, expected a set of edits.`;
    throw new EngineError("fetch-failed", message, "Try again, or pick a file of your own.");
  }
  return response.text();
}

export function createEvaluationActions({ store, engine, addressOf, readText }: EvaluationParts): EvaluationActions {
  let reading = new AbortController();
  let evaluating = new AbortController();
  let pause = createPauseSwitch();
  /** Beside the store: both are large. */
  let edits: EditsFile | null = null;
  const results = new Map<number, EvaluationResult>();

  /** The last choice wins. */
  const choose = async (name: string, builtIn: boolean, find: () => Promise<string>): Promise<void> => {
    reading.abort();
    const { signal } = (reading = new AbortController());
    edits = null;
    patch(store, "evaluation", { edits: { ...noEdits, status: "reading", builtIn, name } });
    try {
      const file = { name, text: await find() };
      if (signal.aborted || !(await engine.readEdits(file, signal))) return;
      edits = file;
    } catch (thrown) {
      if (signal.aborted) return;
      const error = errorFacts(thrown);
      update(store, "evaluation", (state) => ({ ...state, edits: { ...state.edits, status: "failed", error } }));
    }
  };

  const actions: EvaluationActions = {
    async showEvaluation(open) {
      patch(store, "evaluation", { open });
      if (open && store.getState().evaluation.edits.status === "none") await actions.chooseBuiltInEdits();
    },

    chooseBuiltInEdits: () => choose("atlas.json", true, () => readText(addressOf(BUILT_IN))),
    chooseEditsFile: (file) => choose(file.name, false, () => textOf(file)),
    setEvaluationForm: (form) => update(store, "evaluation", (state) => ({ ...state, form: { ...state.form, ...form } })),

    async startEvaluation() {
      const { evaluation, model, device } = store.getState();
      const read = readEvaluationForm(evaluation.form);
      const method = model.facts?.methods.find(({ id }) => id === (evaluation.form.method ?? id));
      const ready = model.status === "ready" && device.status === "ready";
      if (!ready || !model.facts || !method || !edits || "issues" in read || runningOf(evaluation)) return;
      const facts = { method: method.name, model: model.facts.name, edits: evaluation.edits.facts?.name ?? edits.name };
      [evaluating, pause] = [new AbortController(), createPauseSwitch()];
      const controls = { signal: evaluating.signal, pause };
      await engine.evaluate({ ...read.numbers, edits, method: method.id }, facts, controls, (id, result) => results.set(id, result));
      await engine.measureMemory();
    },

    pauseEvaluation(paused) {
      if (!runningOf(store.getState().evaluation)) return;
      patch(store, "evaluation", { pausing: paused, held: false });
      pause.set(paused);
    },

    stopEvaluation: () => evaluating.abort(),

    removeRun(id) {
      const { runs, removed: before } = store.getState().evaluation;
      const removed = runs.find((run) => run.id === id && run.status !== "running");
      if (!removed) return;
      if (before) results.delete(before.id);
      patch(store, "evaluation", { runs: runs.filter((run) => run !== removed), removed });
    },

    restoreRun() {
      const { runs, removed } = store.getState().evaluation;
      if (removed) patch(store, "evaluation", { runs: [...runs, removed].sort((a, b) => a.id - b.id), removed: null });
    },

    resultOf: (id) => (store.getState().evaluation.runs.some((run) => run.id === id) ? (results.get(id) ?? null) : null),
  };
  return actions;
}

/** @throws EngineError `bad-edits` for one that is too large, `file-changed` */
export async function textOf(file: TextFile): Promise<string> {
  if (file.size > MOST_BYTES) {
    const message = `${file.name}: got ${Math.round(file.size / 1e6)} MB, expected a set of edits of at most ${Math.round(MOST_BYTES / 1e6)} MB.`;
    throw new EngineError("bad-edits", message, "Divide it into several files.");
  }
  try {
    return await file.text();
  } catch (cause) {
    const message = `${file.name}: it could not be read, expected what was picked.`;
    throw new EngineError("file-changed", message, "It was moved or may not be read: pick it again.", { cause });
  }
}
