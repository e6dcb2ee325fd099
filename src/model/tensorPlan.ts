/** Which tensors a model has, and what each tensor of a Hugging Face checkpoint becomes. */
import { EngineError } from "../lib/errors.ts";
import type { TensorPlan } from "../weights/hostTensor.ts";
import { architectureFor, isTied } from "./architectures/registry.ts";
import { ConfigReader, type ModelConfig } from "./config.ts";
import type { Architecture } from "./model.ts";

/** How an architecture's checkpoints name and store what is not a linear module. */
export interface TensorLayout {
  /** Prefix of every canonical name but the head's; checkpoints of the model without a head lack it. */
  readonly prefix: string;
  /** Norms of a block. */
  readonly norms: readonly string[];
  /** The norm before the head. */
  readonly finalNorm: string;
  /** Of each norm. */
  readonly normParts: readonly ("weight" | "bias")[];
  /** Whether linear weights are stored [I, O] (Conv1D). */
  readonly turned: boolean;
}

/** The untied output head, of every architecture. */
export const head = "lm_head.weight";

type Kind = "matrix" | "plain" | "unread";

/**
 * Leaves out what the forward pass does not read, as transformers does: buffers that older checkpoints saved, biases that the config
 * does not ask for, and the head's copy where the head is tied to the embedding.
 * @param config config.json
 * @throws EngineError `bad-config`, `unsupported-architecture`; the plan itself `bad-shape`
 */
export function tensorPlan(config: unknown): TensorPlan {
  const architecture = architectureFor(config);
  const { prefix, turned } = architecture.layout;
  const kindOf = tensorKinds(architecture, config);
  return (name, shape) => {
    const canonical = name === head || name.startsWith(prefix) ? name : prefix + name;
    const kind = kindOf(canonical);
    if (kind === "unread") return undefined;
    const pack = kind === "matrix";
    if (pack && shape.length !== 2) throw noMatrix(name, shape);
    return { name: canonical, transpose: pack && turned && canonical !== head && canonical !== architecture.embedding, pack };
  };
}

/** Whether the output head reads the token embedding. @throws EngineError `bad-config`, `unsupported-architecture` */
export const hasTiedHead = (config: unknown): boolean => isTied(architectureFor(config), new ConfigReader(config));

/** What a canonical name stands for. @throws EngineError `bad-config` */
export function tensorKinds(architecture: Architecture, config: unknown): (name: string) => Kind {
  const { layout, modules, embedding, positionTable } = architecture;
  const json = new ConfigReader(config);
  const outside = new Map<string, Kind>([
    [embedding, "matrix"],
    ...(positionTable === undefined ? [] : [[positionTable, "plain"] as const]),
    ...layout.normParts.map((part) => [`${layout.prefix}${layout.finalNorm}.${part}`, "plain"] as const),
    [head, isTied(architecture, json) ? "unread" : "matrix"],
  ]);
  const inBlock = new Map<string, Kind>([
    ...layout.norms.flatMap((norm) => layout.normParts.map((part) => [`${norm}.${part}`, "plain"] as const)),
    ...modules.map((module) => [`${module}.weight`, "matrix"] as const),
    ...architecture.biased(json).map((module) => [`${module}.bias`, "plain"] as const),
  ]);
  const block = architecture.block(0).slice(0, -1);
  return (name) => {
    if (!name.startsWith(block)) return outside.get(name) ?? "unread";
    return inBlock.get(name.slice(name.indexOf(".", block.length) + 1)) ?? "unread";
  };
}

export function noMatrix(name: string, shape: readonly number[]): EngineError {
  return new EngineError(
    "bad-shape",
    `Tensor ${JSON.stringify(name)}: got shape [${shape.join(", ")}], expected a matrix.`,
    "The weights and config.json belong to different models.",
  );
}

/** Every tensor that the forward pass reads: canonical name to shape, linears as [O, I]. */
export function expectedTensors(architecture: Architecture, config: ModelConfig): ReadonlyMap<string, readonly number[]> {
  const { layout, embedding, positionTable } = architecture;
  const { hiddenSize, vocabularySize } = config;
  const shapes = new Map<string, readonly number[]>([[embedding, [vocabularySize, hiddenSize]]]);
  if (positionTable !== undefined) shapes.set(positionTable, [config.contextLength, hiddenSize]);
  for (let layer = 0; layer < config.layers; layer++) {
    const block = architecture.block(layer);
    for (const norm of layout.norms) for (const part of layout.normParts) shapes.set(`${block}.${norm}.${part}`, [hiddenSize]);
    for (const [module, { rows, columns, bias }] of Object.entries(config.linears)) {
      shapes.set(`${block}.${module}.weight`, [rows, columns]);
      if (bias) shapes.set(`${block}.${module}.bias`, [rows]);
    }
  }
  for (const part of layout.normParts) shapes.set(`${layout.prefix}${layout.finalNorm}.${part}`, [hiddenSize]);
  if (!config.tiedHead) shapes.set(head, [vocabularySize, hiddenSize]);
  return shapes;
}
