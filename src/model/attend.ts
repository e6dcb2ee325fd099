import { tf, type Tensor } from "../gpu/tensors.ts";
import { attention, copyRows } from "../kernels/attention.ts";
import type { Pass } from "./architectures/architecture.ts";
import type { ModelConfig } from "./config.ts";

type Attend = Pass["attend"];
const FORBIDDEN = -1e9;

/**
 * Attention of B padded sequences of T tokens, differentiable, out of stock ops.
 * @param mask of attentionMask
 */
export function batchedAttend(config: ModelConfig, mask: Tensor): Attend {
  const [batch = 0, , length = 0] = mask.shape;
  return (layer, q, k, v) => {
    const queries = splitHeads(q, batch, length, config.heads, config.headSize);
    const keys = splitHeads(repeatHeads(k, config), batch, length, config.heads, config.headSize);
    const values = splitHeads(repeatHeads(v, config), batch, length, config.heads, config.headSize);
    const scores = tf.add(tf.mul(tf.matMul(queries, keys, false, true), config.attentionScales[layer] ?? 1), mask);
    const mixed = tf.matMul(tf.softmax(scores), values); // (B, H, T, D)
    return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch * length, config.heads * config.headSize]);
  };
}

/**
 * What to add to the scores of B sequences of T tokens, (B, 1, T, T): nothing where a key is seen.
 * @param keyMask (B * T), 1 for tokens, 0 for padding; padding is no key
 */
export function attentionMask(batch: number, length: number, keyMask?: readonly number[]): Tensor {
  const data = new Float32Array(batch * length * length);
  for (let b = 0; b < batch; b++) {
    for (let t = 0; t < length; t++) {
      const row = (b * length + t) * length;
      for (let s = 0; s < length; s++) data[row + s] = s <= t && (keyMask?.[b * length + s] ?? 1) !== 0 ? 0 : FORBIDDEN;
      // Padding before all tokens sees nothing: it attends to itself, and nothing reads it.
      if (!data.subarray(row, row + length).includes(0)) data[row + t] = 0;
    }
  }
  return tf.tensor4d(data, [batch, 1, length, length]);
}

const splitHeads = (x: Tensor, batch: number, length: number, heads: number, size: number): Tensor =>
  tf.transpose(tf.reshape(x, [batch, length, heads, size]), [0, 2, 1, 3]);

/** Each key or value head once for every query head of its group: (N, kv heads * D) to (N, H * D). */
function repeatHeads(x: Tensor, { heads, kvHeads, headSize }: ModelConfig): Tensor {
  if (heads === kvHeads) return x;
  const rows = x.shape[0] ?? 0;
  const group = heads / kvHeads;
  return tf.reshape(tf.mul(tf.reshape(x, [rows, kvHeads, 1, headSize]), tf.ones([1, 1, group, 1])), [rows, heads * headSize]);
}

/** Keys and values of one sequence, of a fixed capacity. */
export interface KvCache {
  readonly capacity: number;
  /** Attention of the rows that follow `start` cached ones; their keys and values are written first. */
  attendFrom(start: number): Attend;
  dispose(): void;
}

export function createKvCache(config: ModelConfig, capacity: number): KvCache {
  const width = config.kvHeads * config.headSize;
  const make = (): Tensor[] => Array.from({ length: config.layers }, () => tf.keep(tf.zeros([capacity, width])));
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
      return attention.run({ q, keys: at(keys, layer), values: at(values, layer) }, { start, D: config.headSize, scale: config.attentionScales[layer] ?? 1 });
    },
    dispose: () => tf.dispose([...keys, ...values]),
  };
}
