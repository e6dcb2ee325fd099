/** Adapters that stock peft saved, as the page imports them, against the logits that peft itself computed (make.py). */
import { readFile } from "node:fs/promises";
import { beforeAll, expect, test } from "vitest";
import { mixtureOfOne, readAdapterFiles } from "../../src/exchange/adapterFiles.ts";
import { widthsOf } from "../../src/exchange/modules.ts";
import { installTestGpu } from "../../src/gpu/testing/testGpu.ts";
import { createPaper, importedState } from "../../src/methods/paper.ts";
import { joinParts, parameterLayout } from "../../src/mixture/parameters.ts";
import { defaultSettings } from "../../src/mixture/settings.ts";
import { tinyTokenizer } from "../../src/model/testing/tinyModel.ts";
import { uploadModel } from "../../src/model/uploadModel.ts";
import { openSafetensors } from "../../src/weights/safetensors.ts";
import { readReferenceFolder } from "../reference/folder.ts";

const golden = async (path: string) => Uint8Array.from(await readFile(`tools/exchange/golden/${path}`));
const picked = async (folder: string) =>
  Promise.all(
    // As they come from a file dialog, in whatever order and under whatever names.
    ["adapter_model.safetensors", "adapter_config.json"].map(async (file, i) => ({
      name: `picked ${i}`,
      bytes: await golden(`${folder}/${file}`),
    })),
  );

beforeAll(async () => {
  await installTestGpu();
});

test.each([
  ["gpt2-short-name", "tiny-gpt2"],
  ["llama-exact-names", "tiny-llama"],
])("%s answers every prompt as peft does", async (name, folder) => {
  const { files } = await readReferenceFolder(`tools/testing/reference/${folder}`);
  const model = await uploadModel(files);
  const rest = defaultSettings(model);
  const read = readAdapterFiles(model, await picked(name), rest);
  if (read.kind !== "peft" || !read.adapters[0]) throw new Error("Got no PEFT adapter");
  const { settings, values } = mixtureOfOne(read.adapters[0].lora, rest);
  const { layers, experts, rank, module } = settings;
  const method = createPaper({ model, tokenizer: tinyTokenizer(), seed: 1 }, settings);
  await method.restore(
    importedState(joinParts(parameterLayout({ layers: layers.length, experts, rank, ...widthsOf(model, module) }), values)),
  );

  const saved = openSafetensors(await golden("values.safetensors"));
  const expected = saved.readTensor(`${name}/logits`).data;
  const ids = Array.from(saved.readIntegers(`${name}/ids`).data);
  const logitsWith = async (edits: boolean) => {
    const sequence = method.startSequence(ids.length + 1);
    const { scope } = await sequence.readPrompt(ids);
    expect(scope).toMatchObject({ inScope: true, nearestEdit: null });
    sequence.answerPrompt(edits);
    const logits = await sequence.logits();
    sequence.dispose();
    return logits;
  };
  const error = (got: Float32Array) => Math.max(...got.map((value, i) => Math.abs(value - (expected[i] ?? NaN))));
  expect(error(await logitsWith(true))).toBeLessThan(1e-4);
  // Without the adapter they are others: what is compared is the adapter.
  expect(error(await logitsWith(false))).toBeGreaterThan(1e-2);
  method.dispose();
  model.dispose();
});
