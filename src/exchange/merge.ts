/**
 * Merging: adapters added into the weights that they adapt, W + Σ s · (alpha/r) · A B, so that the edits need no adapter, router or scope any more.
 * What is lost: deferral. A merged edit answers every prompt at the strength given here, merged edits add up whether or not a prompt is about
 * them, a router's choice between experts becomes the fixed gates given here, and no edit can be taken back but by adding its negative. So a
 * merge of many edits is nearly the plain fine-tuning that the deferral was made to avoid: measure the merged model before it is used.
 */
import type { Adapter } from "../methods/adapters.ts";
import { transposed } from "../weights/hostTensor.ts";
import { writeSafetensors } from "../weights/safetensorsWriter.ts";
import type { MixtureContent } from "./mixtureFile.ts";
import { badAdapter, checkFinite, moduleName, widthsOf, type LoraShape, type ModelOutline } from "./modules.ts";
import { expertOf, partOf } from "./peftFolder.ts";

/** An adapter and the factor it is added with, beside alpha/r: an edit's strength, or an expert's gates, one a layer. */
export interface MergeTerm {
  readonly parts: Adapter;
  readonly strength: number | readonly number[];
}

/** Plain weights (O, I) by the name of the tensor, e.g. "model.layers.4.mlp.down_proj.weight", in float32, whatever the file stores. */
export type PlainWeights = (name: string) => Float32Array | Promise<Float32Array>;

/**
 * The weights of the touched modules with the adapters in them, one module in memory at a time beside the result, as safetensors with Hugging Face names
 * in the checkpoint's own orientation: (I, O) for GPT-2's Conv1D. Sums in float64, rounded once; a term of strength 0 changes no bit.
 * @throws EngineError `bad-adapter` for adapters or weights that do not fit, strengths that are no numbers, or sums beyond float32
 */
export async function mergeAdapters(
  model: ModelOutline,
  shape: LoraShape,
  terms: readonly MergeTerm[],
  weights: PlainWeights,
): Promise<Uint8Array<ArrayBuffer>> {
  const { layers, module, rank, alpha } = shape;
  const { inputs, outputs } = widthsOf(model, module);
  const tensors = [];
  for (const [i, layer] of layers.entries()) {
    const name = `${moduleName(model, layer, module)}.weight`;
    const plain = await weights(name);
    if (plain.length !== inputs * outputs) throw badAdapter(`${name}: got ${plain.length} weights, expected ${inputs * outputs}.`);
    const sized = terms.map(({ parts, strength }) => ({
      ...partOf(parts, i, rank * inputs, rank * outputs),
      scale: (alpha / rank) * strengthAt(strength, i),
    }));
    const merged = addTerms(plain, sized, inputs, rank);
    checkFinite(`Merged ${name}`, merged);
    const { turned } = model.architecture.layout;
    tensors.push({
      name,
      shape: turned ? [inputs, outputs] : [outputs, inputs],
      data: turned ? transposed(merged, outputs, inputs) : merged,
    });
  }
  return writeSafetensors(tensors, { format: "pt", elder_merged: JSON.stringify({ module, layers, rank, alpha, adapters: terms.length }) });
}

function strengthAt(strength: MergeTerm["strength"], layer: number): number {
  const value = typeof strength === "number" ? strength : strength[layer];
  if (value !== undefined && Number.isFinite(value)) return value;
  throw badAdapter(`Got strength ${value ?? "nothing"} in adapted layer ${layer}, expected a number.`, "Give each term its strength.");
}

interface SizedTerm {
  /** (r, I) and (r, O). */
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly scale: number;
}

/** W (O, I) + Σ scale · Bᵀ A, row by row. */
function addTerms(plain: Float32Array, terms: readonly SizedTerm[], inputs: number, rank: number): Float32Array<ArrayBuffer> {
  const outputs = plain.length / inputs;
  const merged = new Float32Array(plain.length);
  const row = new Float64Array(inputs);
  for (let o = 0; o < outputs; o++) {
    row.set(plain.subarray(o * inputs, (o + 1) * inputs));
    for (const { a, b, scale } of terms) {
      for (let j = 0; j < rank; j++) {
        const factor = scale * (b[j * outputs + o] ?? 0);
        // Skipped, since -0 + 0 is 0: what is not changed keeps its bits.
        if (factor === 0) continue;
        for (let i = 0; i < inputs; i++) row[i] = (row[i] ?? 0) + factor * (a[j * inputs + i] ?? 0);
      }
    }
    merged.set(row, o * inputs);
  }
  return merged;
}

/**
 * The experts of a mixture as terms with fixed gates.
 * @param gates (L · N): the weight of each expert in each layer, e.g. what the router gives one prompt, times the edit's strength
 * @throws EngineError `bad-adapter`
 */
export function mixtureTerms(model: ModelOutline, mixture: MixtureContent, gates: Float32Array): MergeTerm[] {
  const { layers, experts } = mixture.settings;
  const size = layers.length * experts;
  if (gates.length !== size)
    throw badAdapter(`Got ${gates.length} gates, expected ${size}: ${experts} in each of ${layers.length} layers.`);
  return Array.from({ length: experts }, (_, expert) => ({
    parts: expertOf(model, mixture, expert).parts,
    strength: layers.map((_layer, i) => gates[i * experts + expert] ?? NaN),
  }));
}
