import { EngineError, throwIfCancelled } from "../../lib/errors.ts";
import type { ErrorCode } from "../../lib/errors.ts";
import type {
  CallKind,
  CallOptions,
  EditDraft,
  EditFacts,
  EngineCalls,
  EngineClient,
  GenerateEvent,
  GenerateParams,
  GenerateResult,
  MethodSettings,
  Notice,
} from "../../engine/protocol.ts";
import { fakeDevice, fakeModelFacts, fakePieces, fakeProofs, fakeRows, fakeSettings, fakeTrace } from "./fakeModel.ts";
import { fakeEditsFacts, fakeEvaluate } from "./fakeEvaluation.ts";
import { fakeProgress, fakeSourceFacts, fakeStorage, whileHeld } from "./fakeSources.ts";

export interface FakeEngine extends EngineClient {
  /** Kinds called so far, in order. */
  readonly calls: readonly CallKind[];
  /** The last parameters of each kind of call. */
  lastParams<K extends CallKind>(kind: K): EngineCalls[K]["params"] | undefined;
  /** The next call of this kind rejects with this code. */
  failNext(kind: CallKind, code: ErrorCode): void;
  notify(notice: Notice): void;
}

const ANSWERS: Readonly<Record<string, string>> = {
  "The capital of France is": " Paris.",
  "The capital of Germany is": " Berlin.",
};

/** An engine without a GPU, for tests of the page. `pause` is awaited between events; tests may hold or skip it. */
export function createFakeEngine(pause: (kind: CallKind) => Promise<void> = async () => {}): FakeEngine {
  const calls: CallKind[] = [];
  const last = new Map<CallKind, unknown>();
  const storage = fakeStorage();
  const failures = new Map<CallKind, ErrorCode>();
  const listeners = new Set<(notice: Notice) => void>();
  let settings: MethodSettings = fakeSettings;
  let edits: EditFacts[] = [];
  let queue: Promise<unknown> = Promise.resolve();

  const answerOf = (prompt: string, mode: "auto" | "off"): string => {
    const edit = edits.findLast((each) => each.prompt === prompt || each.rephrasings.includes(prompt));
    if (mode === "auto" && edit) return ` ${edit.answer}.`;
    return ANSWERS[prompt] ?? " somewhere else.";
  };

  const generate = async (params: GenerateParams, emit: (event: GenerateEvent) => void, signal?: AbortSignal): Promise<GenerateResult> => {
    if (params.prompt.trim() === "") throw new EngineError("empty-prompt", "The prompt is empty.", "Type at least one word.");
    const trace = fakeTrace(params.prompt, settings, edits);
    emit({ kind: "prompt", trace });
    const pieces = fakePieces(answerOf(params.prompt, params.edits)).slice(0, params.maxTokens);
    for (const [at, piece] of pieces.entries()) {
      await pause("generate");
      throwIfCancelled(signal);
      const row = fakeRows([...trace.pieces, ...pieces.slice(0, at + 1)], trace.pieces.length + at, settings);
      const others = [" the", " a", " in", " of"].map((text, rank) => ({ id: rank, text, probability: 0.08 / (rank + 1) }));
      emit({
        kind: "token",
        piece,
        text: piece.text,
        probability: 0.83,
        candidates: [{ id: piece.id, text: piece.text, probability: 0.83 }, ...others],
        row,
      });
    }
    const text = pieces.map((piece) => piece.text).join("");
    return { text, pieces, scope: trace.scope, stopped: "sentence", tokensPerSecond: 42, firstTokenMs: 35 };
  };

  const edit = async (draft: EditDraft, emit: (step: EngineCalls["edit"]["event"]) => void, signal?: AbortSignal): Promise<EditFacts> => {
    if (draft.prompt === "")
      throw new EngineError("empty-prompt", "The edit's prompt is empty.", "Type the prompt whose answer should change.");
    if (draft.answer === "") throw new EngineError("empty-answer", "The new answer is empty.", "Type the answer the model should give.");
    const baseAnswer = answerOf(draft.prompt, "off").trim().replace(/\.$/u, "");
    if (draft.answer === baseAnswer)
      throw new EngineError(
        "answer-unchanged",
        `The base model already answers "${baseAnswer}".`,
        "Ask for an answer that differs from it.",
      );
    const curve: EngineCalls["edit"]["event"][] = [];
    for (let step = 1; step <= settings.steps; step++) {
      await pause("edit");
      throwIfCancelled(signal);
      const point = {
        step,
        steps: settings.steps,
        lmLoss: 9 * Math.exp(-step / 8) + 0.01,
        guidedLoss: 12 * Math.exp(-step / 20) + 1.1,
        dispatches: 90,
      };
      curve.push(point);
      emit(point);
    }
    const codes = [draft.prompt, ...draft.rephrasings].map((prompt) => fakeTrace(prompt, settings, []).scope.code);
    const allocation = settings.layers.map((_, layer) => [
      (layer + edits.length) % settings.experts,
      (layer + edits.length + 1) % settings.experts,
    ]);
    const facts = {
      ...draft,
      id: edits.length + 1,
      baseAnswer,
      allocation,
      codes,
      curve,
      seconds: 3.2,
      answerAfter: draft.answer,
      holds: true,
    };
    edits = [...edits, facts];
    return facts;
  };

  const load = async (
    { source, precision, keep = false }: EngineCalls["load"]["params"],
    emit: (event: EngineCalls["load"]["event"]) => void,
    { signal, pause: held }: CallOptions<"load">,
  ): Promise<EngineCalls["load"]["result"]> => {
    for (const phase of ["manifest", "tokenizer", "weights", "checking"] as const) {
      await pause("load");
      const progress = { ...fakeProgress, phase, file: `${phase}.bin`, loadedBytes: 4_000_000, totalBytes: 8_100_000 };
      if (held?.paused) emit({ ...progress, state: "paused" });
      await whileHeld(held);
      if (signal?.aborted && keep) storage.leaveOff(source);
      throwIfCancelled(signal);
      emit(progress);
    }
    edits = [];
    const facts = { ...fakeModelFacts(settings), ...(precision === 4 ? { quantization: "int4, groups of 32" } : {}) };
    if (keep && source.kind === "hub")
      storage.keep({
        key: source.id,
        name: source.id,
        from: source.id,
        commit: source.revision ?? null,
        quantization: facts.quantization,
        bytes: 76_000_000,
        keptAt: "2026-01-02T03:04:05Z",
      });
    return facts;
  };

  const perform = async (kind: CallKind, params: unknown, options: CallOptions<CallKind>): Promise<unknown> => {
    const emit = (options.onEvent ?? (() => {})) as (event: unknown) => void;
    await pause(kind);
    throwIfCancelled(options.signal);
    const code = failures.get(kind);
    failures.delete(kind);
    if (code) throw new EngineError(code, `Made to fail: ${code}.`, "This is a test.");
    switch (kind) {
      case "start":
        return fakeDevice;
      case "check":
        return fakeSourceFacts((params as EngineCalls["check"]["params"]).source);
      case "load":
        return load(params as EngineCalls["load"]["params"], emit, options);
      case "storage":
        return storage.facts();
      case "remove":
        storage.remove((params as { key: string }).key);
        return storage.facts();
      case "route":
        return fakeTrace((params as { text: string }).text, settings, edits);
      case "generate":
        return generate(params as GenerateParams, emit, options.signal);
      case "edit":
        return edit((params as { draft: EditDraft }).draft, emit, options.signal);
      case "edits":
        return edits;
      case "configure": {
        const next = (params as { settings: MethodSettings }).settings;
        const keeps = JSON.stringify({ ...next, hammingThreshold: 0 }) === JSON.stringify({ ...settings, hammingThreshold: 0 });
        if (!keeps) edits = [];
        settings = next;
        return fakeModelFacts(settings);
      }
      case "clear":
        edits = [];
        return fakeModelFacts(settings);
      case "memory":
        return { gpuBytes: 9_000_000, gpuAllocatedBytes: 12_000_000, gpuPeakBytes: 15_000_000, tensors: 120 };
      case "prove":
        fakeProofs.forEach((proof, at) => emit({ proofs: [proof], done: at + 1, kernels: fakeProofs.length }));
        return { proofs: fakeProofs, leftOut: 2, problem: null, device: fakeDevice };
      case "readEdits":
        return fakeEditsFacts((params as EngineCalls["readEdits"]["params"]).edits);
      case "evaluate":
        return fakeEvaluate(params as EngineCalls["evaluate"]["params"], emit, () => pause("evaluate"), options);
    }
  };

  return {
    calls,
    lastParams: <K extends CallKind>(kind: K) => last.get(kind) as EngineCalls[K]["params"] | undefined,
    failNext: (kind, code) => void failures.set(kind, code),
    notify: (notice) => listeners.forEach((listener) => listener(notice)),
    call: <K extends CallKind>(kind: K, params: EngineCalls[K]["params"], options: CallOptions<K> = {}) => {
      calls.push(kind);
      last.set(kind, params);
      const turn = queue.then(() => perform(kind, params, options as CallOptions<CallKind>));
      // An evaluation leaves others their turn.
      if (kind !== "evaluate") queue = turn.catch(() => {});
      // As in the real client, a cancelled call ends when the engine says so.
      return turn as Promise<EngineCalls[K]["result"]>;
    },
    onNotice: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => listeners.clear(),
  };
}
