import { beforeAll, describe, expect, test } from "vitest";
import { tf, type Tensor } from "../gpu/tensors.ts";
import { largestDifference } from "../gpu/testing/arrays.ts";
import { installTestGpu } from "../gpu/testing/testGpu.ts";
import { createPrng } from "../lib/prng.ts";
import { batchedAttend } from "./attend.ts";
import { batchPositions, embedTokens, linearInput } from "./forward.ts";
import { batchLogits, cachedLogits } from "./testing/logits.ts";
import { dequantizedFiles, tinyFiles, type Family, type TinyOptions } from "./testing/tinyModel.ts";
import { uploadModel } from "./uploadModel.ts";

const TOLERANCE = 1e-4;
const VOCABULARY = 44;
const FAMILIES: readonly Family[] = ["gpt2", "llama"];

let gpuErrors: readonly string[] = [];
beforeAll(async () => {
  gpuErrors = await installTestGpu();
});

const prng = createPrng(21);
const randomIds = (length: number): number[] => Array.from({ length }, () => prng.below(VOCABULARY));
const options = (more: TinyOptions = {}): TinyOptions => ({ vocabulary: VOCABULARY, ...more });

const ids = (list: readonly number[]): Tensor => tf.tensor1d([...list], "int32");

describe.each(FAMILIES)("%s", (family) => {
  test.each(["f16", "int8", "int4", "int4m"] as const)("in %s has the logits of its dequantized weights", async (format) => {
    const packed = await uploadModel(tinyFiles(family, options({ format })));
    const floats = await uploadModel(dequantizedFiles(family, options({ format })));
    expect(packed.parameters).toBe(floats.parameters);
    expect(packed.bytes).toBeLessThan(floats.bytes * (format === "f16" ? 0.6 : 0.5));
    const sequences = [randomIds(9), randomIds(5)];
    const expected = await batchLogits(floats, sequences);
    expect(largestDifference(await batchLogits(packed, sequences), expected)).toBeLessThan(TOLERANCE);
    // One row goes through other kernels than many.
    const single = randomIds(3);
    const byToken = await cachedLogits(packed, single, [1, 1, 1]);
    expect(largestDifference(byToken, await cachedLogits(floats, single, [1, 1, 1]))).toBeLessThan(TOLERANCE);
    packed.dispose();
    floats.dispose();
    expect(gpuErrors).toEqual([]);
  });

  test("reads a sequence alike as a batch, token by token, and in runs", async () => {
    const model = await uploadModel(tinyFiles(family, options()));
    const sequence = randomIds(8);
    const expected = await batchLogits(model, [sequence]);
    expect(expected.every(Number.isFinite)).toBe(true);
    for (const runs of [[1, 1, 1, 1, 1, 1, 1, 1], [5, 1, 2], [8]]) {
      expect(largestDifference(await cachedLogits(model, sequence, runs), expected)).toBeLessThan(TOLERANCE);
    }
    model.dispose();
  });

  test("gives real rows the same logits whatever pads them and stands beside them", async () => {
    const model = await uploadModel(tinyFiles(family, options()));
    const [long, short] = [randomIds(7), randomIds(3)];
    const alone = await batchLogits(model, [short]);
    const together = await batchLogits(model, [long, short], 2);
    const own = together.subarray(9 * VOCABULARY, 12 * VOCABULARY);
    expect(largestDifference(own, alone)).toBeLessThan(TOLERANCE);
    const changed = await batchLogits(model, [randomIds(7), short], 2);
    expect(largestDifference(changed.subarray(9 * VOCABULARY, 12 * VOCABULARY), own)).toBe(0);
    model.dispose();
  });

  test("lets no token see later ones, and every token see all before", async () => {
    const model = await uploadModel(tinyFiles(family, options()));
    const sequence = randomIds(6);
    const other = sequence.map((id, t) => (t === 3 ? (id + 1) % VOCABULARY : id));
    const [first, second] = [await batchLogits(model, [sequence]), await batchLogits(model, [other])];
    expect(largestDifference(first.subarray(0, 3 * VOCABULARY), second.subarray(0, 3 * VOCABULARY))).toBe(0);
    for (let t = 3; t < 6; t++) {
      const row = [t * VOCABULARY, (t + 1) * VOCABULARY] as const;
      expect(largestDifference(first.subarray(...row), second.subarray(...row))).toBeGreaterThan(1e-3);
    }
    model.dispose();
  });

  test("gives back every tensor", async () => {
    const before = tf.memory().numTensors;
    const model = await uploadModel(tinyFiles(family, options()));
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test("shows the input of each linear module", async () => {
    const model = await uploadModel(tinyFiles(family, options()));
    const expected = {
      gpt2: { "attn.c_attn": 32, "attn.c_proj": 32, "mlp.c_fc": 32, "mlp.c_proj": 128 },
      llama: { "self_attn.q_proj": 32, "self_attn.o_proj": 32, "mlp.down_proj": 64 },
    }[family];
    for (const [module, width] of Object.entries(expected)) {
      const input = tf.tidy(() => {
        const pass = { positions: batchPositions(1, 4), attend: batchedAttend(model.config, 4, tf.ones([4])) };
        return linearInput(model, embedTokens(model, ids(randomIds(4)), pass.positions), pass, 0, module);
      });
      expect(input.shape).toEqual([4, width]);
      input.dispose();
    }
    model.dispose();
  });
});
