/** Adapters as a person hands them over: what they are is told by what is in them, never by a name. */
import type { MethodSettings } from "../mixture/settings.ts";
import { shown } from "../weights/strictJson.ts";
import { readMixtureFile, type MixtureContent } from "./mixtureFile.ts";
import { badAdapter, type LoraAdapter, type ModelOutline } from "./modules.ts";
import { readPeftArchive, type NamedAdapter } from "./peftArchive.ts";
import { configFile, readPeftFolder, weightsFile } from "./peftFolder.ts";
import { openTensorFile } from "./tensorFile.ts";

export interface HandedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export type HandedAdapters =
  | { readonly kind: "mixture"; readonly content: MixtureContent }
  /** At least one; "" is the name of an adapter that lies in no folder. */
  | { readonly kind: "peft"; readonly adapters: readonly NamedAdapter[] };

type Form = "tensors" | "zip" | "json" | "unknown";

const expected = "expected a mixture (safetensors), a zip of PEFT folders, or adapter_config.json with adapter_model.safetensors";

/**
 * A mixture in the released code's keys, an archive of PEFT folders, or the two files of one PEFT folder.
 * @param assumed see `readMixtureFile`
 * @throws EngineError `bad-adapter`, `bad-safetensors`, `bad-settings`
 */
export function readAdapterFiles(model: ModelOutline, files: readonly HandedFile[], assumed: MethodSettings): HandedAdapters {
  const forms = files.map(({ bytes }) => formOf(bytes));
  const [first] = files;
  if (first && files.length === 1) return readOne(model, first, forms[0] ?? "unknown", assumed);
  const config = files[forms.indexOf("json")];
  const weights = files[forms.indexOf("tensors")];
  if (files.length !== 2 || !config || !weights) {
    const names = files.map(({ name }) => shown(name)).slice(0, 4);
    throw badAdapter(
      `Got ${files.length} files (${names.join(", ")}), ${expected}.`,
      "Choose one file, or the two files of one PEFT folder.",
    );
  }
  const pair = new Map([
    [configFile, config.bytes],
    [weightsFile, weights.bytes],
  ]);
  return { kind: "peft", adapters: [{ name: "", lora: readPeftFolder(model, pair) }] };
}

function readOne(model: ModelOutline, { name, bytes }: HandedFile, form: Form, assumed: MethodSettings): HandedAdapters {
  switch (form) {
    case "zip":
      return { kind: "peft", adapters: readPeftArchive(model, bytes).adapters };
    case "tensors":
      refuseLonely(bytes);
      return { kind: "mixture", content: readMixtureFile(model, bytes, assumed) };
    case "json":
      throw badAdapter(`Got ${shown(name)}, which is JSON alone, ${expected}.`, `Choose ${configFile} and ${weightsFile} together.`);
    case "unknown":
      throw badAdapter(
        `Got ${shown(name)}, ${bytes.length} bytes of no form that is known here, ${expected}.`,
        "A .bin or .pt file is a pickle, which may run code: save it as safetensors where it was made.",
      );
  }
}

/** The tensors of a PEFT folder without what says how strong they are. */
function refuseLonely(bytes: Uint8Array): void {
  const lonely = [...openTensorFile(bytes).shapes.keys()].find((key) => key.endsWith(".lora_A.weight"));
  if (lonely === undefined) return;
  throw badAdapter(
    `Got a PEFT adapter's tensors (${shown(lonely)}) without ${configFile}, which says their alpha.`,
    `Choose ${configFile} and ${weightsFile} together, or a zip of the folder.`,
  );
}

/** By its first bytes: a zip's signature; the header's length and a brace; a brace alone. */
function formOf(bytes: Uint8Array): Form {
  const [a, b, c, d] = bytes;
  if (a === 0x50 && b === 0x4b && ((c === 3 && d === 4) || (c === 5 && d === 6))) return "zip";
  if (bytes[8] === brace && bytes.length > 8 && new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true) === 0) return "tensors";
  return bytes.find((byte) => ![0x20, 9, 10, 13].includes(byte)) === brace ? "json" : "unknown";
}

const brace = 0x7b;

/**
 * One adapter that answers every prompt as a mixture: of one expert, whose share in a softmax over itself is exactly 1.
 * @param rest steps, rate and the like, for what is trained on it later
 */
export function mixtureOfOne({ layers, module, rank, alpha, parts }: LoraAdapter, rest: MethodSettings): MixtureContent {
  const inputs = (parts[0]?.a.length ?? 0) / rank;
  return {
    settings: { ...rest, layers, module, rank, alpha, experts: 1, topK: 1 },
    values: {
      routerWeight: new Float32Array(layers.length * inputs),
      routerBias: new Float32Array(layers.length),
      a: parts.map(({ a }) => a),
      b: parts.map(({ b }) => b),
    },
  };
}
