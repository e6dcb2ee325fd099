/** Work of every submit for the largest models, counted on a device of paper while the engine's own code runs on it. */
import { readFile } from "node:fs/promises";
import { limitSubmits, secondsOf } from "../../src/gpu/submitBudget.ts";
import { installBackend } from "../../src/gpu/tensors.ts";
import { errorFacts } from "../../src/lib/errors.ts";
import { createPaper } from "../../src/methods/paper.ts";
import { paperSettings } from "../../src/mixture/settings.ts";
import type { Model } from "../../src/model/model.ts";
import { modelPlans } from "../../src/model/modelPlans.ts";
import { uploadModel } from "../../src/model/uploadModel.ts";
import { loadTokenizer } from "../../src/tokenizer/tokenizer.ts";
import { tensorBytes, type HostTensor, type ModelFiles, type TensorOutline } from "../../src/weights/hostTensor.ts";
import { readModel } from "../../src/weights/readModel.ts";
import { generatedModel } from "../shapes/generatedModel.ts";
import { createPaperDevice, type PaperSubmit } from "./paperDevice.ts";
import type { ChaosOptions, ChaosPart, ChaosResult, ChaosRow } from "./part.ts";

/** Operations of a submit: 100 ms of a GPU with 1 TFLOPS, a twentieth of what Windows allows. */
const MOST_FLOPS = 1e11;
/** The same with the time that its bytes take at 50 GB/s, if nothing overlaps. */
const MOST_SECONDS = 0.1;

const SHORT: readonly (readonly [shape: string, bits: 4 | 8])[] = [
  ["gpt2-xl", 8],
  ["llama-2-7b", 4],
];
const LONG: typeof SHORT = [...SHORT, ["gpt2-xl", 4], ["llama-2-7b", 8], ["llama-3.2-1b", 4], ["tinyllama-1.1b", 8]];

/** Any tokenizer will do for weights that mean nothing. */
const tokenizerFile = "public/models/atlas/int4/tokenizer.json";

export const submits: ChaosPart = {
  name: "submits",
  plants: ["unbounded-dispatcher"],
  async run({ long, plant }: ChaosOptions): Promise<ChaosResult> {
    if (plant !== undefined) limitSubmits(Infinity);
    try {
      const tokenizerJson = await readFile(tokenizerFile, "utf8");
      const rows: ChaosRow[] = [];
      for (const [shape, bits] of long ? LONG : SHORT) rows.push(...(await measureModel(shape, bits, tokenizerJson)));
      return { rows, faults: rows.filter(({ ok }) => !ok).map(({ figure }) => figure) };
    } finally {
      limitSubmits();
    }
  },
};

async function measureModel(shape: string, bits: 4 | 8, tokenizerJson: string): Promise<ChaosRow[]> {
  const { gpu, submits: seen } = createPaperDevice();
  await installBackend(gpu);
  const model = await uploadModel(zeroed(await readModel(generatedModel(shape, tokenizerJson).files, modelPlans, { precision: bits })));
  const rows: ChaosRow[] = [];
  for (const [name, work] of acts(model, tokenizerJson)) {
    seen.splice(0);
    const refused = await work().then(() => undefined, refusalOf);
    rows.push(rowOf(`${shape} int${bits}, ${name}${refused ? ` (then ${refused})` : ""}`, seen));
  }
  model.dispose();
  return rows;
}

/** A model too large for a binding says so; anything else is no refusal. */
function refusalOf(thrown: unknown): string {
  const { code } = errorFacts(thrown);
  if (code !== "device-limit") throw thrown;
  return code;
}

/** What can be asked of a model that takes most at once. */
function acts(model: Model, tokenizerJson: string): (readonly [name: string, work: () => Promise<void>])[] {
  const { contextLength } = model.config;
  const tokenizer = loadTokenizer(tokenizerJson);
  const settings = { ...paperSettings(model), steps: 1 };
  const make = () => createPaper({ model, tokenizer, seed: settings.seed }, settings);
  const read = (edits: boolean) => async (): Promise<void> => {
    const method = make();
    const sequence = method.startSequence(contextLength);
    await sequence.readPrompt(new Array<number>(contextLength - 1).fill(1));
    sequence.answerPrompt(edits);
    await sequence.next();
    sequence.dispose();
    method.dispose();
  };
  const train = (tokens: number) => async (): Promise<void> => {
    const method = make();
    const word = " a";
    const perWord = tokenizer.encode(word).length;
    const prompt = word.repeat(Math.floor((tokens - 8) / perWord));
    await method.edit({ prompt, answer: "b", rephrasings: tokens < contextLength ? ["c", "d", "e"] : [] });
    method.dispose();
  };
  return [
    [`${contextLength} tokens read, one drawn`, read(false)],
    ["the same with edits on", read(true)],
    ["a training step, 4 samples of 64 tokens", train(64)],
    [`a training step, ${contextLength} tokens`, train(contextLength)],
  ];
}

function rowOf(name: string, seen: readonly PaperSubmit[]): ChaosRow {
  const [first] = seen;
  if (!first) return { runs: 0, figure: `${name}: nothing was submitted`, bound: "some submits", ok: false };
  const largest = seen.reduce((most, one) => (secondsOf(one) > secondsOf(most) ? one : most), first);
  const flops = Math.max(...seen.map((one) => one.flops));
  const figure = `${name}: ${(flops / 1e9).toFixed(1)} GFLOP, ${(1000 * secondsOf(largest)).toFixed(1)} ms with ${(largest.bytes / 1e9).toFixed(2)} GB (${largest.dispatches} dispatches, ${largest.longest.name})`;
  return { runs: seen.length, figure, bound: "≤ 100 GFLOP, ≤ 100 ms", ok: flops <= MOST_FLOPS && secondsOf(largest) <= MOST_SECONDS };
}

/** The model's tensors without their numbers: the device keeps none. */
function zeroed(files: ModelFiles): ModelFiles {
  const most = Math.max(...files.outline.map((outline) => tensorBytes(outline).words));
  const zeros = new ArrayBuffer(most);
  return { ...files, tensors: () => files.outline.map((outline) => zeroTensor(outline, zeros)) };
}

function zeroTensor({ name, shape, format, group = 1 }: TensorOutline, zeros: ArrayBuffer): HostTensor {
  const { words, scales } = tensorBytes({ name, shape, format, group });
  const [rows = 0, columns = 0] = shape;
  if (format === "f32") return { name, shape, format, data: new Float32Array(zeros, 0, words / 4) };
  if (format === "f16") return { name, shape: [rows, columns], format, halves: new Uint16Array(zeros, 0, words / 2) };
  const packed = { words: new Uint32Array(zeros, 0, words / 4), scales: new Uint32Array(zeros, 0, scales / 4) };
  return { name, shape: [rows, columns], format, group, ...packed };
}
