import { tf, zeroVector, type Tensor } from "../gpu/tensors.ts";
import { linearLayer } from "../kernels/linearLayer.ts";
import type { Pass } from "./model.ts";
import type { Model } from "./model.ts";

/** Token ids (N) int32 to the residual stream (N, C). */
export function embedTokens(model: Model, ids: Tensor, positions: Tensor): Tensor {
  return model.architecture.embed(model, ids, positions);
}

/** Blocks from `first` up to, not with, `end`: (N, C) to (N, C). */
export function runBlocks(model: Model, x: Tensor, pass: Pass, first: number, end: number): Tensor {
  let stream = x;
  for (let layer = first; layer < end; layer++) stream = model.architecture.runBlock(model, layer, stream, pass);
  return stream;
}

/** Residual stream (N, C) to logits (N, V). Give it only the rows whose logits are needed. */
export function headLogits(model: Model, x: Tensor): Tensor {
  const { config, architecture } = model;
  const head = headWeight(model);
  return linearLayer(architecture.finish(model, x), head, zeroVector(config.vocabularySize));
}

/** The head's own weight, or the embedding where the two are tied. */
function headWeight(model: Model) {
  return model.weight(model.untiedHead ?? model.architecture.embedding);
}

/** The input (N, I) of one linear module of block `layer`, given the block's own input. */
export function linearInput(model: Model, x: Tensor, pass: Pass, layer: number, module: string): Tensor {
  return tf.tidy(() => {
    let captured: Tensor | undefined;
    model.architecture.runBlock(model, layer, x, {
      ...pass,
      onLinear: (_layer, name, input) => {
        if (name === module) captured = input;
        return undefined;
      },
    });
    if (!captured) throw new Error(`Block ${layer} has no linear module ${module}`);
    return captured;
  });
}

/** Positions 0 … T−1 for each of B sequences, (B * T) int32. */
export function batchPositions(batch: number, length: number): Tensor {
  return tf.tensor1d(
    Int32Array.from({ length: batch * length }, (_, n) => n % length),
    "int32",
  );
}
