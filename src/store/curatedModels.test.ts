import { expect, test } from "vitest";
import { curatedModels } from "./curatedModels.ts";
import { readRepository } from "./sourceRef.ts";

/** Parameters as transformers counts them, and bytes of the safetensors on the Hub. */
test.each([
  ["openai-community/gpt2", 124_439_808, 548_105_171],
  ["openai-community/gpt2-medium", 354_823_168, 1_519_984_962],
  ["openai-community/gpt2-large", 774_030_080, 3_247_159_078],
  ["openai-community/gpt2-xl", 1_557_611_200, 6_431_829_964],
  ["HuggingFaceTB/SmolLM2-135M", 134_515_008, 269_060_552],
  ["HuggingFaceTB/SmolLM2-360M", 361_821_120, 723_674_912],
  ["HuggingFaceTB/SmolLM2-1.7B", 1_711_376_384, 3_422_777_952],
  ["TinyLlama/TinyLlama-1.1B-Chat-v1.0", 1_100_048_384, 2_200_119_864],
  ["meta-llama/Llama-3.2-1B", 1_235_814_400, 2_471_645_608],
  ["meta-llama/Llama-2-7b-hf", 6_738_415_616, 13_476_831_232],
  ["Qwen/Qwen2-0.5B", 494_032_768, 988_097_824],
])("%s is listed with its size", (id, parameters, bytes) => {
  const model = curatedModels.find((each) => each.id === id);
  expect(model?.parameters).toBe(parameters);
  // The header of the file and rounding aside.
  expect(Math.abs((model?.downloadBytes ?? 0) / bytes - 1)).toBeLessThan(0.001);
});

test("8 bits take more memory than 4, and less than the file's 16", () => {
  for (const { weightBytes, parameters } of curatedModels) {
    expect(weightBytes[4]).toBeLessThan(weightBytes[8]);
    expect(weightBytes[8]).toBeLessThan(1.2 * parameters);
  }
  const large = curatedModels.find(({ id }) => id.endsWith("Llama-2-7b-hf"));
  expect(large?.weightBytes[4]).toBeCloseTo((6_738_149_376 * 4.5) / 8 + 4 * 266_240, -3);
});

test("each is named as its repository is, once", () => {
  const ids = curatedModels.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(readRepository(id)).toEqual({ source: { kind: "hub", id } });
});
