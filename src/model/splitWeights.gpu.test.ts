import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emptyTensor, tf } from "../gpu/tensors.ts";
import { largestDifference } from "../gpu/testing/arrays.ts";
import { installTestGpu } from "../gpu/testing/testGpu.ts";
import { piecesOf } from "../kernels/splitWeight.ts";
import { errorFacts } from "../lib/errors.ts";
import { createKvCache } from "./attend.ts";
import { GREEDY, startDecoding } from "./decodeRun.ts";
import { embedTokens, headLogits, runBlocks } from "./forward.ts";
import type { Model } from "./model.ts";
import { batchLogits, cachedLogits } from "./testing/logits.ts";
import { SPLIT_LIMITS, SPLIT_SIZE, tinyFiles, type Family } from "./testing/tinyModel.ts";
import { uploadModel } from "./uploadModel.ts";

const TOLERANCE = 1e-4;
const VOCABULARY = 150;
const PROMPT = [7, 140, 66, 3];

let gpuErrors: readonly string[] = [];
beforeAll(async () => {
  gpuErrors = await installTestGpu();
});

/** Greedy tokens after the prompt, and the logits after the last. */
async function decoded(model: Model, count: number): Promise<{ readonly ids: number[]; readonly logits: Float32Array }> {
  const cache = createKvCache(model.config, 16);
  const logits = tf.tidy(() => {
    const positions = tf.tensor1d([...PROMPT.keys()], "int32");
    const stream = embedTokens(model, tf.tensor1d(PROMPT, "int32"), positions);
    const read = runBlocks(model, stream, { positions, attend: cache.attendFrom(0) }, 0, model.config.layers);
    return tf.keep(tf.reshape(headLogits(model, tf.slice(read, [PROMPT.length - 1, 0], [1, -1])), [VOCABULARY]));
  });
  const watched = tf.keep(emptyTensor([1], "float32"));
  const run = startDecoding(model, { cache, logits, length: PROMPT.length, sampling: GREEDY, watched });
  const ids: number[] = [];
  while (ids.length < count) ids.push((await run.next()).id);
  const last = await run.logits();
  run.dispose();
  cache.dispose();
  watched.dispose();
  return { ids, logits: last };
}

const CASES: readonly (readonly [Family, "f32" | "int8" | "int4", "tied" | "untied"])[] = [
  ["gpt2", "f32", "tied"],
  ["gpt2", "int8", "untied"],
  ["gpt2", "int4", "tied"],
  ["llama", "f32", "untied"],
  ["llama", "int8", "tied"],
  ["llama", "int4", "untied"],
];

describe.each(CASES)("%s in %s, %s, in pieces", (family, format, head) => {
  let [whole, split]: Model[] = [];
  beforeAll(async () => {
    const files = tinyFiles(family, { format, vocabulary: VOCABULARY, size: SPLIT_SIZE, tied: head === "tied" });
    whole = await uploadModel(files);
    split = await uploadModel(files, undefined, SPLIT_LIMITS[format]);
  });
  afterAll(() => [whole, split].forEach((model) => model?.dispose()));
  const both = (): readonly [Model, Model] => {
    if (whole && split) return [whole, split];
    throw new Error("not uploaded");
  };

  test("is kept in at least three pieces a matrix, none beyond the limit", () => {
    const [one, parted] = both();
    const { architecture, untiedHead } = parted;
    for (const name of [
      architecture.embedding,
      untiedHead ?? architecture.embedding,
      `${architecture.block(1)}.${architecture.downProjection}.weight`,
    ]) {
      expect(piecesOf(one.weight(name))).toHaveLength(1);
      const pieces = piecesOf(parted.weight(name));
      expect(pieces.length).toBeGreaterThanOrEqual(3);
      for (const { weight, first } of pieces) {
        expect(4 * weight.w.size).toBeLessThanOrEqual(SPLIT_LIMITS[format]);
        expect(first % 64).toBe(0);
      }
    }
    const projections = architecture.joined?.[0]?.map((module) => `${architecture.block(0)}.${module}.weight`) ?? [];
    expect(parted.joinedWeight(projections)).toBeUndefined();
    expect([parted.bytes, parted.parameters]).toEqual([one.bytes, one.parameters]);
  });

  test("has the same logits, as a batch and read in runs", async () => {
    const [one, parted] = both();
    const sequences = [PROMPT, [149, 64]];
    expect(largestDifference(await batchLogits(parted, sequences), await batchLogits(one, sequences))).toBeLessThan(TOLERANCE);
    expect(largestDifference(await cachedLogits(parted, PROMPT, [3, 1]), await cachedLogits(one, PROMPT, [3, 1]))).toBeLessThan(TOLERANCE);
  });

  test("decodes the same tokens", async () => {
    const [one, parted] = both();
    const [expected, got] = [await decoded(one, 4), await decoded(parted, 4)];
    expect(got.ids).toEqual(expected.ids);
    expect(largestDifference(got.logits, expected.logits)).toBeLessThan(TOLERANCE);
    expect(gpuErrors).toEqual([]);
  });
});

test("a cache of more than one binding is refused", () => {
  const config = { layers: 1, kvHeads: 32, headSize: 128 } as Model["config"];
  const before = tf.memory().numTensors;
  const beyond = (): unknown => createKvCache(config, 2 ** 24);
  expect(beyond).toThrow(/keys of 16777216 tokens: got 262144\.0 MiB/);
  try {
    beyond();
  } catch (thrown) {
    expect(errorFacts(thrown).code).toBe("device-limit");
  }
  expect(tf.memory().numTensors).toBe(before);
});
