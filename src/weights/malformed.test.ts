import { afterAll, describe, expect, test } from "vitest";
import { EngineError } from "../lib/errors.ts";
import { createPrng } from "../lib/prng.ts";
import { memoryFiles } from "./fileSets.ts";
import { elementCount, tensorBytes, type HostTensor } from "./hostTensor.ts";
import { folderWith, type Files } from "./testing/malformedBase.ts";
import { malformedFiles } from "./testing/malformedFiles.ts";
import { assemble, soundGguf } from "./testing/malformedGgufBase.ts";
import { shardedWith } from "./testing/malformedIndex.ts";
import { loadWhole } from "./testing/malformedLoad.ts";
import { mutantOf } from "./testing/malformedMutants.ts";
import { watchAllocations } from "./testing/malformedWatch.ts";

const prototypeBefore = Reflect.ownKeys(Object.prototype);
const sound: Readonly<Record<string, Files>> = {
  llama: folderWith(),
  gpt2: folderWith({}, "gpt2"),
  sharded: shardedWith(),
  gguf: new Map([["tiny.gguf", assemble(soundGguf).bytes]]),
};

/** Undefined where the files are accepted. */
const refusalOf = (files: Files): Promise<unknown> =>
  loadWhole(memoryFiles("tiny", files), checkTensor).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );

/** A tensor that adds up: as many numbers as its shape, and each finite. */
function checkTensor(tensor: HostTensor): void {
  const expected = tensorBytes(tensor);
  if (tensor.format === "f32" || tensor.format === "f16") {
    const data = tensor.format === "f32" ? tensor.data : tensor.halves;
    if (data.byteLength !== expected.words || !data.every(Number.isFinite)) throw new Error(`${tensor.name} does not add up`);
  } else if (tensor.words.byteLength !== expected.words || tensor.scales.byteLength !== expected.scales || elementCount(tensor.shape) === 0)
    throw new Error(`${tensor.name} does not add up`);
}

test.each(Object.entries(sound))("sound: %s", async (_name, files) => {
  expect(await refusalOf(files)).toBeUndefined();
});

describe("refused by name:", () => {
  const times = new Map<string, number>();
  afterAll(() => {
    const [slowest] = [...times].sort((a, b) => b[1] - a[1]);
    console.log(`${times.size} malformed files refused; the slowest, ${slowest?.[0]}, in ${slowest?.[1].toFixed(1)} ms`);
  });

  test.each(malformedFiles)("$name", async ({ name, files, code, says }) => {
    const made = files();
    const began = performance.now();
    const thrown = await refusalOf(made);
    times.set(name, performance.now() - began);
    if (!(thrown instanceof EngineError)) throw new Error(`${name}: got ${String(thrown)}, expected an EngineError`, { cause: thrown });
    expect(thrown.message).toMatch(says);
    expect(thrown.code).toBe(code);
    expect(thrown.message).toMatch(/expected|duplicate|forbidden/);
    expect(thrown.message.length).toBeLessThan(600);
    expect(thrown.hint).not.toBe("");
  });

  test("each name is one fault's", () => {
    expect(malformedFiles.length).toBeGreaterThan(300);
    expect(new Set(malformedFiles.map(({ name }) => name)).size).toBe(malformedFiles.length);
  });
});

/** The file that is damaged, how often, and up to which byte. */
const damaged: readonly [model: string, file: string, count: number, first: number][] = [
  ["gguf", "tiny.gguf", 2000, 1500],
  ["gguf", "tiny.gguf", 1000, 14_000],
  ["llama", "model.safetensors", 2000, 1200],
  ["gpt2", "model.safetensors", 800, 100_000],
  ["sharded", "model.safetensors.index.json", 1000, 2000],
  ["llama", "config.json", 1000, 1000],
  ["gpt2", "config.json", 1000, 1000],
  ["llama", "tokenizer.json", 600, 20_000],
];

let accepted = 0;
test.each(damaged)("%s, %s: %i mutants up to byte %i give typed errors, or a model that adds up", async (model, file, count, first) => {
  const files = sound[model] ?? new Map<string, Uint8Array>();
  const original = files.get(file) ?? new Uint8Array();
  const prng = createPrng(count + first);
  for (let i = 0; i < count; i++) {
    const mutant = new Map([...files, [file, mutantOf(original, { prng, first })]]);
    let largest = 0;
    const thrown = await watchAllocations(
      (bytes) => (largest = Math.max(largest, bytes)),
      () => refusalOf(mutant),
    );
    if (thrown !== undefined && !(thrown instanceof EngineError))
      throw new Error(`mutant ${i}: got an error without a type`, { cause: thrown });
    accepted += Number(thrown === undefined);
    // The table of all halves takes 256 KiB, once.
    expect(largest, `mutant ${i}`).toBeLessThan(8 * [...mutant.values()].reduce((sum, { length }) => sum + length, 0) + 2 ** 19);
  }
});

test("what is allocated is seen", async () => {
  const seen: number[] = [];
  await watchAllocations(
    (bytes) => seen.push(bytes),
    async () => [new Float32Array(5), Uint8Array.from([1, 2]), Array.from({ length: 3 })],
  );
  expect(seen).toEqual(expect.arrayContaining([20, 2, 24]));
});

test("some mutants are models all the same, most are not", () => {
  const count = damaged.reduce((sum, [, , own]) => sum + own, 0);
  expect(accepted).toBeGreaterThan(count / 100);
  expect(accepted).toBeLessThan(count / 2);
});

test("none of them changed what every object has", () => {
  expect(Reflect.ownKeys(Object.prototype)).toEqual(prototypeBefore);
});
