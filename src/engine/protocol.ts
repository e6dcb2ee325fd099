/**
 * Everything that crosses between the page and the worker. Plain data only: no tensors, no class instances.
 * Axes: T tokens, L mixture layers, N experts.
 */
import type { ErrorFacts } from "../lib/errors.ts";

/** Where a model comes from: a manifest of our own shard format, by address. */
export interface ModelSource {
  readonly kind: "manifest";
  /** Absolute, or relative to the page. */
  readonly url: string;
}

/** Settings of the method; the names and defaults are those of arXiv 2408.11869 where it has them. */
export interface MethodSettings {
  /** Indices of the layers that carry a mixture, ascending. */
  readonly layers: readonly number[];
  /** The linear layer in each that is mixed, e.g. "mlp.c_fc". */
  readonly module: string;
  /** N, experts a layer. */
  readonly experts: number;
  /** k, experts picked a layer. */
  readonly topK: number;
  /** r, rank of an adapter. */
  readonly rank: number;
  readonly alpha: number;
  /** λ, weight of the guided loss. */
  readonly guidedLossWeight: number;
  readonly learningRate: number;
  /** Adam steps an edit batch. */
  readonly steps: number;
  /** Samples an Adam step. */
  readonly batchSize: number;
  /** ε: in scope when the nearest stored allocation code differs in fewer bits. */
  readonly hammingThreshold: number;
  readonly seed: number;
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
  readonly phase: "manifest" | "tokenizer" | "weights" | "upload" | "ready";
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
  readonly tensors: number;
}

/** One token as it is drawn: exact bytes, and text where they are text. */
export interface TokenPiece {
  readonly id: number;
  /** The token's own text; U+FFFD where its bytes are only part of a character. */
  readonly text: string;
  readonly special: boolean;
}

/** Where an input stands against the edits: the deferral rule, said in numbers. */
export interface ScopeDecision {
  /** True: the mixtures answer. False: deferred to the base model. */
  readonly inScope: boolean;
  /** min_i Hamming(code, code_i); null when there is no edit. */
  readonly distance: number | null;
  /** The edit with the nearest stored code; null when there is no edit. */
  readonly nearestEdit: number | null;
  /** ε. */
  readonly threshold: number;
  /** L·N, the length of a code. */
  readonly bits: number;
  /** The input's own allocation code, as 0 and 1; length L·N. */
  readonly code: readonly number[];
  /** Each edit's distance (the least over its stored codes), in the order of the edits. */
  readonly distances: readonly { readonly edit: number; readonly distance: number }[];
}

/** Router outputs for a run of tokens. Row-major (T, L, N). */
export interface RoutingRows {
  readonly tokens: number;
  readonly layers: readonly number[];
  readonly experts: number;
  /** Router probabilities s. */
  readonly probabilities: Float32Array;
  /** 1 where the expert is among the top k. */
  readonly picked: Uint8Array;
}

/** What routing the text so far would be; only the last prompt token's column decides. */
export interface RoutingTrace {
  readonly pieces: readonly TokenPiece[];
  readonly rows: RoutingRows;
  /** Index of the deciding token: the prompt's last. */
  readonly decidingToken: number;
  readonly scope: ScopeDecision;
}

export type Sampling =
  | { readonly kind: "greedy" }
  | { readonly kind: "sampled"; readonly temperature: number; readonly topK: number; readonly topP: number; readonly seed: number };

export interface GenerateParams {
  readonly prompt: string;
  readonly maxTokens: number;
  readonly sampling: Sampling;
  /** "auto": the deferral rule decides. "off": the base model answers. */
  readonly edits: "auto" | "off";
  /** Stop after the first sentence end (". ", newline or end of text). */
  readonly stopAtSentence: boolean;
}

export interface TokenCandidate {
  readonly id: number;
  readonly text: string;
  readonly probability: number;
}

export type GenerateEvent =
  | { readonly kind: "prompt"; readonly trace: RoutingTrace }
  | {
      readonly kind: "token";
      readonly piece: TokenPiece;
      /** Text that became certain with this token; may be empty inside a multi-byte character. */
      readonly text: string;
      readonly probability: number;
      /** The five most probable tokens at this place. */
      readonly candidates: readonly TokenCandidate[];
      /** The new token's own what-if routing, one row. */
      readonly row: RoutingRows;
    };

export interface GenerateResult {
  readonly text: string;
  readonly pieces: readonly TokenPiece[];
  readonly scope: ScopeDecision;
  readonly stopped: "length" | "end" | "sentence";
  readonly tokensPerSecond: number;
  /** Milliseconds from the call to the first token. */
  readonly firstTokenMs: number;
}

/** One piece of knowledge to write: the answer follows the prompt and each rephrasing. */
export interface EditDraft {
  readonly prompt: string;
  readonly answer: string;
  readonly rephrasings: readonly string[];
}

export interface TrainingStep {
  /** 1-based. */
  readonly step: number;
  readonly steps: number;
  /** Mean cross-entropy of the target tokens, nats. */
  readonly lmLoss: number;
  /** Σ over layers and assigned experts of −log s, mean over the batch. */
  readonly guidedLoss: number;
}

export interface EditFacts extends EditDraft {
  /** 1-based, in the order of editing. */
  readonly id: number;
  /** The base model's answer before any edit. */
  readonly baseAnswer: string;
  /** Assigned experts, (L, k). */
  readonly allocation: readonly (readonly number[])[];
  /** Stored allocation codes, one a training sample, as 0 and 1. */
  readonly codes: readonly (readonly number[])[];
  readonly curve: readonly TrainingStep[];
  readonly seconds: number;
  /** The edited answer right after training, greedy. */
  readonly answerAfter: string;
  /** answerAfter begins with the answer asked for. */
  readonly holds: boolean;
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
}

export type CallKind = keyof EngineCalls;

export type ToWorker =
  | { [K in CallKind]: { readonly id: number; readonly kind: K; readonly params: EngineCalls[K]["params"] } }[CallKind]
  | { readonly id: number; readonly kind: "cancel" };

export type Notice = { readonly kind: "device-lost"; readonly error: ErrorFacts } | { readonly kind: "gpu-error"; readonly error: ErrorFacts };

export type FromWorker =
  | { readonly id: number; readonly kind: "event"; readonly event: EngineCalls[CallKind]["event"] }
  | { readonly id: number; readonly kind: "result"; readonly result: EngineCalls[CallKind]["result"] }
  | { readonly id: number; readonly kind: "error"; readonly error: ErrorFacts }
  | { readonly kind: "notice"; readonly notice: Notice };

export interface CallOptions<K extends CallKind> {
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: EngineCalls[K]["event"]) => void;
}

/** The engine as the page sees it. Calls run one after another in the worker; a cancelled call rejects with `cancelled`. */
export interface EngineClient {
  call<K extends CallKind>(kind: K, params: EngineCalls[K]["params"], options?: CallOptions<K>): Promise<EngineCalls[K]["result"]>;
  onNotice(listener: (notice: Notice) => void): () => void;
  close(): void;
}
