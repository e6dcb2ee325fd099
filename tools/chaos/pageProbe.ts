/** What is seen of a page from inside. Put in before its own scripts, it changes nothing that they do. */
import type { CallKind, EngineCalls, FromWorker, ProjectsFacts, ToWorker } from "../../src/engine/protocol.ts";

/** What the page shows of the person's work. */
export interface PageState {
  /** As its mark says, see `safetyOf`. */
  readonly safety: string;
  /** The newest first, e.g. "The capital of Peru is → Oslo, off". */
  readonly rows: readonly string[];
  readonly canUndo: boolean;
}

export interface Asked<K extends CallKind> {
  readonly result: EngineCalls[K]["result"];
  readonly events: readonly EngineCalls[K]["event"][];
}

export interface Probe {
  /** The engine's, the last that was started. */
  worker: Worker | undefined;
  /** Engines that were started so far. */
  engines: number;
  projects: ProjectsFacts | undefined;
  /** The last end of each of the page's own calls of this engine. */
  ended: Partial<Record<CallKind, { readonly milliseconds: number; readonly error: string | null }>>;
  /** Devices whose loss the page was told of. */
  lost: number;
  /** Calls of the page that put everything on another device. */
  recovered: number;
  state(): PageState;
  /** A call of the engine that the page does not know of. */
  ask<K extends CallKind>(kind: K, params: EngineCalls[K]["params"]): Promise<Asked<K>>;
}

export type ProbedPage = typeof globalThis & {
  readonly chaosProbe: Probe;
  /** Told of every state that was drawn. */
  readonly chaosDrawn?: (state: PageState) => Promise<void>;
};

/** Runs in the page, and knows nothing but what stands in it. */
export function installProbe(): void {
  const Plain = globalThis.Worker;
  const begun = new Map<number, { kind: CallKind; at: number }>();
  /** The page counts upwards from 1. */
  let nextId = -1;

  const read = (): PageState => {
    const rows = [...document.querySelectorAll(".ledger [data-row]")].map((row) => {
      const [prompt, answer] = ["bdi", "b"].map((part) => row.querySelector(`.edit-what ${part}`)?.textContent?.trim() ?? "");
      return `${prompt} → ${answer}${row.hasAttribute("data-off") ? ", off" : ""}`;
    });
    const undo = [...document.querySelectorAll<HTMLButtonElement>("button:enabled")].some((each) => each.textContent === "Undo");
    return { safety: document.querySelector("#projects [data-safety]")?.getAttribute("data-safety") ?? "none", rows, canUndo: undo };
  };
  const probe: Probe = {
    worker: undefined,
    engines: 0,
    projects: undefined,
    ended: {},
    lost: 0,
    recovered: 0,
    state: read,
    ask: (kind, params) =>
      new Promise((resolve, reject) => {
        const { worker } = probe;
        if (!worker) return reject(new Error("no engine was started"));
        const id = nextId--;
        const events: unknown[] = [];
        const listen = ({ data }: MessageEvent<FromWorker>): void => {
          if (data.kind === "notice" || data.id !== id) return;
          if (data.kind === "event") return void events.push(data.event);
          worker.removeEventListener("message", listen);
          if (data.kind === "result") resolve({ result: data.result, events } as never);
          else reject(new Error(`${data.error.code}: ${data.error.message}`));
        };
        worker.addEventListener("message", listen);
        worker.postMessage({ id, kind, params });
      }),
  };
  Object.assign(globalThis, { chaosProbe: probe });

  const hear = ({ data }: MessageEvent<FromWorker>): void => {
    if (data.kind === "notice") {
      if (data.notice.kind === "projects") probe.projects = data.notice.facts;
      if (data.notice.kind === "device-lost") probe.lost++;
      return;
    }
    const call = begun.get(data.id);
    if (!call || data.kind === "event") return;
    begun.delete(data.id);
    probe.ended[call.kind] = { milliseconds: performance.now() - call.at, error: data.kind === "error" ? data.error.message : null };
    if (data.kind !== "result") return;
    if (call.kind === "keepHere") probe.projects = data.result as ProjectsFacts;
    if (call.kind === "recover") probe.recovered++;
  };
  globalThis.Worker = class extends Plain {
    readonly #isEngine: boolean;
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      this.#isEngine = args[1]?.name?.startsWith("engine") ?? false;
      if (!this.#isEngine) return;
      // Each counts its calls from 1.
      begun.clear();
      probe.ended = {};
      probe.worker = this;
      probe.engines++;
      this.addEventListener("message", hear);
    }
    override postMessage(message: ToWorker, ...rest: never[]): void {
      if (this.#isEngine && message.id > 0 && "params" in message) begun.set(message.id, { kind: message.kind, at: performance.now() });
      super.postMessage(message, ...rest);
    }
  };

  let last = "";
  const say = (): void => {
    const state = read();
    const text = JSON.stringify(state);
    if (text === last) return;
    last = text;
    void (globalThis as ProbedPage).chaosDrawn?.(state);
  };
  new MutationObserver(say).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
}
