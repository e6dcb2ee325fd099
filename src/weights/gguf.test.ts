import { describe, expect, test } from "vitest";
import { memoryFiles } from "./fileSets.ts";
import { openGguf, parseGgufHeader } from "./gguf.ts";
import { writeGguf, type WrittenTensor } from "./testing/ggufWriter.ts";

const tensor = (name: string, shape: number[], format: "F32" | "Q4_0" = "F32"): WrittenTensor => ({
  name,
  shape,
  format,
  bytes: new Uint8Array((shape.reduce((a, b) => a * b, 1) / (format === "F32" ? 1 : 32)) * (format === "F32" ? 4 : 18)),
});

const file = writeGguf(
  {
    "general.architecture": "llama",
    "llama.rope.freq_base": { float32: 10000 },
    "big.number": { uint64: 2n ** 53n - 1n },
    "tokenizer.ggml.tokens": ["a", "", "ü"],
    "tokenizer.ggml.scores": { float32: [0, -1.5] },
    "tokenizer.ggml.token_type": { int32: [-1, 3] },
    flag: true,
  },
  [tensor("token_embd.weight", [3, 32], "Q4_0"), tensor("output_norm.weight", [5]), tensor("last.weight", [2, 4])],
);

describe("a header", () => {
  test("gives metadata by type, and tensors row-major where they lie", () => {
    const { version, metadata, tensors } = parseGgufHeader(file, file.length);
    expect(version).toBe(3);
    expect(Object.fromEntries(metadata)).toEqual({
      "general.architecture": "llama",
      "llama.rope.freq_base": 10000,
      "big.number": 2 ** 53 - 1,
      "tokenizer.ggml.tokens": ["a", "", "ü"],
      "tokenizer.ggml.scores": [0, -1.5],
      "tokenizer.ggml.token_type": [-1, 3],
      flag: true,
    });
    const [first, second, third] = [...tensors.values()];
    expect(first).toMatchObject({ name: "token_embd.weight", shape: [3, 32], format: "Q4_0" });
    expect([first?.end ?? 0, second?.begin, third?.end]).toEqual([(first?.begin ?? 0) + 54, (first?.begin ?? 0) + 64, file.length]);
  });

  test("is read in growing parts", async () => {
    const tokens = Array.from({ length: 100_000 }, (_, i) => `token ${i} ${"x".repeat(20)}`);
    const long = writeGguf({ "tokenizer.ggml.tokens": tokens }, [tensor("w", [4])]);
    const reads: [number, number][] = [];
    const source = memoryFiles("", new Map([["m.gguf", long]])).open("m.gguf");
    if (!source) throw new Error("no file");
    const { metadata } = await openGguf({ ...source, read: (begin, end) => (reads.push([begin, end]), source.read(begin, end)) });
    expect(metadata.get("tokenizer.ggml.tokens")).toEqual(tokens);
    expect(reads.length).toBeGreaterThan(2);
    expect(reads.reduce((sum, [begin, end]) => sum + end - begin, 0)).toBeLessThan(3 * long.length);
  });
});
