import { expect, test } from "vitest";
import { encodeFloat16 } from "../lib/float16.ts";
import { dequantizeTensor } from "./quantize.ts";
import { memoryFiles } from "./fileSets.ts";
import type { HostTensor, PackedTensor } from "./hostTensor.ts";
import { readTensor } from "./readTensor.ts";
import { blockSizes, decodeWeights, storedBytes, type BlockFormat } from "./storedFormats.ts";
import golden from "./testing/ggufBlocks.json" with { type: "json" };

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text, "base64"));
const floatsOf = (text: string): Float32Array => new Float32Array(bytesOf(text).buffer);
const cases = golden.map(({ format, bytes, floats }) => ({
  format: format as BlockFormat,
  bytes: bytesOf(bytes),
  floats: floatsOf(floats),
}));

/** Largest difference over the largest weight. */
function distance(got: Float32Array, expected: Float32Array): number {
  const largest = expected.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
  return got.reduce((most, weight, i) => Math.max(most, Math.abs(weight - (expected[i] ?? NaN))), 0) / largest;
}

/** 512 weights as two rows of a file's tensor. */
function read(
  format: BlockFormat,
  bytes: Uint8Array,
  planned: { interleavedHeads?: number; transpose?: boolean } = {},
): Promise<HostTensor> {
  const source = memoryFiles("m", new Map([["m.gguf", bytes]])).open("m.gguf");
  if (!source) throw new Error("no file");
  const entry = { name: "w", shape: [2, 256], format, source, begin: 0, end: bytes.length };
  return readTensor(entry, { name: "w", transpose: false, pack: true, ...planned }, { precision: "stored" });
}

test.each(cases)("$format is decoded as llama.cpp decodes it", ({ format, bytes, floats }) => {
  expect(bytes.length).toBe(storedBytes(format, 512));
  expect(distance(decodeWeights(format, bytes), floats)).toBeLessThan(2e-7);
});

/** What each becomes, and how far from its floats at most: nothing where integers move as they are; f16 for a product of scales. */
const becomes: Readonly<Record<BlockFormat, readonly [PackedTensor["format"], number, number]>> = {
  Q4_0: ["int4", 32, 0],
  Q4_1: ["int4m", 32, 2e-7],
  Q5_0: ["int8", 32, 2e-7],
  Q5_1: ["int8", 32, 0.01],
  Q8_0: ["int8", 32, 2e-7],
  Q4_K: ["int4m", 32, 5e-4],
  Q5_K: ["int8", 32, 0.01],
  Q6_K: ["int8", 16, 5e-4],
};

test.each(cases)("$format becomes a packed format of ours", async ({ format, bytes, floats }) => {
  const [packed, group, bound] = becomes[format];
  const tensor = (await read(format, bytes)) as PackedTensor;
  expect(tensor).toMatchObject({ name: "w", shape: [2, 256], format: packed, group });
  expect(distance(dequantizeTensor(tensor).data, floats)).toBeLessThanOrEqual(bound);
});

test("rows of interleaved heads are put back in two halves, in every form", async () => {
  for (const { format, bytes, floats } of cases) {
    // Two heads of one row would have no halves: 16 rows of 32 in a format of small blocks.
    if (blockSizes[format].weights !== 32) continue;
    const source = memoryFiles("m", new Map([["m.gguf", bytes]])).open("m.gguf");
    if (!source) throw new Error("no file");
    const entry = { name: "q", shape: [16, 32], format, source, begin: 0, end: bytes.length };
    const tensor = await readTensor(entry, { name: "q", transpose: false, pack: true, interleavedHeads: 2 }, { precision: "stored" });
    const back = dequantizeTensor(tensor as PackedTensor).data;
    // Row 2 j + half of a head of eight lands in row half * 4 + j.
    const expected = new Float32Array(512);
    for (let row = 0; row < 16; row++) {
      const within = row % 8;
      const to = row - within + (within % 2) * 4 + Math.floor(within / 2);
      expected.set(floats.subarray(row * 32, row * 32 + 32), to * 32);
    }
    expect(distance(back, expected), format).toBeLessThan(0.01);
  }
});

test("a scale that is no number is refused, with the file and the tensor", async () => {
  const bytes = cases[0]?.bytes.slice() ?? new Uint8Array();
  new DataView(bytes.buffer).setUint16(18, encodeFloat16(Infinity), true);
  await expect(read("Q4_0", bytes)).rejects.toMatchObject({
    code: "bad-gguf",
    message: expect.stringContaining('m.gguf, tensor "w": Got a scale'),
  });
});

test("a row is blocks laid end to end", () => {
  expect(storedBytes("Q4_K", 4096)).toBe(16 * 144);
  expect(storedBytes("BF16", 3)).toBe(6);
});
