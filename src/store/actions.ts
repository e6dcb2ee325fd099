import { queuedAnswer } from "./answersSlice.ts";
import type { AnswerColumn } from "./answersSlice.ts";
import type { EngineBinding } from "./bindEngine.ts";
import { createEvaluationActions } from "./evaluationActions.ts";
import type { EvaluationActions } from "./evaluationActions.ts";
import { parseExamples } from "./examples.ts";
import { patch, update } from "./labStore.ts";
import type { LabStore } from "./labStore.ts";
import { createImportActions } from "./importActions.ts";
import type { ImportActions } from "./importActions.ts";
import { createLedgerActions } from "./ledgerActions.ts";
import type { LedgerActions } from "./ledgerActions.ts";
import { promptAsked } from "./ledgerSlice.ts";
import { createLessonsActions } from "./lessonsActions.ts";
import type { LessonsActions } from "./lessonsActions.ts";
import { createLinkActions } from "./linkActions.ts";
import type { LinkActions } from "./linkActions.ts";
import { createMeasuring } from "./measureActions.ts";
import type { MeasureActions } from "./measureActions.ts";
import { createModelActions } from "./modelActions.ts";
import type { ModelActions } from "./modelActions.ts";
import type { Overlay } from "./overlaySlice.ts";
import { generateParams } from "./promptSlice.ts";
import type { GenerateOptions } from "./promptSlice.ts";
import { createProjectActions } from "./projectActions.ts";
import type { ProjectActions } from "./projectActions.ts";
import { createQueueActions } from "./queueActions.ts";
import type { QueueActions } from "./queueActions.ts";
import { initialRouting } from "./routingSlice.ts";
import type { RoutingFrames } from "./routingFrames.ts";
import { activityOf } from "./selectors.ts";
import { createStorageActions } from "./storageActions.ts";
import type { StorageActions } from "./storageActions.ts";

/** Everything a person can do; buttons, keys and tests run the same functions. */
export interface Actions
  extends
    ModelActions,
    StorageActions,
    ProjectActions,
    EvaluationActions,
    LessonsActions,
    LinkActions,
    LedgerActions,
    MeasureActions,
    QueueActions,
    ImportActions {
  /** Starts the GPU device, then opens the project that was in use last, or loads the built-in model. @param fresh no project is opened */
  boot(fresh?: boolean): Promise<void>;
  /** Reads the suggestions beside the model; the page works without them. */
  loadExamples(read: (path: string) => Promise<unknown>): Promise<void>;
  typePrompt(text: string): void;
  setOptions(options: Partial<GenerateOptions>): void;
  generate(): Promise<void>;
  /** Base and edited model, one after the other, for the current prompt. */
  compare(): Promise<void>;
  tryPrompt(text: string): Promise<void>;
  stop(): void;
  /** Compares kernels with their references; what is asked meanwhile goes first. @param all also those this device has no use for */
  prove(all: boolean): Promise<void>;
  stopProof(): void;
  /** Shows one thing over the page in place of another; "none" for the page alone. */
  openOverlay(overlay: Overlay): void;
}

export interface ActionParts {
  readonly store: LabStore;
  readonly engine: EngineBinding;
  readonly frames: RoutingFrames;
  /** Address of a file that is served beside the page. */
  readonly addressOf: (path: string) => string;
  /** Wait after the last key before routing, in milliseconds. */
  readonly typingDelay?: number;
  /** Wait after the last key before a draft is looked at, in milliseconds. */
  readonly draftDelay?: number;
  /** Asks the browser to keep the page's storage. */
  readonly persist: () => Promise<boolean>;
  /** Reads a text that is served beside the page. */
  readonly readText: (address: string) => Promise<string>;
}

const TYPING_DELAY_MS = 140;
const DRAFT_DELAY_MS = 350;

export function createActions(parts: ActionParts): Actions {
  const { store, engine, frames, addressOf, persist, readText, typingDelay = TYPING_DELAY_MS, draftDelay = DRAFT_DELAY_MS } = parts;
  let routing = new AbortController();
  let generating = new AbortController();
  let proving = new AbortController();
  let typing: ReturnType<typeof setTimeout> | undefined;

  const isReady = (): boolean => store.getState().model.status === "ready" && store.getState().device.status === "ready";
  const isIdle = (): boolean => activityOf(store.getState()) === "idle";

  const abandonRoute = (): void => {
    clearTimeout(typing);
    routing.abort();
  };

  /** What-if routing of the current prompt; an earlier call still under way is abandoned. */
  const routeNow = async (): Promise<void> => {
    abandonRoute();
    const { text } = store.getState().prompt;
    if (text.trim() === "" || !isReady()) {
      frames.clear();
      patch(store, "routing", initialRouting);
      return;
    }
    routing = new AbortController();
    patch(store, "routing", { status: "waiting" });
    await engine.route(text, routing.signal);
  };

  const run = async (columns: readonly AnswerColumn[]): Promise<void> => {
    if (!isIdle()) return;
    abandonRoute();
    generating = new AbortController();
    const { signal } = generating;
    const { text, options } = store.getState().prompt;
    update(store, "ledger", (ledger) => promptAsked(ledger, text));
    for (const column of columns) update(store, "answers", (answers) => ({ ...answers, [column]: queuedAnswer(text) }));
    const runs = columns.map((column) =>
      engine.generate(column, generateParams(text, options, column === "base" ? "off" : "auto"), signal),
    );
    await Promise.all(runs);
    // Typing during the run left its routing to this moment; so does a run that never reached its prompt.
    const { prompt, routing: shown } = store.getState();
    if (prompt.text !== shown.text || shown.status !== "current") await routeNow();
    await engine.measureMemory();
  };

  const onEdits = async (): Promise<void> => {
    await routeNow();
    await engine.measureMemory();
  };

  const measuring = createMeasuring(store, engine, draftDelay);
  const { stopEditing, keepingDrafts, ...ledger } = createLedgerActions({
    store,
    engine,
    measuring,
    onEdits,
    tryPrompt: (text) => actions.tryPrompt(text),
  });
  const { holdQueue, ...queue } = createQueueActions({ store, engine, measuring, onEdits, setForm: ledger.setForm });

  const stopWork = (): void => {
    generating.abort();
    stopEditing();
    holdQueue();
    actions.stopEvaluation();
    abandonRoute();
  };

  const onModel = async (): Promise<void> => {
    if (!(await onLoaded())) {
      await keepingDrafts(engine.listEdits);
      await onEdits();
    }
    // The page is ready now: the proof of the device waits for nobody, and nobody for it.
    if (store.getState().proof.status === "none") void actions.prove(false);
  };

  const onNoModel = (): void => {
    void keepingDrafts(async () => patch(store, "edit", { edits: [], lastEdit: null, canUndo: false, canRedo: false, listError: null }));
    frames.clear();
    patch(store, "routing", initialRouting);
  };

  const { begin, onLoaded, ...projects } = createProjectActions({
    store,
    engine,
    stopWork,
    onEdits,
    load: (request) => actions.load(request),
  });

  const actions: Actions = {
    ...projects,
    ...createModelActions({ store, engine, addressOf, stopWork, onModel, onNoModel }),
    ...createStorageActions(store, engine, persist),
    ...createEvaluationActions({ store, engine, addressOf, readText }),
    ...createLessonsActions(store),
    ...createLinkActions(store),
    ...ledger,
    audit: measuring.audit,
    askScorecard: measuring.askScorecard,
    askCurve: measuring.askCurve,
    ...queue,
    ...createImportActions(store, engine),

    async boot(fresh = false) {
      const { status } = store.getState().device;
      if (status === "starting" || status === "ready") return;
      if (!(await engine.start())) return;
      if (!(await begin(!fresh))) await actions.load(store.getState().model.request);
    },

    async loadExamples(read) {
      try {
        store.setState({ examples: parseExamples(await read(addressOf("models/atlas/examples.json"))) });
      } catch {
        // Suggestions are a convenience: without them the fields are simply empty.
      }
    },

    typePrompt(text) {
      patch(store, "prompt", { text });
      abandonRoute();
      if (activityOf(store.getState()) === "generating") return;
      patch(store, "routing", { status: "waiting" });
      typing = setTimeout(() => void routeNow(), text.trim() === "" ? 0 : typingDelay);
    },

    setOptions: (options) => update(store, "prompt", (prompt) => ({ ...prompt, options: { ...prompt.options, ...options } })),

    generate: () => run(["edited"]),
    compare: () => run(["base", "edited"]),

    async tryPrompt(text) {
      if (!isIdle()) return;
      patch(store, "prompt", { text });
      await run(["base", "edited"]);
    },

    stop: () => generating.abort(),

    async prove(all) {
      if (store.getState().device.status !== "ready" || store.getState().proof.status === "running") return;
      proving = new AbortController();
      const before = store.getState().device.facts?.fallbacks.length;
      await engine.prove(all, proving.signal);
      // What is on show came from kernels that are done without now.
      if (store.getState().device.facts?.fallbacks.length !== before && isIdle()) await routeNow();
    },

    stopProof: () => proving.abort(),
    openOverlay: (overlay) => store.setState({ overlay }),
  };
  return actions;
}
