import { errorFacts } from "../lib/errors.ts";
import type { ErrorFacts } from "../lib/errors.ts";
import type {
  EditDraft,
  EngineClient,
  GenerateEvent,
  GenerateParams,
  LoadProgress,
  MethodSettings,
  ProofStep,
  TrainingStep,
} from "../engine/protocol.ts";
import { answerDone, answerEvent, answerFailed } from "./answersSlice.ts";
import type { AnswerColumn } from "./answersSlice.ts";
import { deviceFailed, deviceNoticed } from "./deviceSlice.ts";
import { editsListed, trainingDone, trainingFailed, trainingStarted, trainingStep } from "./editSlice.ts";
import { patch, update } from "./labStore.ts";
import type { LabStore } from "./labStore.ts";
import { proofFailed } from "./proofSlice.ts";
import { routed } from "./routingSlice.ts";
import type { RoutingFrames } from "./routingFrames.ts";

/** The engine's calls, with every event, result and error written to the store. None rejects; the boolean says whether it succeeded. */
export interface EngineBinding {
  start(): Promise<boolean>;
  load(url: string, signal: AbortSignal): Promise<boolean>;
  route(text: string, signal: AbortSignal): Promise<boolean>;
  generate(column: AnswerColumn, params: GenerateParams, signal: AbortSignal): Promise<boolean>;
  edit(draft: EditDraft, signal: AbortSignal): Promise<boolean>;
  listEdits(): Promise<boolean>;
  configure(settings: MethodSettings): Promise<boolean>;
  clear(): Promise<boolean>;
  measureMemory(): Promise<boolean>;
  prove(all: boolean, signal: AbortSignal): Promise<boolean>;
}

/** The one place where what the engine says becomes state. */
export function bindEngine(engine: EngineClient, store: LabStore, frames: RoutingFrames): EngineBinding {
  engine.onNotice((notice) => update(store, "device", (device) => deviceNoticed(device, notice)));

  /** An answer that comes after its call was abandoned belongs to nobody. */
  const unlessAborted =
    <T>(signal: AbortSignal, use: (value: T) => void) =>
    (value: T): void => {
      if (!signal.aborted) use(value);
    };

  const showGeneration = (column: AnswerColumn, text: string, event: GenerateEvent): void => {
    update(store, "answers", (answers) => ({ ...answers, [column]: answerEvent(answers[column], event) }));
    if (column !== "edited") return;
    if (event.kind === "token") return frames.append(event.piece, event.row);
    frames.show(event.trace);
    patch(store, "routing", routed(text, event.trace));
  };

  return {
    async start() {
      patch(store, "device", { status: "starting", error: null });
      return settle(
        engine.call("start", {}),
        (facts) => patch(store, "device", { status: "ready", facts }),
        (error) => update(store, "device", (device) => deviceFailed(device, error)),
      );
    },

    async load(url, signal) {
      patch(store, "model", { status: "loading", progress: null, error: null, facts: null });
      const onEvent = unlessAborted(signal, (progress: LoadProgress) => patch(store, "model", { progress }));
      return settle(
        engine.call("load", { source: { kind: "manifest", url } }, { signal, onEvent }),
        (facts) => patch(store, "model", { status: "ready", facts }),
        (error) => patch(store, "model", error.code === "cancelled" ? { status: "cancelled" } : { status: "failed", error }),
      );
    },

    async route(text, signal) {
      return settle(
        engine.call("route", { text }, { signal }),
        unlessAborted(signal, (trace) => {
          frames.show(trace);
          patch(store, "routing", routed(text, trace));
        }),
        unlessAborted(signal, (error) => {
          if (error.code !== "cancelled") patch(store, "routing", { status: "failed", error });
        }),
      );
    },

    async generate(column, params, signal) {
      const onEvent = unlessAborted(signal, (event: GenerateEvent) => showGeneration(column, params.prompt, event));
      return settle(
        engine.call("generate", params, { signal, onEvent }),
        (result) => update(store, "answers", (answers) => ({ ...answers, [column]: answerDone(answers[column], result) })),
        (error) => update(store, "answers", (answers) => ({ ...answers, [column]: answerFailed(answers[column], error) })),
      );
    },

    async edit(draft, signal) {
      update(store, "edit", trainingStarted);
      const onEvent = unlessAborted(signal, (step: TrainingStep) => update(store, "edit", (edit) => trainingStep(edit, step)));
      return settle(
        engine.call("edit", { draft }, { signal, onEvent }),
        (facts) => update(store, "edit", (edit) => trainingDone(edit, facts)),
        (error) => update(store, "edit", (edit) => trainingFailed(edit, error)),
      );
    },

    async listEdits() {
      return settle(
        engine.call("edits", {}),
        (edits) => update(store, "edit", (edit) => editsListed(edit, edits)),
        (listError) => patch(store, "edit", { listError }),
      );
    },

    async configure(settings) {
      patch(store, "model", { configuring: true, settingsError: null });
      return settle(
        engine.call("configure", { settings }),
        (facts) => patch(store, "model", { configuring: false, facts }),
        (settingsError) => patch(store, "model", { configuring: false, settingsError }),
      );
    },

    async clear() {
      patch(store, "edit", { clearing: true, listError: null });
      return settle(
        engine.call("clear", {}),
        (facts) => {
          patch(store, "model", { facts });
          patch(store, "edit", { clearing: false, edits: [], lastEdit: null, status: "idle", curve: [], latest: null });
        },
        (listError) => patch(store, "edit", { clearing: false, listError }),
      );
    },

    async measureMemory() {
      // Memory is a side show: a failure leaves the last figures standing.
      return settle(engine.call("memory", {}), (memory) => patch(store, "device", { memory }), ignore);
    },

    async prove(all, signal) {
      patch(store, "proof", { status: "running", step: null, error: null });
      const onEvent = unlessAborted(signal, ({ done, kernels }: ProofStep) => patch(store, "proof", { step: { done, kernels } }));
      return settle(
        engine.call("prove", { all }, { signal, onEvent }),
        ({ device: facts, ...proven }) => {
          patch(store, "device", { facts });
          patch(store, "proof", { status: "done", facts: proven });
        },
        (error) => update(store, "proof", (proof) => proofFailed(proof, error)),
      );
    },
  };
}

async function settle<T>(call: Promise<T>, done: (result: T) => void, failed: (error: ErrorFacts) => void): Promise<boolean> {
  try {
    done(await call);
    return true;
  } catch (thrown) {
    failed(errorFacts(thrown));
    return false;
  }
}

function ignore(): void {}
