import { cancelled, EngineError, errorFacts } from "../lib/errors.ts";
import type { CallKind, EngineCalls, FromWorker, ToWorker } from "./protocol.ts";
import { createSession } from "./session.ts";
import { createTurns } from "./turns.ts";

/** The worker's scope, as far as it is used here. */
interface Scope {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  onunhandledrejection: ((event: PromiseRejectionEvent) => void) | null;
  postMessage(message: FromWorker): void;
}
const scope = self as unknown as Scope;

const session = createSession(navigator.gpu, (notice) => scope.postMessage({ kind: "notice", notice }));
const running = new Map<number, AbortController>();
/** Calls run one after another: the GPU, the mixture and the edits have one user at a time. */
const takeTurn = createTurns();

scope.onmessage = ({ data }) => {
  if (data.kind === "cancel") {
    running.get(data.id)?.abort();
    return;
  }
  const { id, kind, params } = data;
  const controller = new AbortController();
  running.set(id, controller);
  void answer(id, kind, params, controller.signal);
};

scope.onunhandledrejection = ({ reason }) => {
  const { message } = errorFacts(reason);
  scope.postMessage({
    kind: "notice",
    notice: { kind: "gpu-error", error: new EngineError("worker-failed", message, "Reload the page, and report this message.").toFacts() },
  });
};

async function answer<K extends CallKind>(id: number, kind: K, params: EngineCalls[K]["params"], signal: AbortSignal): Promise<void> {
  const turn = await takeTurn();
  try {
    if (signal.aborted) throw cancelled();
    const emit = (event: EngineCalls[K]["event"]): void => {
      if (!signal.aborted) scope.postMessage({ id, kind: "event", event });
    };
    const result = await session.handlers[kind](params, { signal, emit, aside: turn.aside });
    scope.postMessage({ id, kind: "result", result });
  } catch (thrown) {
    scope.postMessage({ id, kind: "error", error: errorFacts(thrown) });
  } finally {
    running.delete(id);
    turn.end();
  }
}
