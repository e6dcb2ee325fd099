import { cacheStorageStore } from "../weights/cacheStorageStore.ts";
import type { ChunkStore } from "../weights/chunkStore.ts";
import { cancelled, EngineError, errorFacts } from "../lib/errors.ts";
import type { CallKind, EngineCalls, FromWorker, PauseSwitch, ToWorker } from "./protocol.ts";
import { createPauseSwitch } from "../lib/pauseSwitch.ts";
import { watchTraffic } from "../lib/traffic.ts";
import type { AliveMessage, TrafficMessage } from "./client.ts";
import { opfsFiles } from "../keeping/opfsFiles.ts";
import { sweepLibrary } from "./modelLibrary.ts";
import { createSession } from "./session.ts";
import { createTurns } from "./turns.ts";

/** The worker's scope, as far as it is used here. */
interface Scope {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  onunhandledrejection: ((event: PromiseRejectionEvent) => void) | null;
  readonly name: string;
  postMessage(message: FromWorker | TrafficMessage | AliveMessage): void;
}
const scope = self as unknown as Scope;

/** How the page reaches a call under way. */
interface Running {
  readonly cancelling: AbortController;
  readonly pausing: PauseSwitch & { set(paused: boolean): void };
}

// Held as long as the worker lives: the page is told of its end by it.
if ("locks" in navigator)
  navigator.locks
    .request(scope.name, () => {
      scope.postMessage({ kind: "alive" });
      return new Promise(() => {});
    })
    // Where site data is blocked there are no locks either.
    .catch(() => undefined);

watchTraffic((files) => scope.postMessage({ kind: "traffic", files }));

const session = createSession(navigator.gpu, (notice) => scope.postMessage({ kind: "notice", notice }), openStorage, {
  files: () => opfsFiles("projects"),
  onChange: (facts) => scope.postMessage({ kind: "notice", notice: { kind: "projects", facts } }),
  locks: () => ("locks" in navigator ? navigator.locks : undefined),
});

let opening: Promise<ChunkStore | undefined> | undefined;
/** Swept when it is first opened: of what an interrupted load wrote nobody knows any more. Not while another page may be writing. */
function openStorage(): Promise<ChunkStore | undefined> {
  return (opening ??= cacheStorageStore().then(async (store) => {
    if (!store) return undefined;
    const { locks } = navigator;
    await locks.request(MODELS_LOCK, { ifAvailable: true }, (alone) => (alone ? sweepLibrary(store) : undefined));
    void locks.request(MODELS_LOCK, { mode: "shared" }, () => new Promise(() => {}));
    return store;
  }));
}

/** Shared by the pages that may write models; whoever sweeps holds it alone. */
const MODELS_LOCK = "elder-lab-models";

const running = new Map<number, Running>();
/** Calls run one after another: the GPU, the mixture and the edits have one user at a time. */
const takeTurn = createTurns();

scope.onmessage = ({ data }) => {
  const call = running.get(data.id);
  if (data.kind === "cancel") return call?.cancelling.abort();
  if (data.kind === "pause" || data.kind === "resume") return call?.pausing.set(data.kind === "pause");
  const { id, kind, params } = data;
  const started = { cancelling: new AbortController(), pausing: createPauseSwitch() };
  running.set(id, started);
  void answer(id, kind, params, started);
};

scope.onunhandledrejection = ({ reason }) => {
  const { message } = errorFacts(reason);
  scope.postMessage({
    kind: "notice",
    notice: { kind: "gpu-error", error: new EngineError("worker-failed", message, "Reload the page, and report this message.").toFacts() },
  });
};

async function answer<K extends CallKind>(
  id: number,
  kind: K,
  params: EngineCalls[K]["params"],
  { cancelling: { signal }, pausing }: Running,
): Promise<void> {
  const turn = await takeTurn();
  try {
    if (signal.aborted) throw cancelled();
    const emit = (event: EngineCalls[K]["event"]): void => {
      if (!signal.aborted) scope.postMessage({ id, kind: "event", event });
    };
    const result = await session.handlers[kind](params, { signal, emit, aside: turn.aside, pause: pausing });
    scope.postMessage({ id, kind: "result", result });
  } catch (thrown) {
    scope.postMessage({ id, kind: "error", error: errorFacts(thrown) });
  } finally {
    running.delete(id);
    turn.end();
  }
}
