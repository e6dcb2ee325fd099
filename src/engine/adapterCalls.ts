/** What was learned, as files for other programs: the layout of the released code, PEFT folders, merged weights. */
import { linear } from "../kernels/linear.ts";
import { readFloats, tf, zeroVector } from "../gpu/tensors.ts";
import { mixtureOf, editAdapters, type EditAdapter, type EditRange } from "../exchange/learned.ts";
import { mergeAdapters, type PlainWeights } from "../exchange/merge.ts";
import { writeMixtureFile } from "../exchange/mixtureFile.ts";
import { badAdapter } from "../exchange/modules.ts";
import { writePeftArchive, type NamedAdapter } from "../exchange/peftArchive.ts";
import { expertOf } from "../exchange/peftFolder.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { ImprovedSettings } from "../methods/settings.ts";
import type { Model } from "../model/model.ts";
import type { LoadedModel } from "./facts.ts";
import type { AdapterExport, ProjectFile } from "./projectsProtocol.ts";

/** @throws EngineError `bad-adapter` for a form that the method does not have, or a range without an edit in force */
export async function exportAdapters(loaded: LoadedModel, asked: AdapterExport): Promise<ProjectFile> {
  const { name, ledger } = loaded;
  const plain = name.replaceAll(/[^A-Za-z0-9_.-]+/g, "-");
  switch (asked.form) {
    case "mixture":
      return { name: `${plain}-mixture.safetensors`, bytes: await mixtureFile(loaded) };
    case "peft":
      return { name: `${plain}-peft.zip`, bytes: writePeftArchive(ledger.answering.model, await namedAdapters(loaded, asked), name) };
    case "merged":
      return { name: `${plain}-merged-edits-${asked.first}-${asked.last}.safetensors`, bytes: await mergedFile(loaded, asked) };
  }
}

async function mixtureFile({ ledger, model, settings }: LoadedModel): Promise<Uint8Array<ArrayBuffer>> {
  if (ledger.method.id !== "paper")
    throw badAdapter("Got improved mode, which has no routers; expected paper mode.", "Choose the PEFT folders, one for each edit.");
  const { edits, state } = await ledger.keep();
  // Edits on a mixture that was imported do not say all of it: it goes out as it came, and answers every prompt.
  const written = ledger.method.origin() ? undefined : { edits, learned: state.facts };
  return writeMixtureFile(model, { ...mixtureOf(model, settings, state), written });
}

/** An adapter for each expert in paper mode, for each edit in force in improved mode. */
async function namedAdapters({ ledger, model, settings }: LoadedModel, range: EditRange): Promise<NamedAdapter[]> {
  const { state } = await ledger.keep();
  if (ledger.method.id === "paper") {
    const mixture = mixtureOf(model, settings, state);
    return Array.from({ length: settings.experts }, (_, expert) => ({ name: `expert-${expert}`, lora: expertOf(model, mixture, expert) }));
  }
  const own = ledger.method.settings as ImprovedSettings;
  return (await improvedAdapters(ledger, model, range)).map(({ edit, adapter, strength }) => ({
    name: `edit-${edit}`,
    // PEFT knows no strength: it goes into alpha, of which the scale is made.
    lora: { ...own, alpha: own.alpha * strength, parts: adapter },
  }));
}

async function improvedAdapters(ledger: Ledger, model: Model, { first, last }: EditRange): Promise<EditAdapter[]> {
  const { edits, state } = await ledger.keep();
  const strengths = new Map(edits.filter(({ on }) => on).map(({ id, strength }) => [id, strength]));
  return editAdapters(model, ledger.method.settings as ImprovedSettings, state, { first, last, strengths });
}

async function mergedFile({ ledger, model }: LoadedModel, range: EditRange): Promise<Uint8Array<ArrayBuffer>> {
  if (ledger.method.id !== "improved")
    throw badAdapter(
      "Got paper mode, whose experts answer together as the router picks them for each prompt; expected improved mode.",
      "Write the edits in improved mode, or export the mixture.",
    );
  const terms = (await improvedAdapters(ledger, model, range)).map(({ adapter, strength }) => ({ parts: adapter, strength }));
  return mergeAdapters(model, ledger.method.settings, terms, plainWeights(model));
}

/** Rows of the identity at a time. */
const ROWS = 64;

/** What the quantized weights stand for: each column is what the layer makes of one unit vector, to the last bit. */
function plainWeights(model: Model): PlainWeights {
  return async (name) => {
    const weight = model.weight(name);
    const { rows, columns } = weight;
    const plain = new Float32Array(rows * columns);
    for (let from = 0; from < columns; from += ROWS) {
      const count = Math.min(ROWS, columns - from);
      const units = new Float32Array(count * columns);
      for (let i = 0; i < count; i++) units[i * columns + from + i] = 1;
      const made = tf.tidy(() => linear(tf.tensor2d(units, [count, columns]), weight, zeroVector(rows)));
      const values = await readFloats(made);
      made.dispose();
      for (let i = 0; i < count; i++) for (let o = 0; o < rows; o++) plain[o * columns + from + i] = values[i * rows + o] ?? NaN;
    }
    return plain;
  };
}
