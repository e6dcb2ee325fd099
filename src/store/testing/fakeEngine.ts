import { EngineError, throwIfCancelled } from "../../lib/errors.ts";
import type { ErrorCode } from "../../lib/errors.ts";
import type {
  CallKind,
  CallOptions,
  EngineCalls,
  EngineClient,
  GenerateEvent,
  GenerateParams,
  GenerateResult,
  Notice,
} from "../../engine/protocol.ts";
import { fakeDevice, fakeModelFacts, fakePieces, fakeProofs, fakeRows, fakeTrace } from "./fakeModel.ts";
import { createFakeLedger } from "./fakeLedger.ts";
import { fakeDrafts, fakeEditsFacts, fakeEvaluate } from "./fakeEvaluation.ts";
import { createFakeProjects, type FakeOrigin } from "./fakeProjects.ts";
import { fakeProgress, fakeSourceFacts, fakeStorage, whileHeld } from "./fakeSources.ts";

export interface FakeEngine extends EngineClient {
  /** Kinds called so far, in order. */
  readonly calls: readonly CallKind[];
  /** The last parameters of each kind of call. */
  lastParams<K extends CallKind>(kind: K): EngineCalls[K]["params"] | undefined;
  /** The next call of this kind rejects with this code. */
  failNext(kind: CallKind, code: ErrorCode): void;
  notify(notice: Notice): void;
  /** Forgets all that an engine has in memory. */
  stop(): void;
}

/** An engine without a GPU, for tests of the page. `pause` is awaited between events; tests may hold or skip it. @param origin what the browser keeps, for several pages */
export function createFakeEngine(pause: (kind: CallKind) => Promise<void> = async () => {}, origin?: FakeOrigin): FakeEngine {
  const calls: CallKind[] = [];
  const last = new Map<CallKind, unknown>();
  const storage = fakeStorage();
  const failures = new Map<CallKind, ErrorCode>();
  const listeners = new Set<(notice: Notice) => void>();
  const ledger = createFakeLedger(() => pause("edit"));
  const notify = (notice: Notice): void => listeners.forEach((listener) => listener(notice));
  const projects = createFakeProjects(ledger, (facts) => notify({ kind: "projects", facts }), origin);
  let queue: Promise<unknown> = Promise.resolve();

  const generate = async (params: GenerateParams, emit: (event: GenerateEvent) => void, signal?: AbortSignal): Promise<GenerateResult> => {
    if (params.prompt.trim() === "") throw new EngineError("empty-prompt", "The prompt is empty.", "Type at least one word.");
    const trace = fakeTrace(params.prompt, ledger.settings, ledger.edits);
    emit({ kind: "prompt", trace });
    const pieces = fakePieces(ledger.answerOf(params.prompt, params.edits)).slice(0, params.maxTokens);
    for (const [at, piece] of pieces.entries()) {
      await pause("generate");
      throwIfCancelled(signal);
      const row = fakeRows([...trace.pieces, ...pieces.slice(0, at + 1)], trace.pieces.length + at, ledger.settings);
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

  const load = async (
    { source, precision, keep = false, request }: EngineCalls["load"]["params"],
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
    ledger.empty();
    projects.leave(request);
    const facts = { ...fakeModelFacts(ledger.settings), ...(precision === 4 ? { quantization: "int4, groups of 32" } : {}) };
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

  const kept = async (change: Promise<unknown>): Promise<unknown> => {
    const result = await change;
    projects.keep();
    return result;
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
      case "putBack":
        storage.putBack((params as { key: string }).key);
        return storage.facts();
      case "recover":
        return { device: fakeDevice, work: { model: fakeModelFacts(ledger.settings), ledger: await ledger.perform("edits", {}, emit) } };
      case "keepHere":
      case "openProject":
      case "newProject":
      case "renameProject":
      case "duplicateProject":
      case "removeProject":
      case "restoreProject":
      case "exportAdapters":
      case "exportProject":
      case "importAdapters":
      case "importProject":
        return projects.perform(kind, params);
      case "emptyBin":
        storage.emptyBin();
        return storage.facts();
      case "route":
        return fakeTrace((params as { text: string }).text, ledger.settings, ledger.edits);
      case "generate":
        return generate(params as GenerateParams, emit, options.signal);
      case "edit":
      case "edits":
      case "changeEdit":
      case "forget":
      case "undo":
      case "redo":
      case "rewrite":
      case "audit":
      case "scorecard":
      case "strengthCurve":
      case "foresee":
      case "scopes":
      case "queryMap":
      case "column":
      case "setThreshold":
      case "configure":
        return kept(ledger.perform(kind, params, emit, options.signal));
      case "memory":
        return { gpuBytes: 9_000_000, gpuAllocatedBytes: 12_000_000, gpuPeakBytes: 15_000_000, tensors: 120 };
      case "prove":
        fakeProofs.forEach((proof, at) => emit({ proofs: [proof], done: at + 1, kernels: fakeProofs.length }));
        return { proofs: fakeProofs, leftOut: 2, problem: null, device: fakeDevice };
      case "readEdits":
        return fakeEditsFacts((params as EngineCalls["readEdits"]["params"]).edits);
      case "readDrafts":
        return fakeDrafts((params as EngineCalls["readDrafts"]["params"]).edits);
      case "evaluate":
        return fakeEvaluate(params as EngineCalls["evaluate"]["params"], emit, () => pause("evaluate"), options);
    }
  };

  return {
    calls,
    lastParams: <K extends CallKind>(kind: K) => last.get(kind) as EngineCalls[K]["params"] | undefined,
    failNext: (kind, code) => void failures.set(kind, code),
    notify,
    stop() {
      ledger.empty();
      projects.stop();
    },
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
