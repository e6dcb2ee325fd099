import { beforeAll, expect, test } from "vitest";
import { readFloats, tf } from "../gpu/tensors.ts";
import { uniformArray } from "../gpu/testing/arrays.ts";
import { installTestGpu } from "../gpu/testing/testGpu.ts";
import { codeDistances, packCodes } from "../kernels/codeDistances.ts";
import { routerKernel } from "../kernels/router.ts";
import { createPrng } from "../lib/prng.ts";
import { decideScope } from "./deferral.ts";

beforeAll(() => installTestGpu());

test.each([
  ["the paper's", { rows: 7, inputs: 24, layers: 6, experts: 4, topK: 2, stored: 90 }],
  ["more than a word", { rows: 3, inputs: 8, layers: 3, experts: 33, topK: 5, stored: 5 }],
])("distances by popcount are those of the deferral rule: %s", async (_name, { rows, inputs, layers, experts, topK, stored }) => {
  const prng = createPrng(71);
  const tensor = (...shape: number[]) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return tf.tensor(uniformArray(prng, size), shape);
  };
  const codes = Array.from({ length: stored }, () => Array.from({ length: layers * experts }, () => prng.below(2)));
  const [routed, distances] = tf.tidy(() => {
    const weights = { q: tensor(rows, inputs), w: tensor(layers, experts, inputs), bias: tensor(layers, experts) };
    const made = routerKernel.run(weights, { topK, P: 3 * experts });
    const packed = packCodes(codes);
    return [made, codeDistances.run({ routed: made, codes: tf.tensor(packed, [stored, packed.length / stored], "int32") }, {})];
  }) as [tf.Tensor, tf.Tensor];
  const [outputs, got] = await Promise.all([readFloats(routed), readFloats(distances)]);
  tf.dispose([routed, distances]);
  const edits = codes.map((code, edit) => ({ edit, code }));
  for (let row = 0; row < rows; row++) {
    const code = Array.from({ length: layers * experts }, (_, bit) => {
      const layer = Math.floor(bit / experts);
      return outputs[((row * layers + layer) * 3 + 2) * experts + (bit % experts)] ?? 0;
    });
    const expected = decideScope(code, edits, 1).distances.map(({ distance }) => distance);
    expect(Array.from(got.subarray(row * stored, (row + 1) * stored))).toEqual(expected);
  }
});
