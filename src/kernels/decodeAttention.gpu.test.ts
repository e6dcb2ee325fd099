import { beforeAll, expect, test } from "vitest";
import { emptyTensor, readFloats, tf, type Tensor } from "../gpu/tensors.ts";
import { uniformArray } from "../gpu/testing/arrays.ts";
import { installTestGpu } from "../gpu/testing/testGpu.ts";
import { createPrng } from "../lib/prng.ts";
import { decodeAttention } from "./decodeAttention.ts";

let gpuErrors: readonly string[] = [];
beforeAll(async () => {
  gpuErrors = await installTestGpu();
});

const [S, K] = [4, 8];

async function attend(position: number): Promise<Float32Array> {
  const prng = createPrng(7);
  const vectors = ["q", "k", "v"].map((name) => [name, tf.tensor1d(uniformArray(prng, K))] as const);
  const caches = ["keys", "values"].map((name) => [name, tf.tensor2d(uniformArray(prng, S * K), [S, K])] as const);
  const state = tf.tensor1d([0, position, 0], "int32");
  const inputs: Record<string, Tensor> = { ...Object.fromEntries([...vectors, ...caches]), state };
  const result = emptyTensor([K], "float32");
  decodeAttention("learned").runInto(result, inputs, { C: K, D: 4, qAt: 0, kAt: 0, vAt: 0, scale: 0.5 });
  const values = await readFloats(result);
  tf.dispose([result, ...Object.values(inputs)]);
  return values;
}

test("a position that never arrived, and may be anything, goes over the cache and no further", async () => {
  // The bits of 1.0, as a buffer of floats leaves them behind.
  expect(await attend(0x3f800000)).toEqual(await attend(S - 1));
  expect(await attend(-5)).toEqual(await attend(0));
  expect(gpuErrors).toEqual([]);
});
