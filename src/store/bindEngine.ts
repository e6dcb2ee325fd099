import type { EvaluationResult } from "../evaluation/results.ts";
import type {
  EditsFile,
  EngineClient,
  EvaluateParams,
  EvaluationStep,
  GenerateEvent,
  GenerateParams,
  LoadProgress,
  ModelSource,
  PauseSwitch,
  ProofStep,
  StorageFacts,
} from "../engine/protocol.ts";
import { answerDone, answerEvent, answerFailed } from "./answersSlice.ts";
import type { AnswerColumn } from "./answersSlice.ts";
import { checkDone, checkFailed, checkStarted } from "./choiceSlice.ts";
import { deviceFailed, deviceNoticed } from "./deviceSlice.ts";
import { bindLedger } from "./bindLedger.ts";
import type { LedgerBinding } from "./bindLedger.ts";
import { bindProjects } from "./bindProjects.ts";
import type { ProjectBinding } from "./bindProjects.ts";
import { evaluationDone, evaluationFailed, evaluationStarted, evaluationStep, runningOf } from "./evaluationSlice.ts";
import type { AskedRun } from "./evaluationSlice.ts";
import { patch, update } from "./labStore.ts";
import type { LabStore } from "./labStore.ts";
import { loadFailed, loadStarted } from "./modelSlice.ts";
import { proofFailed } from "./proofSlice.ts";
import { routed } from "./routingSlice.ts";
import type { RoutingFrames } from "./routingFrames.ts";
import { settle, unlessAborted } from "./settle.ts";
import type { LoadRequest, SourceRef } from "./sourceRef.ts";

export interface HoldControls {
  readonly signal: AbortSignal;
  readonly pause: PauseSwitch;
}

/** The engine's calls, with every event, result and error written to the store. None rejects; the boolean says whether it succeeded. */
export interface EngineBinding extends LedgerBinding, ProjectBinding {
  start(): Promise<boolean>;
  /** @param source the same with its files and its token, which the store never sees */
  check(ref: SourceRef, source: ModelSource, signal: AbortSignal): Promise<boolean>;
  load(request: LoadRequest, source: ModelSource, controls: HoldControls): Promise<boolean>;
  readStorage(): Promise<boolean>;
  remove(key: string): Promise<boolean>;
  putBack(key: string): Promise<boolean>;
  emptyBin(): Promise<boolean>;
  route(text: string, signal: AbortSignal): Promise<boolean>;
  generate(column: AnswerColumn, params: GenerateParams, signal: AbortSignal): Promise<boolean>;
  measureMemory(): Promise<boolean>;
  prove(all: boolean, signal: AbortSignal): Promise<boolean>;
  readEdits(edits: EditsFile, signal: AbortSignal): Promise<boolean>;
  /** @param keep given the result, which is too large for the store */
  evaluate(
    params: EvaluateParams,
    facts: Pick<AskedRun, "method" | "model" | "edits">,
    controls: HoldControls,
    keep: (run: number, result: EvaluationResult) => void,
  ): Promise<boolean>;
}

/** The one place where what the engine says becomes state. */
export function bindEngine(engine: EngineClient, store: LabStore, frames: RoutingFrames): EngineBinding {
  engine.onNotice((notice) => update(store, "device", (device) => deviceNoticed(device, notice)));

  const showGeneration = (column: AnswerColumn, text: string, event: GenerateEvent): void => {
    update(store, "answers", (answers) => ({ ...answers, [column]: answerEvent(answers[column], event) }));
    if (column !== "edited") return;
    if (event.kind === "token") return frames.append(event.piece, event.row);
    frames.show(event.trace);
    patch(store, "routing", routed(text, event.trace));
  };

  const changeStorage = (change: () => Promise<StorageFacts>): Promise<boolean> => {
    patch(store, "storage", { changing: true, error: null });
    return settle(
      change(),
      (facts) => patch(store, "storage", { facts, changing: false }),
      (error) => patch(store, "storage", { error, changing: false }),
    );
  };

  return {
    ...bindLedger(engine, store),
    ...bindProjects(engine, store),

    async start() {
      patch(store, "device", { status: "starting", error: null });
      return settle(
        engine.call("start", {}),
        (facts) => patch(store, "device", { status: "ready", facts }),
        (error) => update(store, "device", (device) => deviceFailed(device, error)),
      );
    },

    async check(ref, source, signal) {
      update(store, "choice", (choice) => checkStarted(choice, ref));
      return settle(
        engine.call("check", { source }, { signal }),
        unlessAborted(signal, (facts) => update(store, "choice", (choice) => checkDone(choice, facts))),
        unlessAborted(signal, (error) => update(store, "choice", (choice) => checkFailed(choice, error))),
      );
    },

    async load(request, source, { signal, pause }) {
      update(store, "model", (model) => loadStarted(model, request));
      const onEvent = unlessAborted(signal, (progress: LoadProgress) => patch(store, "model", { progress }));
      const { precision, keep } = request;
      return settle(
        engine.call("load", { source, keep, request, ...(precision === null ? {} : { precision }) }, { signal, pause, onEvent }),
        (facts) => patch(store, "model", { status: "ready", facts, loaded: request }),
        (error) => update(store, "model", (model) => loadFailed(model, error)),
      );
    },

    async readStorage() {
      return settle(
        engine.call("storage", {}),
        (facts) => patch(store, "storage", { facts, error: null }),
        (error) => patch(store, "storage", { error }),
      );
    },

    remove: (key) => changeStorage(() => engine.call("remove", { key })),
    putBack: (key) => changeStorage(() => engine.call("putBack", { key })),
    emptyBin: () => changeStorage(() => engine.call("emptyBin", {})),

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

    async readEdits(edits, signal) {
      return settle(
        engine.call("readEdits", { edits }, { signal }),
        unlessAborted(signal, (facts) =>
          update(store, "evaluation", (state) => ({ ...state, edits: { ...state.edits, status: "ready", facts } })),
        ),
        unlessAborted(signal, (error) =>
          update(store, "evaluation", (state) => ({ ...state, edits: { ...state.edits, status: "failed", error } })),
        ),
      );
    },

    async evaluate(params, facts, { signal, pause }, keep) {
      const { limit, every, seed } = params;
      update(store, "evaluation", (state) => evaluationStarted(state, { ...facts, limit, every, seed }));
      const id = runningOf(store.getState().evaluation)?.id ?? 0;
      const onEvent = (step: EvaluationStep): void => update(store, "evaluation", (state) => evaluationStep(state, step));
      return settle(
        engine.call("evaluate", params, { signal, pause, onEvent: unlessAborted(signal, onEvent) }),
        (result) => {
          keep(id, result);
          update(store, "evaluation", evaluationDone);
        },
        (error) => update(store, "evaluation", (state) => evaluationFailed(state, error)),
      );
    },
  };
}

function ignore(): void {}
