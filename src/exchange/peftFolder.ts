/**
 * An adapter as a folder that the stock peft library opens: adapter_config.json and adapter_model.safetensors with the keys
 * base_model.model.M.lora_A.weight (r, I) and base_model.model.M.lora_B.weight (O, r) of each module M. GPT-2's Conv1D turns the weight, not these.
 */
import type { Adapter } from "../methods/adapters.ts";
import type { MixtureContent } from "./mixtureFile.ts";
import { transposed } from "../weights/hostTensor.ts";
import { writeSafetensors, type WritableTensor } from "../weights/safetensorsWriter.ts";
import { badAdapter, checkFinite, moduleName, placesOf, widthsOf, type LoraAdapter, type ModelOutline } from "./modules.ts";
import { readPeftConfig, writePeftConfig } from "./peftConfig.ts";
import { openTensorFile } from "./tensorFile.ts";

export const configFile = "adapter_config.json";
export const weightsFile = "adapter_model.safetensors";
/** peft 0.21 writes 1.3 kB. */
const maxConfigBytes = 1_000_000;
const moduleKey = /^base_model\.model\.(.{1,200})\.lora_[AB]\.weight$/;

export type FolderFiles = ReadonlyMap<string, Uint8Array>;

const keyOf = (name: string, part: "A" | "B"): string => `base_model.model.${name}.lora_${part}.weight`;

/**
 * @param base what stands in the configuration as the base model's name or folder
 * @throws EngineError `bad-adapter` for values that are no numbers or do not fit the model, `bad-shape`
 */
export function writePeftFolder(model: ModelOutline, lora: LoraAdapter, base: string): FolderFiles {
  const { layers, module, rank } = lora;
  const { inputs, outputs } = widthsOf(model, module);
  const tensors = layers.flatMap((layer, i): WritableTensor[] => {
    const name = moduleName(model, layer, module);
    const { a, b } = partOf(lora.parts, i, rank * inputs, rank * outputs);
    checkFinite(`A of ${name}`, a);
    checkFinite(`B of ${name}`, b);
    return [
      { name: keyOf(name, "A"), shape: [rank, inputs], data: a },
      { name: keyOf(name, "B"), shape: [outputs, rank], data: transposed(b, rank, outputs) },
    ];
  });
  return new Map([
    [configFile, new TextEncoder().encode(writePeftConfig(model, lora, base))],
    [weightsFile, writeSafetensors(tensors, { format: "pt" })],
  ]);
}

/** A and B of the i-th layer. @throws EngineError `bad-adapter` when they are missing or of another length */
export function partOf(parts: Adapter, i: number, sizeA: number, sizeB: number): Adapter[number] {
  const part = parts[i];
  if (part?.a.length === sizeA && part.b.length === sizeB) return part;
  const got = part ? `${part.a.length} and ${part.b.length} values` : "nothing";
  throw badAdapter(`Got ${got} for A and B of adapted layer ${i}, expected ${sizeA} and ${sizeB}.`);
}

/** One expert of a mixture, as an adapter that answers every prompt at full strength. @throws EngineError `bad-adapter` */
export function expertOf(model: ModelOutline, { settings, values }: MixtureContent, expert: number): LoraAdapter {
  const { layers, module, rank, alpha, experts } = settings;
  const { inputs, outputs } = widthsOf(model, module);
  if (!Number.isInteger(expert) || expert < 0 || expert >= experts)
    throw badAdapter(`Got expert ${expert}, expected one from 0 to ${experts - 1}.`, "Choose one of the mixture's experts.");
  const part = (all: Float32Array | undefined, columns: number): Float32Array =>
    (all ?? new Float32Array()).slice(expert * rank * columns, (expert + 1) * rank * columns);
  return {
    layers,
    module,
    rank,
    alpha,
    parts: layers.map((_, i) => ({ a: part(values.a[i], inputs), b: part(values.b[i], outputs) })),
  };
}

/**
 * Reads such a folder strictly; files beside the two are none of its business.
 * @throws EngineError `bad-safetensors`; `bad-adapter` for a configuration that asks for more than plain LoRA, and for layers that are
 *   missing, of another shape or rank, or no numbers
 */
export function readPeftFolder(model: ModelOutline, files: FolderFiles): LoraAdapter {
  const { rank, alpha, modules } = readPeftConfig(model, configText(files.get(configFile)));
  const file = openTensorFile(weightsOf(files));
  const named = [...file.shapes.keys()].flatMap((key) => moduleKey.exec(key)?.[1] ?? []);
  const { layers, module } = placesOf(model, named);
  const names = layers.map((layer) => moduleName(model, layer, module));
  const missing = [...modules].find((name) => !names.includes(name));
  if (missing !== undefined) throw badAdapter(`Got no tensors for ${missing}, expected them by ${configFile}.`);
  const extra = names.find((name) => !modules.has(name));
  if (extra !== undefined) throw badAdapter(`Got tensors for ${extra}, expected none: ${configFile} does not name it.`);
  const { inputs, outputs } = widthsOf(model, module);
  const parts = names.map((name) => ({
    a: file.read(keyOf(name, "A"), [rank, inputs]),
    b: transposed(file.read(keyOf(name, "B"), [outputs, rank]), outputs, rank),
  }));
  file.checkAllRead();
  return { layers, module, rank, alpha, parts };
}

function configText(bytes: Uint8Array | undefined): string {
  if (!bytes) throw badAdapter(`Got no ${configFile}, expected it beside the tensors.`, "Give the whole folder that peft saved.");
  if (bytes.length > maxConfigBytes) throw badAdapter(`${configFile}: got ${bytes.length} bytes, expected at most ${maxConfigBytes}.`);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw badAdapter(`${configFile}: got bytes that are no UTF-8, expected JSON text.`, undefined, { cause });
  }
}

function weightsOf(files: FolderFiles): Uint8Array {
  const bytes = files.get(weightsFile);
  if (bytes) return bytes;
  const hint = files.has("adapter_model.bin")
    ? "adapter_model.bin is a pickle, which may run code: save with save_pretrained(…, safe_serialization=True)."
    : "Give the whole folder that peft saved.";
  throw badAdapter(`Got no ${weightsFile}, expected it beside ${configFile}.`, hint);
}
