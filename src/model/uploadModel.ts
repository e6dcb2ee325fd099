import { isView, tf, viewOf, webgpuBackend, type Tensor } from "../gpu/tensors.ts";
import { ropeTable } from "../kernels/rope.ts";
import type { Weight } from "../kernels/weight.ts";
import { EngineError, throwIfCancelled } from "../lib/errors.ts";
import type { HostTensor, ModelFiles } from "../weights/hostTensor.ts";
import { readModelConfig } from "./architectures/registry.ts";
import { embedTokens, headLogits, runBlocks } from "./forward.ts";
import { missingTensor } from "./missingTensor.ts";
import { joinMatrices } from "./joinWeights.ts";
import type { Architecture, Model, Pass } from "./model.ts";
import { expectedTensors, head } from "./tensorPlan.ts";

/**
 * Uploads every tensor as it comes; host memory holds one at a time.
 * @throws EngineError `cancelled`, `bad-config`, `unsupported-architecture`, and those of the files
 */
export async function uploadModel(files: ModelFiles, signal?: AbortSignal): Promise<Model> {
  const { architecture, config } = readModelConfig(files.config);
  const matrices = new Map<string, Weight>();
  const vectors = new Map<string, Tensor>();
  const joined = new Map<string, Weight>();
  const held: Tensor[] = [];
  // Parts of a joined weight wait on the host until the last has come.
  const waiting = new Map<string, HostTensor>();
  const uploadGroup = (names: readonly string[]): void => {
    const parts = names.map((name) => waiting.get(name)).filter((part) => part !== undefined);
    names.forEach((name) => waiting.delete(name));
    for (const [name, weight] of uploadJoined(parts, held)) {
      if (name === JOINED) joined.set(names.join(), weight);
      else matrices.set(name, weight);
    }
  };
  let parameters = 0;
  const dispose = (): void => tf.dispose(held.splice(0));
  try {
    for await (const host of files.tensors()) {
      throwIfCancelled(signal);
      parameters += host.shape.reduce((a, b) => a * b, 1);
      const group = joinedNames(architecture, host.name);
      if (group) {
        waiting.set(host.name, host);
        if (group.every((name) => waiting.has(name))) uploadGroup(group);
      } else if (host.shape.length === 2) matrices.set(host.name, uploadMatrix(host, held));
      else vectors.set(host.name, upload(floatsOf(host), [...host.shape], "float32", held));
    }
    uploadGroup([...waiting.keys()]);
    const rope =
      config.ropeFrequencies &&
      upload(
        ropeTable(config.ropeFrequencies, config.contextLength),
        [config.contextLength, 2 * config.ropeFrequencies.length],
        "float32",
        held,
      );
    const model: Model = {
      config,
      architecture,
      parameters,
      bytes: held.reduce((sum, tensor) => sum + (isView(tensor) ? 0 : tensor.size * 4), 0),
      ...(rope ? { rope } : {}),
      ...(config.tiedHead ? {} : { untiedHead: head }),
      joinedWeight: (names) => joined.get(names.join()),
      weight: (name) => matrices.get(name) ?? missingTensor(name),
      vector: (name) => vectors.get(name),
      dispose,
    };
    checkShapes(model);
    tryOneToken(model);
    return model;
  } catch (thrown) {
    dispose();
    throw thrown;
  }
}

function floatsOf(host: HostTensor): Float32Array {
  if (host.format === "f32") return host.data;
  throw new EngineError(
    "bad-config",
    `Tensor ${host.name} is ${host.format} but no matrix.`,
    "Write the model again with npm run quantize.",
  );
}

function upload(data: Float32Array | Int32Array, shape: number[], dtype: "float32" | "int32", held: Tensor[]): Tensor {
  const tensor = tf.keep(tf.tensor(data, shape, dtype));
  // Uploaded at once, so that the copy in host memory can go.
  webgpuBackend().uploadToGPU(tensor.dataId);
  held.push(tensor);
  return tensor;
}

function uploadMatrix(host: HostTensor, held: Tensor[]): Weight {
  const [rows = 0, columns = 0] = host.shape;
  if (host.format === "f32") return { format: "f32", rows, columns, group: 1, w: upload(host.data, [rows, columns], "float32", held) };
  if (host.format === "f16") {
    const pairs = new Int32Array(host.halves.buffer);
    return { format: "f16", rows, columns, group: 1, w: upload(pairs, [rows, columns / 2], "int32", held) };
  }
  const words = new Int32Array(host.words.buffer, host.words.byteOffset, host.words.length);
  const scales = new Int32Array(host.scales.buffer, host.scales.byteOffset, host.scales.length);
  return {
    format: host.format,
    rows,
    columns,
    group: host.group,
    w: upload(words, [rows, words.length / rows], "int32", held),
    scales: upload(scales, [scales.length], "int32", held),
  };
}

/** Name under which the whole of joined matrices is given out. */
const JOINED = Symbol("joined");

/** The matrices a tensor is to be joined with, itself included, in the architecture's order. */
function joinedNames(architecture: Architecture, name: string): string[] | undefined {
  for (const modules of architecture.joined ?? []) {
    const module = modules.find((one) => name.endsWith(`.${one}.weight`));
    if (module !== undefined) return modules.map((one) => name.replace(`.${module}.weight`, `.${one}.weight`));
  }
  return undefined;
}

/** Each matrix under its name and, where they can be joined, their whole; the parts are views of it then. */
function uploadJoined(parts: readonly HostTensor[], held: Tensor[]): [string | typeof JOINED, Weight][] {
  const join = joinMatrices(parts);
  if (!join) return parts.map((part) => [part.name, uploadMatrix(part, held)]);
  const whole = uploadMatrix(join.whole, held);
  const view = (tensor: Tensor, start: number, shape: number[]): Tensor => {
    const part = tf.keep(viewOf(tensor, start, shape));
    held.push(part);
    return part;
  };
  const own = parts.map((part, i): [string, Weight] => {
    const [rows = 0] = part.shape;
    const start = join.starts[i] ?? { words: 0, scales: 0 };
    const w = view(whole.w, start.words, [rows, whole.w.shape[1] ?? 0]);
    if (!whole.scales || !("scales" in part)) return [part.name, { ...whole, rows, w }];
    return [part.name, { ...whole, rows, w, scales: view(whole.scales, start.scales, [part.scales.length]) }];
  });
  return [...own, [JOINED, whole]];
}

/** Every tensor that the configuration asks for must be there, in its shape; biases too, which the forward pass would do without. */
function checkShapes(model: Model): void {
  for (const [name, expected] of expectedTensors(model.architecture, model.config)) {
    const got = expected.length === 2 ? shapeOf(model.weight(name)) : (model.vector(name) ?? missingTensor(name)).shape;
    if (got.join() === expected.join()) continue;
    throw badShape(`${name} is (${got.join(", ")}), expected (${expected.join(", ")})`);
  }
}

const shapeOf = ({ rows, columns }: Weight): number[] => [rows, columns];

/** Sends one token through the model, so that a missing or misshapen tensor is found now and not in the middle of an answer. */
function tryOneToken(model: Model): void {
  const { layers, heads, kvHeads, headSize } = model.config;
  const expected = [heads, kvHeads, kvHeads].map((count) => count * headSize).join(", ");
  const attend: Pass["attend"] = (layer, ...projected) => {
    const got = projected.map(({ shape }) => shape[1]).join(", ");
    if (got !== expected) throw badShape(`block ${layer}: queries, keys and values have the widths ${got}, expected ${expected}`);
    return projected[0];
  };
  try {
    tf.tidy(() => {
      const zero = tf.tensor1d([0], "int32");
      headLogits(model, runBlocks(model, embedTokens(model, zero, zero), { positions: zero, attend }, 0, layers));
    });
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.code === "bad-config") throw thrown;
    throw badShape(thrown instanceof Error ? thrown.message : String(thrown), thrown);
  }
}

function badShape(what: string, cause?: unknown): EngineError {
  return new EngineError("bad-config", `The weights do not fit together: ${what}.`, "Use the config.json that belongs to the weights.", {
    cause,
  });
}
