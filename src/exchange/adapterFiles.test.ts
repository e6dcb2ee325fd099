import { describe, expect, test } from "vitest";
import type { EditFacts } from "../ledger/edits.ts";
import { openSafetensors } from "../weights/safetensors.ts";
import { writeSafetensors } from "../weights/safetensorsWriter.ts";
import { mixtureOfOne, readAdapterFiles, type HandedFile } from "./adapterFiles.ts";
import { readMixtureFile, writeMixtureFile, type MixtureContent } from "./mixtureFile.ts";
import type { LoraAdapter } from "./modules.ts";
import { writePeftArchive } from "./peftArchive.ts";
import { configFile, weightsFile, writePeftFolder } from "./peftFolder.ts";
import { narrowOutline, refusal, settingsOf } from "./testing/outlines.ts";

const [inputs, outputs] = [3, 5];
const model = narrowOutline("tiny-gpt2", inputs, outputs);
const settings = settingsOf({ layers: [1, 3], module: model.module, experts: 2, topK: 1, rank: 2 });
const numbers = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => i / 3 - 1);
const content: MixtureContent = {
  settings,
  values: {
    routerWeight: numbers(4 * inputs),
    routerBias: numbers(4),
    a: [numbers(4 * inputs), numbers(4 * inputs)],
    b: [numbers(4 * outputs), numbers(4 * outputs)],
  },
};
const lora: LoraAdapter = {
  layers: [0],
  module: model.module,
  rank: 2,
  alpha: 8,
  parts: [{ a: numbers(2 * inputs), b: numbers(2 * outputs) }],
};
const file = (name: string, bytes: Uint8Array): HandedFile => ({ name, bytes });
const folder = writePeftFolder(model, lora, "base");
const config = file("a", folder.get(configFile) ?? new Uint8Array());
const weights = file("b", folder.get(weightsFile) ?? new Uint8Array());
const read = (...files: HandedFile[]) => readAdapterFiles(model, files, settings);
const edit: EditFacts = {
  id: 1,
  prompt: "The capital of France is",
  answer: "Lyon",
  rephrasings: [],
  baseAnswer: "Paris",
  allocation: [[0], [1]],
  codes: [[1, 0, 0, 1]],
  curve: [{ step: 1, steps: 1, lmLoss: 0.1, guidedLoss: 0.2, dispatches: 1 }],
  seconds: 1.5,
  answerAfter: "Lyon",
  holds: true,
  on: true,
  strength: 1,
  standing: null,
};
const written = { edits: [edit], learned: { edits: [{ edit: 1, allocation: [[0], [1]], codes: [[1, 0, 0, 1]] }] } };

/** The file with another text of its edits. */
function withEdits(text: string): HandedFile {
  const own = openSafetensors(writeMixtureFile(model, content));
  const tensors = [...own.entries.values()].map(({ name, shape }) => ({ name, shape, data: own.readTensor(name).data }));
  return file("mixture.safetensors", writeSafetensors(tensors, { ...own.metadata, elder_edits: text }));
}

describe("files that a person hands over", () => {
  test("are told apart by what is in them", () => {
    expect(read(file("x.zip", writeMixtureFile(model, content)))).toEqual({ kind: "mixture", content });
    const archive = writePeftArchive(model, [{ name: "one", lora }], "base");
    expect(read(file("x.safetensors", archive))).toEqual({ kind: "peft", adapters: [{ name: "one", lora }] });
    for (const pair of [
      [config, weights],
      [weights, config],
    ])
      expect(read(...pair)).toEqual({ kind: "peft", adapters: [{ name: "", lora }] });
  });

  test.each<[string, HandedFile[], RegExp]>([
    ["nothing", [], /Got 0 files/],
    ["no bytes", [file("empty", new Uint8Array())], /0 bytes of no form/],
    ["a picture", [file("cat.png", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0))], /no form that is known/],
    ["a configuration alone", [config], /JSON alone/],
    ["a PEFT folder's tensors alone", [weights], /without adapter_config.json/],
    ["two configurations", [config, config], /Got 2 files/],
    ["three files", [config, weights, weights], /Got 3 files/],
  ])("%s is refused", (_, files, message) => {
    expect(refusal(() => read(...files))).toMatchObject({ code: "bad-adapter", message: expect.stringMatching(message) as string });
  });

  test("another model's mixture is refused with what differs", () => {
    const other = narrowOutline("tiny-gpt2", inputs + 1, outputs);
    expect(refusal(() => readAdapterFiles(other, [file("m", writeMixtureFile(model, content))], settings))).toMatchObject({
      code: "bad-adapter",
      message: expect.stringMatching(/got shape \[3, 2\], expected \[4, 2\]/) as string,
    });
  });
});

describe("what a page knows of the edits in a mixture", () => {
  test("comes back, and gives the same file again", () => {
    const bytes = writeMixtureFile(model, { ...content, written });
    const again = readMixtureFile(model, bytes);
    expect(again).toEqual({ ...content, written });
    expect(writeMixtureFile(model, again)).toEqual(bytes);
  });

  test.each<[string, string]>([
    ["no JSON", "{"],
    ["another version", JSON.stringify({ version: 2, ...written })],
    ["an edit without a prompt", JSON.stringify({ version: 1, ...written, edits: [{ ...edit, prompt: 7 }] })],
    [
      "a code of another mixture",
      JSON.stringify({ version: 1, ...written, learned: { edits: [{ edit: 1, allocation: [[0], [1]], codes: [[1]] }] } }),
    ],
    [
      "experts that there are not",
      JSON.stringify({ version: 1, ...written, learned: { edits: [{ edit: 1, allocation: [[0], [9]], codes: [] }] } }),
    ],
  ])("is refused where it is wrong: %s", (_, text) => {
    expect(refusal(() => read(withEdits(text)))).toMatchObject({ code: "bad-adapter" });
  });

  test("that is more than a header holds is refused before it is written", () => {
    const long = { ...edit, prompt: "x".repeat(6_000_000) };
    expect(refusal(() => writeMixtureFile(model, { ...content, written: { ...written, edits: [long] } }))?.code).toBe("bad-adapter");
  });
});

test("one adapter is a mixture of one expert, with its values as they are", () => {
  const made = mixtureOfOne(lora, settings);
  expect(made.settings).toEqual({ ...settings, layers: [0], rank: 2, alpha: 8, experts: 1, topK: 1 });
  expect(made.values).toMatchObject({ a: [lora.parts[0]?.a], b: [lora.parts[0]?.b] });
  expect(readMixtureFile(model, writeMixtureFile(model, made))).toEqual(made);
});
