import { settleAllocations } from "../gpu/allocations.ts";
import { bindingLimit, isView, tf, webgpuBackend, type Tensor } from "../gpu/tensors.ts";
import { ropeTable } from "../kernels/rope.ts";
import type { Matrix } from "../kernels/splitWeight.ts";
import { EngineError, throwIfCancelled } from "../lib/errors.ts";
import { elementCount, type HostTensor, type ModelFiles } from "../weights/hostTensor.ts";
import { readModelConfig } from "./architectures/registry.ts";
import { embedTokens, headLogits, runBlocks } from "./forward.ts";
import { missingTensor } from "./missingTensor.ts";
import type { Model, Pass } from "./model.ts";
import { head } from "./tensorPlan.ts";
import { badShape, planUpload } from "./uploadPlan.ts";
import { createUploader, type Uploader } from "./uploadWeights.ts";

/**
 * Uploads every tensor as it comes; host memory holds one at a time. Matrices that no binding can hold are kept in pieces.
 * @param limit bytes of one binding; the device's own unless a test wants pieces
 * @throws EngineError `cancelled`, `bad-config`, `unsupported-architecture`, `device-limit`, and those of the files
 */
export async function uploadModel(files: ModelFiles, signal?: AbortSignal, limit = bindingLimit()): Promise<Model> {
  const { architecture, config } = readModelConfig(files.config);
  const joins = planUpload(files.outline, architecture, config, limit);
  const held: Tensor[] = [];
  const dispose = (): void => tf.dispose(held.splice(0));
  try {
    const uploader = createUploader(joins, limit, held);
    const { matrices, vectors } = await uploadAll(files, uploader, signal);
    const { ropeFrequencies: turns, contextLength } = config;
    const rope = turns && uploader.floats(ropeTable(turns, contextLength), [contextLength, 2 * turns.length]);
    const model: Model = {
      config,
      architecture,
      parameters: files.outline.reduce((sum, { shape }) => sum + elementCount(shape), 0),
      bytes: held.reduce((sum, tensor) => sum + (isView(tensor) ? 0 : tensor.size * 4), 0),
      ...(rope ? { rope } : {}),
      ...(config.tiedHead ? {} : { untiedHead: head }),
      joinedWeight: uploader.whole,
      weight: (name) => matrices.get(name) ?? missingTensor(name),
      vector: (name) => vectors.get(name),
      dispose,
    };
    tryOneToken(model);
    await settleAllocations(webgpuBackend().device);
    return model;
  } catch (thrown) {
    dispose();
    throw thrown;
  }
}

async function uploadAll(files: ModelFiles, uploader: Uploader, signal: AbortSignal | undefined) {
  const matrices = new Map<string, Matrix>();
  const vectors = new Map<string, Tensor>();
  for await (const host of files.tensors()) {
    throwIfCancelled(signal);
    if (host.shape.length === 2) matrices.set(host.name, uploader.matrix(host));
    else vectors.set(host.name, uploader.floats(floatsOf(host), host.shape));
    await uploader.settle();
  }
  return { matrices, vectors };
}

function floatsOf(host: HostTensor): Float32Array {
  if (host.format === "f32") return host.data;
  throw new EngineError(
    "bad-config",
    `Tensor ${host.name} is ${host.format} but no matrix.`,
    "Write the model again with npm run quantize.",
  );
}

/** Errors of a first token that say themselves what they are of; any other is one of tensors that do not fit together. */
const OWN_CODES: readonly string[] = ["bad-config", "device-limit", "device-lost", "out-of-memory"];

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
    if (thrown instanceof EngineError && OWN_CODES.includes(thrown.code)) throw thrown;
    throw badShape(thrown instanceof Error ? thrown.message : String(thrown), thrown);
  }
}
