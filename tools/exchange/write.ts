/**
 * `node tools/run.mjs exchange/write MODEL OUT`: writes what check.py holds against peft and PyTorch, for a model's folder. Adapters are random from
 * a seed, every value counts. In OUT: mixture.safetensors, adapters.zip, merged-edits.safetensors and merged-mixture.safetensors as the page writes them;
 * plain.safetensors and plain.json: the same adapters as they lie in memory, which check.py computes by hand with.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { mergeAdapters, mixtureTerms, type PlainWeights } from "../../src/exchange/merge.ts";
import { writeMixtureFile, type MixtureContent } from "../../src/exchange/mixtureFile.ts";
import type { LoraAdapter, ModelOutline } from "../../src/exchange/modules.ts";
import { writePeftArchive, type NamedAdapter } from "../../src/exchange/peftArchive.ts";
import { expertOf } from "../../src/exchange/peftFolder.ts";
import { EngineError } from "../../src/lib/errors.ts";
import { createPrng, type Prng } from "../../src/lib/prng.ts";
import { paperSettings } from "../../src/mixture/settings.ts";
import { readModelConfig } from "../../src/model/architectures/registry.ts";
import { modelPlans } from "../../src/model/modelPlans.ts";
import type { ModelFiles } from "../../src/weights/hostTensor.ts";
import { readModel } from "../../src/weights/readModel.ts";
import { writeSafetensors } from "../../src/weights/safetensorsWriter.ts";
import { diskFiles } from "../lib/diskFiles.ts";
import { exitCodeOf } from "../lib/exitCode.ts";

const usage = "usage: node tools/run.mjs exchange/write MODEL OUT";
const strengths = [1, 0.5];

export function main(argv: string[]): Promise<number> {
  return exitCodeOf(async () => {
    const [folder, out, ...more] = argv;
    if (folder === undefined || out === undefined || more.length > 0)
      throw new EngineError("bad-settings", `Got ${argv.length} arguments, expected two.`, usage);
    const files = await readModel(await diskFiles(folder), modelPlans, { precision: "stored" });
    await mkdir(out, { recursive: true });
    for (const [name, bytes] of await filesFor(files, basename(folder))) await writeFile(join(out, name), bytes);
  });
}

async function filesFor(files: ModelFiles, base: string): Promise<[string, Uint8Array | string][]> {
  const model = readModelConfig(files.config);
  const prng = createPrng(7);
  const mixture = randomMixture(model, prng);
  const edits = strengths.map(() => randomEdit(model, prng));
  const gates = Float32Array.from({ length: mixture.settings.layers.length * mixture.settings.experts }, () => prng.uniform(0, 1));
  const named: NamedAdapter[] = [
    ...edits.map((lora, i) => ({ name: `edit-${i + 1}`, lora })),
    ...Array.from({ length: mixture.settings.experts }, (_, e) => ({ name: `expert-${e}`, lora: expertOf(model, mixture, e) })),
  ];
  const weights = await plainWeights(files);
  const [shape] = edits as [LoraAdapter];
  const terms = edits.map(({ parts }, i) => ({ parts, strength: strengths[i] ?? 1 }));
  return [
    ["mixture.safetensors", writeMixtureFile(model, mixture)],
    ["adapters.zip", writePeftArchive(model, named, base)],
    ["merged-edits.safetensors", await mergeAdapters(model, shape, terms, weights)],
    ["merged-mixture.safetensors", await mergeAdapters(model, mixture.settings, mixtureTerms(model, mixture, gates), weights)],
    ["plain.safetensors", plainValues(mixture, edits, gates)],
    ["plain.json", plainFacts(model, mixture, edits)],
  ];
}

function randomMixture(model: ModelOutline, prng: Prng): MixtureContent {
  const settings = { ...paperSettings(model), alpha: 16 };
  const { layers, module, experts, rank } = settings;
  const { columns = 0, rows = 0 } = model.config.linears[module] ?? {};
  const values = {
    routerWeight: noise(prng, layers.length * experts * columns, 0.5),
    routerBias: noise(prng, layers.length * experts, 0.5),
    a: layers.map(() => noise(prng, experts * rank * columns, 0.2)),
    b: layers.map(() => noise(prng, experts * rank * rows, 0.2)),
  };
  return { settings, values };
}

function randomEdit(model: ModelOutline, prng: Prng): LoraAdapter {
  const module = model.architecture.downProjection;
  const { columns = 0, rows = 0 } = model.config.linears[module] ?? {};
  const layers = [0, model.config.layers - 1];
  const [rank, alpha] = [4, 32];
  return {
    layers,
    module,
    rank,
    alpha,
    parts: layers.map(() => ({ a: noise(prng, rank * columns, 0.2), b: noise(prng, rank * rows, 0.1) })),
  };
}

const noise = (prng: Prng, length: number, bound: number): Float32Array => Float32Array.from({ length }, () => prng.uniform(-bound, bound));

async function plainWeights(files: ModelFiles): Promise<PlainWeights> {
  const weights = new Map<string, Float32Array>();
  for await (const tensor of files.tensors()) if (tensor.format === "f32") weights.set(tensor.name, tensor.data);
  return (name) => {
    const data = weights.get(name);
    if (data) return data;
    throw new EngineError("bad-shape", `Got no float32 tensor ${name}, expected one.`, "Give a model's folder with float32 weights.");
  };
}

/** Everything as it lies in memory: A (r, I), B (r, O) of each edit and layer; of the mixture as `splitParts` gives it. */
function plainValues({ values }: MixtureContent, edits: readonly LoraAdapter[], gates: Float32Array): Uint8Array {
  const flat = (name: string, data: Float32Array) => ({ name, shape: [data.length], data });
  return writeSafetensors([
    flat("gates", gates),
    flat("router.weight", values.routerWeight),
    flat("router.bias", values.routerBias),
    ...values.a.flatMap((a, i) => [flat(`mixture.${i}.A`, a), flat(`mixture.${i}.B`, values.b[i] ?? new Float32Array())]),
    ...edits.flatMap(({ parts }, e) => parts.flatMap(({ a, b }, i) => [flat(`edit.${e + 1}.${i}.A`, a), flat(`edit.${e + 1}.${i}.B`, b)])),
  ]);
}

function plainFacts(model: ModelOutline, { settings }: MixtureContent, edits: readonly LoraAdapter[]): string {
  const names = ({ layers, module }: Pick<LoraAdapter, "layers" | "module">) =>
    layers.map((layer) => `${model.architecture.block(layer)}.${module}`);
  const [edit] = edits as [LoraAdapter];
  const { experts, topK, rank, alpha } = settings;
  return JSON.stringify({
    mixture: { modules: names(settings), experts, topK, rank, alpha },
    edits: { modules: names(edit), rank: edit.rank, alpha: edit.alpha, strengths },
  });
}
