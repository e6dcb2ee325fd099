import type { Tensor } from "../gpu/tensors.ts";
import type { Mixture } from "../kernels/linearLayer.ts";
import type { Matrix } from "../kernels/splitWeight.ts";
import type { ConfigReader, ModelConfig } from "./config.ts";
import type { DecodeRecorder } from "./decodeRecorder.ts";
import type { GgufLayout } from "./gguf.ts";
import type { TensorLayout } from "./tensorPlan.ts";

/** A model's frozen weights on the GPU. */
export interface Model {
  readonly config: ModelConfig;
  readonly architecture: Architecture;
  readonly parameters: number;
  /** Bytes of the weights on the GPU. */
  readonly bytes: number;
  /** Name of the head's own weight; absent where the head is tied to the embedding. */
  readonly untiedHead?: string;
  /** Rotary table (S, D); only with rotary positions. */
  readonly rope?: Tensor;
  /** @throws EngineError `bad-config` when the files lack the tensor. */
  weight(name: string): Matrix;
  vector(name: string): Tensor | undefined;
  /** Matrices of one input as one, row under row, where they lie so; by the names of their weights. */
  joinedWeight(names: readonly string[]): Matrix | undefined;
  dispose(): void;
}

/** What a forward pass over some rows is given besides the model. N rows = B sequences of T tokens. */
export interface Pass {
  /** Position of each row in its sequence, (N) int32. */
  readonly positions: Tensor;
  /** Causal attention of q (N, H * D) over keys and values (N, kv heads * D) and, with a cache, those before. */
  attend(layer: number, q: Tensor, k: Tensor, v: Tensor): Tensor;
  /** Sees the input (N, I) of each linear layer and may add a mixture to its output. */
  readonly onLinear?: (layer: number, module: string, input: Tensor) => Mixture | undefined;
  /** Sees input (N, I) and output (N, O) of each linear layer, mixture included, and may give another output; with ops that have gradients. */
  readonly onOutput?: (layer: number, module: string, input: Tensor, output: Tensor) => Tensor;
}

/** The decode of one token, the same computation as embed, runBlock and finish, as an architecture records it. */
export interface DecodeSteps {
  embed(recorder: DecodeRecorder): Tensor;
  block(recorder: DecodeRecorder, layer: number, x: Tensor, config: ModelConfig): Tensor;
  finish(recorder: DecodeRecorder, x: Tensor): Tensor;
}

/** One family of models: everything that differs between families, in one file each. */
export interface Architecture {
  /** `model_type` in config.json. */
  readonly modelType: string;
  /** Of `architectures` in config.json: the classes that predict the next token, and the one without a head, which serves where the head is tied. */
  readonly classes: { readonly causal: readonly string[]; readonly bare: string };
  /** `tie_word_embeddings` where config.json does not say. */
  readonly tied: boolean;
  /** Linear modules of a block that may carry a mixture. */
  readonly modules: readonly string[];
  /** Modules of a block that read the same input and are kept as one matrix. */
  readonly joined?: readonly (readonly string[])[];
  /** The one the method mixes by default, and the depth at which it begins, as a share of the blocks. */
  readonly mixture: { readonly module: string; readonly start: number };
  /** The MLP's last linear module; its input separates prompts best. */
  readonly downProjection: string;
  readonly embedding: string;
  /** Table of learned positions, one row a position; absent with rotary ones. */
  readonly positionTable?: string;
  /** Prefix of the tensors of a block. */
  block(layer: number): string;
  readonly layout: TensorLayout;
  readonly gguf: GgufLayout;
  /** Modules with a bias. */
  biased(json: ConfigReader): readonly string[];
  /** @throws EngineError `bad-config`, `unsupported-architecture` */
  readConfig(json: ConfigReader): ModelConfig;
  /** Token ids (N) int32 to the residual stream (N, C). */
  embed(model: Model, ids: Tensor, positions: Tensor): Tensor;
  /** Block `layer`: (N, C) to (N, C). */
  runBlock(model: Model, layer: number, x: Tensor, pass: Pass): Tensor;
  /** The norm before the head: (N, C) to (N, C). */
  finish(model: Model, x: Tensor): Tensor;
  readonly decode: DecodeSteps;
}
