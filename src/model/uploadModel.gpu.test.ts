import { beforeAll, describe, expect, test } from "vitest";
import { tf } from "../gpu/tensors.ts";
import { installTestGpu } from "../gpu/testing/testGpu.ts";
import { errorFacts, type ErrorFacts } from "../lib/errors.ts";
import type { HostTensor, ModelFiles, StoredTensor } from "../weights/hostTensor.ts";
import { modelFiles, tinyConfig, tinyFiles, tinyTensors, type Family } from "./testing/tinyModel.ts";
import { uploadModel } from "./uploadModel.ts";

const vocabulary = 40;

beforeAll(async () => {
  await installTestGpu();
  // The shared vectors of zeros come into being with the first models.
  for (const family of ["gpt2", "llama"] as const) (await uploadModel(tinyFiles(family, { vocabulary }))).dispose();
});

/** Why a model is refused; nothing of it may stay on the GPU. */
async function refusal(files: ModelFiles, signal?: AbortSignal): Promise<ErrorFacts> {
  const before = tf.memory();
  try {
    (await uploadModel(files, signal)).dispose();
  } catch (thrown) {
    expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numDataBuffers: before.numDataBuffers });
    return errorFacts(thrown);
  }
  throw new Error("the model was accepted");
}

/** The tiny model with one tensor of another shape. */
function misshapen(family: Family, name: string, ...shape: number[]): ModelFiles {
  const other: HostTensor = { name, shape, format: "f32", data: new Float32Array(shape.reduce((a, b) => a * b, 1)) };
  const tensors = tinyTensors(family, { vocabulary }).map((tensor) => (tensor.name === name ? other : tensor));
  return modelFiles(tinyConfig(family, { vocabulary }), tensors);
}

test("refuses fewer learned positions than the context is long", async () => {
  const config = tinyConfig("gpt2", { vocabulary });
  const { code, message } = await refusal(misshapen("gpt2", "transformer.wpe.weight", 3, Number(config["n_embd"])));
  expect(code).toBe("bad-config");
  expect(message).toContain("transformer.wpe.weight is (3, 32), expected (64, 32)");
});

test("counts parameters and bytes", async () => {
  const files = tinyFiles("llama", { vocabulary, format: "int8" });
  const model = await uploadModel(files);
  const tensors = files.tensors() as StoredTensor[];
  const sizes = tensors.map(({ shape }) => shape.reduce((a, b) => a * b, 1));
  expect(model.parameters).toBe(sizes.reduce((a, b) => a + b));
  const bytes = tensors.map((tensor) =>
    tensor.format === "f32" ? tensor.data.byteLength : tensor.words.byteLength + tensor.scales.byteLength,
  );
  // The rotary table: 64 positions, 4 cosines and 4 sines.
  expect(model.bytes).toBe(bytes.reduce((a, b) => a + b) + 64 * 8 * 4);
  expect(model.untiedHead).toBe("lm_head.weight");
  model.dispose();
});

describe("names a missing tensor", () => {
  test.each<[Family, string, Readonly<Record<string, unknown>>?]>([
    ["gpt2", "transformer.wte.weight"],
    ["gpt2", "transformer.wpe.weight"],
    ["gpt2", "transformer.h.1.mlp.c_fc.weight"],
    ["gpt2", "transformer.h.2.ln_2.weight"],
    ["gpt2", "transformer.ln_f.weight"],
    ["llama", "model.layers.2.self_attn.k_proj.weight"],
    ["llama", "model.layers.0.input_layernorm.weight"],
    ["llama", "model.norm.weight"],
    ["llama", "lm_head.weight"],
    ["gpt2", "transformer.h.2.mlp.c_proj.bias"],
    ["llama", "model.layers.0.self_attn.q_proj.bias", { attention_bias: true }],
    ["llama", "model.layers.0.mlp.gate_proj.bias", { mlp_bias: true }],
  ])("%s without %s", async (family, name, config = {}) => {
    const { code, message } = await refusal(tinyFiles(family, { vocabulary, without: [name], config }));
    expect(code).toBe("bad-config");
    expect(message).toContain(`"${name}"`);
  });
});

describe("refuses tensors of another shape", () => {
  test.each<[Family, string, number[]]>([
    ["gpt2", "transformer.wte.weight", [41, 32]],
    ["gpt2", "transformer.h.1.attn.c_attn.weight", [64, 32]],
    ["gpt2", "transformer.h.0.mlp.c_proj.weight", [32, 64]],
    ["gpt2", "transformer.h.0.mlp.c_fc.bias", [127]],
    ["llama", "model.layers.1.self_attn.v_proj.weight", [32, 32]],
    ["llama", "model.layers.1.self_attn.q_proj.weight", [16, 32]],
    ["llama", "model.layers.0.mlp.up_proj.weight", [32, 32]],
    ["llama", "model.norm.weight", [16]],
  ])("%s %s as %j", async (family, name, shape) => {
    const { code, hint } = await refusal(misshapen(family, name, ...shape));
    expect(code).toBe("bad-config");
    expect(hint).toContain("config.json");
  });
});

test("a tied head needs no weight of its own", async () => {
  const files = tinyFiles("llama", { vocabulary, tied: true });
  const model = await uploadModel(files);
  expect(model.untiedHead).toBeUndefined();
  model.dispose();
});

test("stops between tensors when cancelled, and gives back what was uploaded", async () => {
  const controller = new AbortController();
  const files = tinyFiles("gpt2", { vocabulary });
  const slow: ModelFiles = {
    ...files,
    async *tensors() {
      for (const [i, tensor] of (files.tensors() as HostTensor[]).entries()) {
        if (i === 5) controller.abort();
        yield tensor;
      }
    },
  };
  expect((await refusal(slow, controller.signal)).code).toBe("cancelled");
});

test("a fault while reading gives back what was uploaded", async () => {
  const files = tinyFiles("gpt2", { vocabulary });
  const broken: ModelFiles = {
    ...files,
    async *tensors() {
      yield* (files.tensors() as HostTensor[]).slice(0, 5);
      throw new Error("no more");
    },
  };
  expect((await refusal(broken)).message).toBe("no more");
});
