import { checkBinding, emptyTensor, tf, type Tensor } from "../gpu/tensors.ts";
import { attention, copyRows } from "../kernels/attention.ts";
import { batchAttention } from "../kernels/batchAttention.ts";
import type { Pass } from "./model.ts";
import type { ModelConfig } from "./config.ts";

type Attend = Pass["attend"];

/**
 * Attention of B padded sequences of T tokens, differentiable.
 * @param mask (B * T), 1 for tokens, 0 for padding, which is no key
 */
export function batchedAttend(config: ModelConfig, length: number, mask: Tensor): Attend {
  return (layer, q, k, v) => batchAttention(q, k, v, mask, { T: length, D: config.headSize, scale: config.attentionScales[layer] ?? 1 });
}

/** Keys and values of one sequence, of a fixed capacity: 2 · layers · capacity · kv heads · D floats. */
export interface KvCache {
  readonly capacity: number;
  /** Attention of the rows that follow `start` cached ones; their keys and values are written first. */
  attendFrom(start: number): Attend;
  /** (capacity, kv heads * D) each. */
  layer(layer: number): { readonly keys: Tensor; readonly values: Tensor };
  dispose(): void;
}

/** @throws EngineError `device-limit` */
export function createKvCache(config: ModelConfig, capacity: number): KvCache {
  const width = config.kvHeads * config.headSize;
  checkBinding(`The keys of ${capacity} tokens`, 4 * capacity * width);
  // Attention reads no row that was not written before.
  const make = (): Tensor[] => Array.from({ length: config.layers }, () => tf.keep(emptyTensor([capacity, width], "float32")));
  const keys = make();
  const values = make();
  const at = (list: Tensor[], layer: number): Tensor => {
    const tensor = list[layer];
    if (!tensor) throw new Error(`No cache for layer ${layer}`);
    return tensor;
  };
  return {
    capacity,
    attendFrom: (start) => (layer, q, k, v) => {
      copyRows.runInto(at(keys, layer), { x: k }, { S: capacity, start });
      copyRows.runInto(at(values, layer), { x: v }, { S: capacity, start });
      return attention.run(
        { q, keys: at(keys, layer), values: at(values, layer) },
        { start, D: config.headSize, scale: config.attentionScales[layer] ?? 1 },
      );
    },
    layer: (layer) => ({ keys: at(keys, layer), values: at(values, layer) }),
    dispose: () => tf.dispose([...keys, ...values]),
  };
}
