import { generate, traceRouting } from "../editing/generate.ts";
import { requestGpu, type GpuDevice } from "../gpu/device.ts";
import { flushDispatches } from "../gpu/dispatch.ts";
import { emptyPool, trimPool } from "../gpu/pool.ts";
import { gpuMemory, installBackend } from "../gpu/tensors.ts";
import { EngineError } from "../lib/errors.ts";
import { checkSettings, defaultSettings, type MethodSettings } from "../mixture/settings.ts";
import { uploadModel } from "../model/uploadModel.ts";
import { loadTokenizer } from "../tokenizer/tokenizer.ts";
import type { LiveMethod } from "../methods/live.ts";
import type { ChunkStore } from "../weights/chunkStore.ts";
import { describeFormats, tensorBytes, type ModelFiles } from "../weights/hostTensor.ts";
import { checkSource } from "./checkSource.ts";
import { guarded, watchDevice, type DeviceWatch } from "./deviceWatch.ts";
import { evaluateModel, readDrafts, readEdits } from "./evaluateModel.ts";
import { deviceFacts, factsOf, type LoadedModel } from "./facts.ts";
import { createProgress, type ProgressReport } from "./loadProgress.ts";
import { checkCanReconfigure, disposeLedger, ledgerCalls, startLedger, type LedgerHandlers } from "./ledgerCalls.ts";
import { emptyLibraryBin, putBackInLibrary, readLibrary, removeFromLibrary } from "./modelLibrary.ts";
import { keptCalls, projectCalls } from "./projectCalls.ts";
import { createKeeper, type KeeperParts } from "./keeper.ts";
import { openForLoading, type LoadingModel } from "./modelSources.ts";
import { createPackPool } from "./packPool.ts";
import { proveDevice } from "./proof.ts";
import type { CallKind, EngineCalls, FaultNotice, ModelFacts, PauseSwitch, StorageFacts } from "./protocol.ts";

/** How one call is run: its parameters, its signal, and where its events go. */
interface CallContext<K extends CallKind> {
  readonly signal: AbortSignal;
  emit(event: EngineCalls[K]["event"]): void;
  /** Holds a download or an evaluation while it is set. */
  readonly pause?: PauseSwitch;
  /** Does what needs neither device nor session, while other calls have their turn. */
  readonly aside?: <T>(work: () => Promise<T>) => Promise<T>;
}
type Handlers = {
  readonly [K in CallKind]: (params: EngineCalls[K]["params"], context: CallContext<K>) => Promise<EngineCalls[K]["result"]>;
};

/** The engine without a worker: a device, a model, its mixture and its edits. Runs the same in a page's worker and headless. */
export interface Session {
  readonly handlers: Handlers;
}

/**
 * @param gpu navigator.gpu, or what stands for it
 * @param notify told of a lost device and of GPU errors nobody asked about
 * @param storage where models are kept; undefined where nothing can be
 * @param keeping where projects are kept; nowhere by default
 */
export function createSession(
  gpu: GPU | undefined,
  notify: (notice: FaultNotice) => void,
  storage: () => Promise<ChunkStore | undefined> = async () => undefined,
  keeping: Omit<KeeperParts, "now"> = nothingKept,
): Session {
  let device: GpuDevice | undefined;
  let loaded: LoadedModel | undefined;
  let watch: DeviceWatch | undefined;
  let lastLoad: EngineCalls["load"]["params"] | undefined;
  /** How the page had asked for the model in use. */
  let request: unknown = null;
  const keeper = createKeeper({ ...keeping, now: Date.now });

  const needDevice = (): GpuDevice => {
    if (device) return device;
    throw new EngineError("no-webgpu", "The GPU device is not there yet.", "Start the engine first.");
  };
  const needModel = (): LoadedModel => {
    if (loaded) return loaded;
    throw new EngineError("no-model", "No model is loaded.", "Load a model first.");
  };
  /** A fresh ledger; what the edits needed goes back. */
  const replaceLedger = (settings: MethodSettings, method: LiveMethod["id"]): ModelFacts => {
    const current = needModel();
    const ledger = startLedger(current, method, settings);
    disposeLedger(current.ledger);
    Object.assign(current, { ledger, settings });
    giveBack();
    return factsOf(current);
  };

  const unload = (): void => {
    if (!loaded) return;
    disposeLedger(loaded.ledger);
    loaded.model.dispose();
    loaded = undefined;
  };
  /** The model as it will be used. One before it goes first where both together would be too much for a device. */
  const uploadLoaded = async (files: ModelFiles, signal: AbortSignal, progress: ProgressReport): Promise<LoadedModel> => {
    const tokenizer = loadTokenizer(files.tokenizerJson, files.tokenizerConfig);
    const bytes = files.outline.map(tensorBytes).reduce((sum, { words, scales }) => sum + words + scales, 0);
    if (loaded && loaded.model.bytes + bytes > MOST_TOGETHER) {
      unload();
      giveBack();
    }
    const model = await uploadModel({ ...files, tensors: () => uploadsSaid(files, progress) }, signal);
    const settings = defaultSettings(model);
    const ledger = startLedger({ model, tokenizer }, loaded?.ledger.method.id ?? "paper", settings);
    return { name: files.name, quantization: describeFormats(files.outline), model, tokenizer, ledger, settings };
  };

  const inLibrary = async (work: (store: ChunkStore) => Promise<void>): Promise<StorageFacts> => {
    const store = await storage();
    if (store) await work(store);
    return readLibrary(store);
  };

  const {
    keepNow,
    opened: openedNow,
    carryOver,
    ...projects
  } = projectCalls({
    keeper,
    needModel,
    hasModel: () => loaded !== undefined,
    isLost: () => watch?.isLost ?? false,
    request: () => request,
    giveBack,
  });
  const edits = tidiedCalls(ledgerCalls(() => needModel().ledger));
  const { edit, changeEdit, forget, undo, redo, rewrite, audit } = edits;
  /** What changes the edits is safe, or known not to be, when it is done. */
  const changes = keptCalls({ edit, changeEdit, forget, undo, redo, rewrite, audit }, keepNow);
  const handlers: Handlers = {
    async start() {
      if (!device) {
        const found = await requestGpu(gpu);
        watch = watchDevice(found.device, notify);
        await installBackend(found);
        device = found;
      }
      return deviceFacts(device);
    },
    async recover(_, context) {
      const [before, asked, project] = [loaded, lastLoad, keeper.facts.current];
      // What was on the lost device is gone with it.
      [device, loaded] = [undefined, undefined];
      try {
        await handlers.start({}, { ...context, emit: () => {} });
        if (!before || !asked) return { device: deviceFacts(needDevice()), work: null };
        await handlers.load(asked, { signal: context.signal, emit: context.emit });
        await carryOver(before);
      } catch (thrown) {
        // For another try, and so that what was written can still be exported.
        if (loaded !== before) unload();
        [loaded, lastLoad] = [before, asked];
        throw thrown;
      }
      if (project !== null) await keeper.use(project);
      return { device: deviceFacts(needDevice()), work: openedNow() };
    },
    check: async ({ source }, { signal }) => (needDevice(), checkSource(source, await storage(), signal)),
    async load(params, { signal, emit, pause }) {
      const { source, precision = "stored", keep = false, request: asked = null } = params;
      const progress = createProgress(emit);
      const store = keep || source.kind === "kept" ? await storage() : undefined;
      // What was removed makes room for what is to be kept.
      if (keep && store) await emptyLibraryBin(store);
      if (keep && !store) progress.set({ notKept: "This browser keeps nothing for this page." });
      const packer = createPackPool(typeof Worker === "undefined" ? 1 : navigator.hardwareConcurrency);
      let loading: LoadingModel | undefined;
      try {
        const opened = (loading = await openForLoading(source, precision, { store, signal, pause, progress, packer }));
        const next = await uploadLoaded(opened.files, signal, progress);
        await keepingNone(next, () => opened.finish());
        progress.flush();
        unload();
        [loaded, request, lastLoad] = [next, asked, params];
        // The project before stays as it was; what comes is another's.
        await keeper.use(null);
        return factsOf(next);
      } catch (thrown) {
        await loading?.abandon();
        throw thrown;
      } finally {
        packer.close();
      }
    },
    storage: async () => readLibrary(await storage()),
    remove: ({ key }) => inLibrary((store) => removeFromLibrary(store, key)),
    putBack: ({ key }) => inLibrary((store) => putBackInLibrary(store, key)),
    emptyBin: () => inLibrary(emptyLibraryBin),
    route: ({ text }, { signal }) => tidied(traceRouting(needModel().ledger.answering, text, signal)),
    generate: (params, { signal, emit }) => tidied(generate(needModel().ledger.answering, params, { signal, onEvent: emit })),
    ...projects,
    ...edits,
    ...changes,
    async rewrite(params, context) {
      const facts = await changes.rewrite(params, context);
      giveBack();
      return facts;
    },
    async configure({ settings, method }) {
      const current = needModel();
      checkSettings(settings, current.model);
      const { ledger } = current;
      const next = method ?? ledger.method.id;
      if (next !== ledger.method.id || differsBeyondThreshold(settings, current.settings)) {
        checkCanReconfigure(ledger);
        const dropped = ledger.facts.edits.length > 0;
        const facts = replaceLedger(settings, next);
        // Edits that are dropped here are written again next: until then what is kept stays as it was.
        if (!dropped) await keepNow();
        return facts;
      }
      current.settings = settings;
      if (next === "paper") ledger.method.setThreshold(settings.hammingThreshold);
      await keepNow();
      return factsOf(current);
    },
    async setThreshold({ threshold }) {
      const current = needModel();
      current.ledger.method.setThreshold(threshold);
      if (current.ledger.method.id === "paper") current.settings = { ...current.settings, hammingThreshold: threshold };
      await keepNow();
      return factsOf(current);
    },
    memory: async () => gpuMemory(),
    async prove({ all }, { signal, emit, aside }) {
      needDevice();
      const onFallback = (sentence: string): void => {
        const current = needDevice();
        device = { ...current, fallbacks: [...current.fallbacks, sentence] };
      };
      const proven = await proveDevice(all, { signal, onResult: emit, onFallback, ...(aside ? { aside } : {}) });
      return { ...proven, device: deviceFacts(needDevice()) };
    },
    readEdits: async ({ edits: file }) => readEdits(file),
    readDrafts: async ({ edits: file }) => readDrafts(file),
    async evaluate(params, context) {
      const subject = needModel();
      return tidied(evaluateModel(subject, params, { ...context, isInUse: () => loaded === subject }));
    },
  };
  return { handlers: { ...handlers, ...guarded(handlers, () => watch) } };
}

const nothingKept: Omit<KeeperParts, "now"> = {
  files: async () => {
    throw new EngineError("storage-unavailable", "Nothing is kept here.", "Export the edits as a file.");
  },
  locks: () => undefined,
  onChange: () => {},
};

/** Bytes of weights of a model and the one that takes its place: up to here a load that fails leaves the first in place. */
const MOST_TOGETHER = 2 ** 30;

async function* uploadsSaid(files: ModelFiles, progress: ProgressReport) {
  let uploadedBytes = 0;
  for await (const tensor of files.tensors()) {
    yield tensor;
    const { words, scales } = tensorBytes(tensor);
    uploadedBytes += words + scales;
    progress.set({ uploadedBytes });
  }
}

/** Frees a model that what follows refuses. */
async function keepingNone({ model, ledger }: LoadedModel, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    disposeLedger(ledger);
    model.dispose();
    throw thrown;
  }
}

/** Free buffers that wait for tensors of their size after a call, at most. */
const MOST_POOLED_BYTES = 2 ** 26;
const tidied = <T>(work: Promise<T>): Promise<T> => work.finally(() => trimPool(MOST_POOLED_BYTES));

function tidiedCalls(calls: LedgerHandlers): LedgerHandlers {
  const wrapped = Object.entries(calls).map(([kind, call]) => {
    const run = call as (params: unknown, context: unknown) => Promise<unknown>;
    return [kind, (params: unknown, context: unknown) => tidied((async () => run(params, context))())];
  });
  return Object.fromEntries(wrapped) as LedgerHandlers;
}

/** All free buffers, once what uses them is submitted: buffers in use are not free. */
function giveBack(): void {
  flushDispatches();
  emptyPool();
}

/** ε is read at each decision; everything else shapes the mixture itself. */
function differsBeyondThreshold(a: MethodSettings, b: MethodSettings): boolean {
  const rest = ({ hammingThreshold: _, ...others }: MethodSettings): string => JSON.stringify(others, Object.keys(others).sort());
  return rest(a) !== rest(b);
}
