/**
 * Everything that crosses between the page and the worker. Plain data only: no tensors, no class instances.
 * Axes: T tokens, L mixture layers, N experts.
 */
import type { EditDraft, EditFacts } from "../editing/editLog.ts";
import type { GenerateEvent, GenerateParams, GenerateResult, RoutingTrace } from "../editing/generate.ts";
import type { TrainingStep } from "../editing/trainer.ts";
import type { KernelProof, ProofStep } from "../kernels/kernelProof.ts";
import type { ErrorFacts } from "../lib/errors.ts";
import type { MethodSettings } from "../mixture/settings.ts";

export type { EditDraft, EditFacts } from "../editing/editLog.ts";
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
export type { RoutingRows } from "../editing/sequence.ts";
export type { TrainingStep } from "../editing/trainer.ts";
export type { ScopeDecision } from "../mixture/deferral.ts";
export type { MethodSettings } from "../mixture/settings.ts";

/** Where a model comes from: a manifest of our own shard format, by address. */
export interface ModelSource {
  readonly kind: "manifest";
  /** Absolute, or relative to the page. */
  readonly url: string;
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
  readonly settings: MethodSettings;
  /** Linear modules that may carry the mixture. */
  readonly modules: readonly string[];
}

export interface LoadProgress {
  readonly phase: "manifest" | "tokenizer" | "weights" | "upload";
  /** The file being read. */
  readonly file: string;
  /** Over all files of the model. */
  readonly loadedBytes: number;
  readonly totalBytes: number;
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
export interface EngineCalls {
  /** Creates the GPU device. */
  start: { params: Record<string, never>; event: never; result: DeviceFacts };
  load: { params: { source: ModelSource }; event: LoadProgress; result: ModelFacts };
  /** What-if routing of a text while it is typed. */
  route: { params: { text: string }; event: never; result: RoutingTrace };
  generate: { params: GenerateParams; event: GenerateEvent; result: GenerateResult };
  edit: { params: { draft: EditDraft }; event: TrainingStep; result: EditFacts };
  edits: { params: Record<string, never>; event: never; result: readonly EditFacts[] };
  /** New settings; a fresh mixture, and so no edits. ε alone keeps the edits. */
  configure: { params: { settings: MethodSettings }; event: never; result: ModelFacts };
  /** Drops all edits and starts the mixture again from the seed. */
  clear: { params: Record<string, never>; event: never; result: ModelFacts };
  memory: { params: Record<string, never>; event: never; result: MemoryFacts };
  /** Compares the kernels with their references, a few at a time: other calls get their turn in between. */
  prove: { params: { all: boolean }; event: ProofStep; result: ProofFacts };
}

export type CallKind = keyof EngineCalls;

export type ToWorker =
  | { [K in CallKind]: { readonly id: number; readonly kind: K; readonly params: EngineCalls[K]["params"] } }[CallKind]
  | { readonly id: number; readonly kind: "cancel" };

export type Notice =
  | { readonly kind: "device-lost"; readonly error: ErrorFacts }
  | { readonly kind: "gpu-error"; readonly error: ErrorFacts };

export type FromWorker =
  | { readonly id: number; readonly kind: "event"; readonly event: EngineCalls[CallKind]["event"] }
  | { readonly id: number; readonly kind: "result"; readonly result: EngineCalls[CallKind]["result"] }
  | { readonly id: number; readonly kind: "error"; readonly error: ErrorFacts }
  | { readonly kind: "notice"; readonly notice: Notice };

export interface CallOptions<K extends CallKind> {
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: EngineCalls[K]["event"]) => void;
}

/** The engine as the page sees it. Calls run one after another in the worker, `prove` between them; a cancelled call rejects with `cancelled`. */
export interface EngineClient {
  call<K extends CallKind>(kind: K, params: EngineCalls[K]["params"], options?: CallOptions<K>): Promise<EngineCalls[K]["result"]>;
  onNotice(listener: (notice: Notice) => void): () => void;
  close(): void;
}
