/**
 * Paper mode's mixture as one safetensors file with the keys and shapes of the modules released with arXiv 2408.11869, so that
 * `model.load_state_dict(load_file(path), strict=False)` fills them. Of the module M (e.g. transformer.h.36.mlp.c_fc):
 *   base_model.model.M.experts.E.lora_A.default  (I, r)
 *   base_model.model.M.experts.E.lora_B.default  (r, O)
 *   base_model.model.M.gate.gate.weight          (N, d), d = I
 *   base_model.model.M.gate.gate.bias            (N)
 * As they compute x @ A @ B, A lies the other way round than in PEFT, also on GPT-2's Conv1D. The settings stand in the metadata.
 * Stored allocation codes are no tensors there, as in their files: what the page knows of its edits, and so where the mixture applies, is one more
 * text of the metadata (`mixtureEdits.ts`), which PyTorch does not look at.
 */
import { joined } from "../methods/shared.ts";
import type { MixtureValues } from "../mixture/mixtureState.ts";
import { checkSettings, type MethodSettings } from "../mixture/settings.ts";
import { transposed } from "../weights/hostTensor.ts";
import { writeSafetensors, type WritableTensor } from "../weights/safetensorsWriter.ts";
import { readMixtureEdits, writeMixtureEdits, type WrittenEdits } from "./mixtureEdits.ts";
import { readMixtureSettings, writeMixtureSettings } from "./mixtureSettings.ts";
import { badAdapter, checkFinite, moduleName, placesOf, widthsOf, type ModelOutline } from "./modules.ts";
import { openTensorFile, type TensorFile } from "./tensorFile.ts";

export interface MixtureContent {
  readonly settings: MethodSettings;
  /** As `splitParts` gives them: routers (L, N, d) and (L, N), A (N · r, I) and B (N · r, O) of each layer. */
  readonly values: MixtureValues;
  /** What a page knows of the edits in it; absent in files of the released code, and of mixtures that were imported without. */
  readonly written?: WrittenEdits | undefined;
}

const prefix = "base_model.model.";
const expertKey = /^base_model\.model\.(.{1,200})\.experts\.(\d{1,3})\.lora_A\.default$/;

/** Keys of one layer's tensors. */
const keysOf = (name: string) => ({
  a: (expert: number) => `${prefix}${name}.experts.${expert}.lora_A.default`,
  b: (expert: number) => `${prefix}${name}.experts.${expert}.lora_B.default`,
  weight: `${prefix}${name}.gate.gate.weight`,
  bias: `${prefix}${name}.gate.gate.bias`,
});

/** @throws EngineError `bad-settings`, `bad-shape`, or `bad-adapter` for values that are no numbers */
export function writeMixtureFile(model: ModelOutline, { settings, values, written }: MixtureContent): Uint8Array<ArrayBuffer> {
  checkSettings(settings, model);
  const { inputs, outputs } = widthsOf(model, settings.module);
  const { experts, rank } = settings;
  const tensors = settings.layers.flatMap((layer, i): WritableTensor[] => {
    const name = moduleName(model, layer, settings.module);
    const keys = keysOf(name);
    const [a, b] = [values.a[i] ?? new Float32Array(), values.b[i] ?? new Float32Array()];
    const each = Array.from({ length: experts }, (_, e): WritableTensor[] => [
      { name: keys.a(e), shape: [inputs, rank], data: transposed(rowsOf(a, e, rank * inputs), rank, inputs) },
      { name: keys.b(e), shape: [rank, outputs], data: rowsOf(b, e, rank * outputs) },
    ]);
    return [
      ...each.flat(),
      { name: keys.weight, shape: [experts, inputs], data: rowsOf(values.routerWeight, i, experts * inputs) },
      { name: keys.bias, shape: [experts], data: rowsOf(values.routerBias, i, experts) },
    ];
  });
  for (const { name, data } of tensors) if (data instanceof Float32Array) checkFinite(`Tensor ${name}`, data);
  return writeSafetensors(tensors, {
    format: "pt",
    elder: writeMixtureSettings(model, settings),
    ...(written ? { elder_edits: writeMixtureEdits(written) } : {}),
  });
}

/** Block `index` of `size` values. @throws EngineError `bad-adapter` when there are fewer */
function rowsOf(values: Float32Array, index: number, size: number): Float32Array {
  const rows = values.slice(index * size, (index + 1) * size);
  if (rows.length === size) return rows;
  throw badAdapter(`Got ${values.length} values, expected at least ${(index + 1) * size}.`, "The mixture belongs to other settings.");
}

/**
 * Reads a mixture strictly: every expert of every layer, nothing else.
 * @param assumed for files that say nothing of alpha, k and the rest, as those of the released code: what they are read with. What can
 *   be told from the tensors (layers, module, N, r) never comes from it.
 * @throws EngineError `bad-safetensors`; `bad-adapter` for tensors that are missing, too many, of another shape or rank, no numbers,
 *   or unlike the settings; `bad-settings` for settings that cannot be used with the model
 */
export function readMixtureFile(model: ModelOutline, bytes: Uint8Array, assumed?: MethodSettings): MixtureContent {
  const file = openTensorFile(bytes);
  const outline = outlineOf(model, file);
  const settings = readMixtureSettings(model, file.metadata["elder"], outline, assumed);
  const { inputs, outputs } = widthsOf(model, settings.module);
  const { experts, rank } = settings;
  const layers = settings.layers.map((layer) => {
    const keys = keysOf(moduleName(model, layer, settings.module));
    const each = Array.from({ length: experts }, (_, e) => ({
      a: transposed(file.read(keys.a(e), [inputs, rank]), inputs, rank),
      b: file.read(keys.b(e), [rank, outputs]),
    }));
    return {
      a: joined(each.map(({ a }) => a)),
      b: joined(each.map(({ b }) => b)),
      weight: file.read(keys.weight, [experts, inputs]),
      bias: file.read(keys.bias, [experts]),
    };
  });
  file.checkAllRead();
  const text = file.metadata["elder_edits"];
  return {
    settings,
    written: text === undefined ? undefined : readMixtureEdits(text, settings),
    values: {
      routerWeight: joined(layers.map(({ weight }) => weight)),
      routerBias: joined(layers.map(({ bias }) => bias)),
      a: layers.map(({ a }) => a),
      b: layers.map(({ b }) => b),
    },
  };
}

/** What the tensors' names and shapes alone say. */
function outlineOf(model: ModelOutline, file: TensorFile): Pick<MethodSettings, "layers" | "module" | "experts" | "rank"> {
  const found = [...file.shapes].flatMap(([key, shape]) => {
    const match = expertKey.exec(key);
    return match ? [{ name: match[1] ?? "", expert: Number(match[2]), rank: shape[1] ?? 0 }] : [];
  });
  if (found.length === 0) {
    const hint = "A PEFT folder is imported as such; for the released code's files save the model's state dict.";
    throw badAdapter("Got no expert in the file, expected keys like base_model.model.….experts.0.lora_A.default.", hint);
  }
  const { layers, module } = placesOf(
    model,
    found.map(({ name }) => name),
  );
  return { layers, module, experts: 1 + Math.max(...found.map(({ expert }) => expert)), rank: found[0]?.rank ?? 0 };
}
