import { cancelled, EngineError } from "../lib/errors.ts";
import { ownScript } from "../lib/ownScript.ts";
import type { FetchedFile } from "../lib/traffic.ts";
import type { CallKind, CallOptions, EngineCalls, EngineClient, FromWorker, Notice, ToWorker } from "./protocol.ts";
import workerAddress from "./worker.ts?worker&url";

interface Pending {
  resolve(result: EngineCalls[CallKind]["result"]): void;
  reject(error: EngineError): void;
  onEvent(event: EngineCalls[CallKind]["event"]): void;
}

/** What the worker tells besides: the files it fetched. */
export interface TrafficMessage {
  readonly kind: "traffic";
  readonly files: readonly FetchedFile[];
}
type OnTraffic = (files: readonly FetchedFile[]) => void;

/** The worker holds the lock of its name from now on. */
export interface AliveMessage {
  readonly kind: "alive";
}

/** Starts the engine in a worker of its own; nothing of it runs on the page's thread. @param onTraffic told of what the worker fetches */
export function createEngineClient(onTraffic?: OnTraffic): EngineClient {
  const name = `engine-${Math.random().toString(36).slice(2)}`;
  const worker = new Worker(ownScript(workerAddress), { type: "module", name });
  // A worker that is ended says nothing, but its lock becomes free.
  return connect(worker, onTraffic, () => navigator.locks.request(name, () => undefined));
}

/**
 * A client whose worker is not started before the first call: its script is not in the way of the page's first picture. In place of one that stopped
 * the next call starts another, which knows nothing of the first one's work.
 */
export function startedLate(create: () => EngineClient): EngineClient {
  const listeners = new Set<(notice: Notice) => void>();
  let started: EngineClient | undefined;
  const client = (): EngineClient => {
    if (started) return started;
    started = create();
    started.onNotice((notice) => {
      if (notice.kind === "engine-stopped") started = undefined;
      listeners.forEach((listener) => listener(notice));
    });
    return started;
  };
  return {
    call: (kind, params, options) => client().call(kind, params, options),
    onNotice(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => started?.close(),
  };
}

/** The client over a worker, or over anything that talks like one. @param ended resolves once the worker, which was alive, is no more */
export function connect(worker: Worker, onTraffic?: OnTraffic, ended?: () => Promise<unknown>): EngineClient {
  const pending = new Map<number, Pending>();
  const listeners = new Set<(notice: Notice) => void>();
  let nextId = 1;
  let stopped: EngineError | undefined;
  let closed = false;
  const send = (message: ToWorker): void => worker.postMessage(message);

  const stop = (why: string): void => {
    if (stopped || closed) return;
    const error = (stopped = new EngineError("worker-failed", `The engine stopped: ${why}.`, "Start it again, or reload the page."));
    // What failed may still hold the GPU and what is kept.
    worker.terminate();
    for (const listener of listeners) listener({ kind: "engine-stopped", error: error.toFacts() });
    for (const call of pending.values()) call.reject(error);
    pending.clear();
  };

  worker.onmessage = ({ data }: MessageEvent<FromWorker | TrafficMessage | AliveMessage>) => {
    if (data.kind === "traffic") return onTraffic?.(data.files);
    if (data.kind === "alive") return void ended?.().then(() => stop("its worker was ended"));
    if (data.kind === "notice") {
      for (const listener of listeners) listener(data.notice);
      return;
    }
    const call = pending.get(data.id);
    if (!call) return;
    if (data.kind === "event") return call.onEvent(data.event);
    pending.delete(data.id);
    if (data.kind === "result") call.resolve(data.result);
    else call.reject(new EngineError(data.error.code, data.error.message, data.error.hint));
  };
  worker.onerror = (event) => stop(event.message || "its script could not be loaded");

  return {
    call: <K extends CallKind>(kind: K, params: EngineCalls[K]["params"], options: CallOptions<K> = {}) =>
      new Promise<EngineCalls[K]["result"]>((resolve, reject) => {
        const { signal, onEvent, pause } = options;
        if (stopped) return reject(stopped);
        if (signal?.aborted) return reject(cancelled());
        const id = nextId++;
        pending.set(id, {
          resolve,
          reject,
          onEvent: (event) => {
            if (!signal?.aborted) onEvent?.(event);
          },
        });
        // The call ends when the worker says so: a cancelled edit has been rolled back by then.
        signal?.addEventListener("abort", () => pending.has(id) && send({ id, kind: "cancel" }), { once: true });
        pause?.onChange((paused) => pending.has(id) && send({ id, kind: paused ? "pause" : "resume" }));
        send({ id, kind, params } as ToWorker);
        if (pause?.paused) send({ id, kind: "pause" });
      }),
    onNotice(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      closed = true;
      worker.terminate();
    },
  };
}
