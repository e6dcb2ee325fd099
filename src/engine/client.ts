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

/** Starts the engine in a worker of its own; nothing of it runs on the page's thread. @param onTraffic told of what the worker fetches */
export function createEngineClient(onTraffic?: OnTraffic): EngineClient {
  return connect(new Worker(ownScript(workerAddress), { type: "module", name: "engine" }), onTraffic);
}

/** A client whose worker is not started before the first call: its script is not in the way of the page's first picture. */
export function startedLate(create: () => EngineClient): EngineClient {
  const listeners = new Set<(notice: Notice) => void>();
  let started: EngineClient | undefined;
  const client = (): EngineClient => {
    if (started) return started;
    started = create();
    started.onNotice((notice) => listeners.forEach((listener) => listener(notice)));
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

/** The client over a worker, or over anything that talks like one. */
export function connect(worker: Worker, onTraffic?: OnTraffic): EngineClient {
  const pending = new Map<number, Pending>();
  const listeners = new Set<(notice: Notice) => void>();
  let nextId = 1;
  let stopped: EngineError | undefined;
  const send = (message: ToWorker): void => worker.postMessage(message);

  worker.onmessage = ({ data }: MessageEvent<FromWorker | TrafficMessage>) => {
    if (data.kind === "traffic") return onTraffic?.(data.files);
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
  worker.onerror = (event) => {
    const error = new EngineError(
      "worker-failed",
      `The engine stopped: ${event.message || "its script could not be loaded"}.`,
      "Reload the page.",
    );
    stopped = error;
    for (const call of pending.values()) call.reject(error);
    pending.clear();
  };

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
    close: () => worker.terminate(),
  };
}
