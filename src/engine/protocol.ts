/**
 * Everything that crosses between the page and the worker. Plain data only: no tensors, no class instances.
 * Axes: T tokens, L mixture layers, N experts.
 */
import type { GenerateEvent, GenerateParams, GenerateResult, RoutingTrace } from "../editing/generate.ts";
import type { EvaluationResult } from "../evaluation/results.ts";
import type { KernelProof, ProofStep } from "../kernels/kernelProof.ts";
import type { ErrorFacts } from "../lib/errors.ts";
import type { PauseSwitch } from "../lib/pauseSwitch.ts";
import type { LiveMethod } from "../methods/live.ts";
import type { MethodId } from "../methods/method.ts";
import type { MethodSettings } from "../mixture/settings.ts";
import type { Precision } from "../weights/byteSource.ts";
import type { PickedFile } from "../weights/fileSets.ts";
import type { LedgerCalls } from "./ledgerProtocol.ts";
import type { Notice } from "./notices.ts";
import type { ProjectCalls } from "./projectsProtocol.ts";
import type { EditsFacts, EditsFile, EvaluateParams, EvaluationStep, ImportedDrafts } from "./evaluationProtocol.ts";

export type { EditDraft } from "../editing/editDraft.ts";
export type * from "./ledgerProtocol.ts";
export type * from "./notices.ts";
export type * from "./projectsProtocol.ts";
export type {
  GenerateEvent,
  GenerateParams,
  GenerateResult,
  RoutingTrace,
  Sampling,
  TokenCandidate,
  TokenPiece,
} from "../editing/generate.ts";
export type { KernelProof, ProofStep } from "../kernels/kernelProof.ts";
export type { RoutingOverride, RoutingRows } from "../editing/sequence.ts";
export type { TrainingStep } from "../editing/trainer.ts";
export type { EditRecord } from "../evaluation/editSet.ts";
export type { RowProblem } from "../evaluation/rowFields.ts";
export type { MethodId } from "../methods/method.ts";
export type { ScopeDecision } from "../mixture/deferral.ts";
export type { MethodSettings } from "../mixture/settings.ts";
export type { PauseSwitch } from "../lib/pauseSwitch.ts";
export type { Precision } from "../weights/byteSource.ts";
export type { PickedFile } from "../weights/fileSets.ts";
export type { EditsFacts, EditsFile, EvaluateParams, EvaluationStep, ImportedDrafts } from "./evaluationProtocol.ts";

/** Where a model comes from. */
export type ModelSource =
  /** Our own shards: the manifest's address, absolute or relative to the page. */
  | { readonly kind: "manifest"; readonly url: string }
  /** A repository of the Hub; `revision` is a branch, tag or commit ("main" by default), `file` one of several GGUF files. */
  | {
      readonly kind: "hub";
      readonly id: string;
      readonly revision?: string;
      readonly file?: string;
      /** For gated repositories: kept in memory, sent to the Hub's own host only. */
      readonly token?: string;
      /** Another server that answers like the Hub; the Hub itself by default. */
      readonly endpoint?: string;
    }
  /** A .gguf file, a manifest.json or a folder that holds config.json and model.safetensors, by address. */
  | { readonly kind: "url"; readonly url: string }
  /** Files picked or dropped. */
  | { readonly kind: "files"; readonly files: readonly PickedFile[]; readonly file?: string }
  /** One that this browser keeps, by `KeptModel.key`. */
  | { readonly kind: "kept"; readonly key: string };

/** What is known of a source before its weights are read. */
export interface SourceFacts {
  readonly name: string;
  /** The commit that a revision stands for; null where there is none. */
  readonly commit: string | null;
  readonly licence: string | null;
  readonly gated: boolean;
  /** Several models in one place: one of these is to be named in `file`. Else empty. */
  readonly choices: readonly { readonly file: string; readonly bytes: number }[];
  /** Null while a choice is open. */
  readonly model: CheckedModel | null;
}

export interface CheckedModel {
  readonly architecture: string;
  readonly parameters: number;
  readonly layers: number;
  readonly hiddenSize: number;
  readonly contextLength: number;
  /** How the file stores most weights, e.g. "BF16", "Q4_K". */
  readonly stored: string;
  /** Bytes to read or download; 0 where they are here. */
  readonly downloadBytes: number;
  /** For each way of keeping the weights. */
  readonly precisions: readonly PrecisionFacts[];
}

export interface PrecisionFacts {
  readonly precision: Precision;
  /** For people, e.g. "int4, groups of 32". */
  readonly quantization: string;
  /** Bytes on the GPU for weights, and beside them for a conversation and an edit. */
  readonly weightBytes: number;
  readonly otherBytes: number;
  /** Why it does not fit this device; null where it does. */
  readonly problem: ErrorFacts | null;
}

/** A model that this browser keeps. */
export interface KeptModel {
  readonly key: string;
  readonly name: string;
  /** Where it came from, for people: a repository, an address or a file. */
  readonly from: string;
  readonly commit: string | null;
  readonly quantization: string;
  readonly bytes: number;
  /** ISO 8601. */
  readonly keptAt: string;
}

/** A download that was left off and can go on. */
export interface UnfinishedDownload {
  readonly key: string;
  readonly name: string;
  /** What to load to go on, its revision the commit that was begun; never with a token. */
  readonly source: ModelSource;
  readonly bytes: number;
  readonly totalBytes: number;
}

/** A kept model or an unfinished download that was removed. */
export interface RemovedItem {
  readonly key: string;
  readonly name: string;
  readonly bytes: number;
}

export interface StorageFacts {
  /** False where the browser keeps nothing for this page (blocked, private): models are read anew each time. */
  readonly available: boolean;
  readonly models: readonly KeptModel[];
  readonly unfinished: readonly UnfinishedDownload[];
  /** Removed, and still to be put back: until the page is next opened, or room is needed. */
  readonly removed: readonly RemovedItem[];
  /** Of the page's whole storage, in bytes; null where the browser does not say. */
  readonly usedBytes: number | null;
  readonly quotaBytes: number | null;
  /** Whether the browser promised not to clear it on its own. */
  readonly persisted: boolean;
}

export interface ModelFacts {
  readonly name: string;
  readonly architecture: string;
  readonly parameters: number;
  readonly layers: number;
  readonly hiddenSize: number;
  readonly heads: number;
  readonly vocabularySize: number;
  /** Longest sequence, in tokens. */
  readonly contextLength: number;
  /** For people, e.g. "int8, groups of 32". */
  readonly quantization: string;
  /** Bytes of the weights on the GPU. */
  readonly weightBytes: number;
  /** The method that the person's edits are written with. */
  readonly method: LiveMethod["id"];
  /** How near a prompt must be to an edit: ε in bits in paper mode, a factor on the edits' radii in improved mode. */
  readonly threshold: number;
  /** Of paper mode; improved mode shares the seed. */
  readonly settings: MethodSettings;
  /** The mixture came from a file that names no edits: it answers every prompt, and edits are written on it. */
  readonly imported: boolean;
  /** Linear modules that may carry the mixture. */
  readonly modules: readonly string[];
  /** Editing methods that can be evaluated on it. */
  readonly methods: readonly { readonly id: MethodId; readonly name: string }[];
}

export interface LoadProgress {
  readonly phase: "manifest" | "tokenizer" | "weights" | "checking";
  /** "retrying": the connection broke, and what is missing is asked for again. */
  readonly state: "running" | "paused" | "retrying";
  /** The file being read. */
  readonly file: string;
  /** Over all files of the model; never falls. */
  readonly loadedBytes: number;
  readonly totalBytes: number;
  /** File by file, where there are several. */
  readonly files: readonly { readonly file: string; readonly loadedBytes: number; readonly totalBytes: number }[];
  /** Over the last seconds; null while unknown. */
  readonly bytesPerSecond: number | null;
  readonly secondsLeft: number | null;
  /** Bytes of weights on the GPU so far. */
  readonly uploadedBytes: number;
  /** Why the model is not being kept for the next time; null where it is, or was not asked for. */
  readonly notKept: string | null;
}

export interface DeviceFacts {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  /** A software adapter (SwiftShader, lavapipe): right, but slow. */
  readonly software: boolean;
  readonly features: readonly string[];
  readonly limits: Readonly<Record<"maxBufferSize" | "maxStorageBufferBindingSize" | "maxComputeWorkgroupStorageSize", number>>;
  /** Slower ways in use on this device, each said in a sentence. Empty when none. */
  readonly fallbacks: readonly string[];
}

export interface MemoryFacts {
  /** Bytes in GPU buffers that hold live tensors. */
  readonly gpuBytes: number;
  /** Bytes allocated on the GPU, pooled buffers included. */
  readonly gpuAllocatedBytes: number;
  /** The most bytes in GPU buffers at once since the device was made. */
  readonly gpuPeakBytes: number;
  readonly tensors: number;
}

/** The outcome of the kernel proof. */
export interface ProofFacts {
  readonly proofs: readonly KernelProof[];
  /** Kernels whose work others do on this device. */
  readonly leftOut: number;
  /** Kernels at fault that nothing can take the place of. */
  readonly problem: ErrorFacts | null;
  /** The device, with what it fell back to. */
  readonly device: DeviceFacts;
}

/** Every call the page can make: its parameters, the events it streams, its result. */
export interface EngineCalls extends LedgerCalls, ProjectCalls {
  /** Creates the GPU device. */
  start: { params: Record<string, never>; event: never; result: DeviceFacts };
  /** What a source holds and whether it fits, before its weights are read. */
  check: { params: { source: ModelSource }; event: never; result: SourceFacts };
  /** Replaces the model and drops its edits. `keep`: for the next time, in this browser. */
  load: {
    /** `request`: how the page names all this, plain JSON; told again with a project that is made on the model. */
    params: { source: ModelSource; precision?: Precision; keep?: boolean; request?: unknown };
    event: LoadProgress;
    result: ModelFacts;
  };
  /** What this browser keeps. */
  storage: { params: Record<string, never>; event: never; result: StorageFacts };
  /** Removes a kept model or an unfinished download; it can be put back. */
  remove: { params: { key: string }; event: never; result: StorageFacts };
  putBack: { params: { key: string }; event: never; result: StorageFacts };
  /** Frees what was removed. */
  emptyBin: { params: Record<string, never>; event: never; result: StorageFacts };
  /** What-if routing of a text while it is typed. */
  route: { params: { text: string }; event: never; result: RoutingTrace };
  generate: { params: GenerateParams; event: GenerateEvent; result: GenerateResult };
  memory: { params: Record<string, never>; event: never; result: MemoryFacts };
  /** Compares the kernels with their references, a few at a time: other calls get their turn in between. */
  prove: { params: { all: boolean }; event: ProofStep; result: ProofFacts };
  /** Reads a file of edits. */
  readEdits: { params: { edits: EditsFile }; event: never; result: EditsFacts };
  /** The same, to write them with the person's own. */
  readDrafts: { params: { edits: EditsFile }; event: never; result: ImportedDrafts };
  /** Writes and measures edits with a method of its own: the edits made by the person stay as they are. Other calls get their turn in between. */
  evaluate: { params: EvaluateParams; event: EvaluationStep; result: EvaluationResult };
}

export type CallKind = keyof EngineCalls;

export type ToWorker =
  | { [K in CallKind]: { readonly id: number; readonly kind: K; readonly params: EngineCalls[K]["params"] } }[CallKind]
  | { readonly id: number; readonly kind: "cancel" }
  | { readonly id: number; readonly kind: "pause" }
  | { readonly id: number; readonly kind: "resume" };

export type FromWorker =
  | { readonly id: number; readonly kind: "event"; readonly event: EngineCalls[CallKind]["event"] }
  | { readonly id: number; readonly kind: "result"; readonly result: EngineCalls[CallKind]["result"] }
  | { readonly id: number; readonly kind: "error"; readonly error: ErrorFacts }
  | { readonly kind: "notice"; readonly notice: Notice };

export interface CallOptions<K extends CallKind> {
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: EngineCalls[K]["event"]) => void;
  /** Holds a load's download, or an evaluation between two edits, while it is set. */
  readonly pause?: PauseSwitch;
}

/** The engine as the page sees it. Calls run one after another in the worker, `prove` and `evaluate` between them; a cancelled call rejects with `cancelled`. */
export interface EngineClient {
  call<K extends CallKind>(kind: K, params: EngineCalls[K]["params"], options?: CallOptions<K>): Promise<EngineCalls[K]["result"]>;
  onNotice(listener: (notice: Notice) => void): () => void;
  close(): void;
}
