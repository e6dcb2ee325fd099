/** Floats of a safetensors file, read so that nothing is rounded, reshaped or left over in silence. */
import { elementCount } from "../weights/hostTensor.ts";
import { openSafetensors } from "../weights/safetensors.ts";
import { shown } from "../weights/strictJson.ts";
import { badAdapter, checkFinite } from "./modules.ts";

/** Of half a gigabyte is the largest adapter in use; more would not fit a tab beside the model. */
export const maxFileBytes = 1024 * 1024 * 1024;
const exactTypes = ["F32", "F16", "BF16"];

export interface TensorFile {
  readonly metadata: Readonly<Record<string, string>>;
  /** Shapes by name. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** @throws EngineError `bad-adapter` when it is missing, of another shape, would be rounded, or holds what is no number */
  read(name: string, shape: readonly number[]): Float32Array;
  /** @throws EngineError `bad-adapter` naming a tensor that was not read */
  checkAllRead(): void;
}

/** @throws EngineError `bad-safetensors`, `bad-adapter` */
export function openTensorFile(bytes: Uint8Array): TensorFile {
  if (bytes.length > maxFileBytes) throw badAdapter(`Got a file of ${bytes.length} bytes, expected at most ${maxFileBytes}.`);
  const file = openSafetensors(bytes);
  const unread = new Set(file.entries.keys());
  return {
    metadata: file.metadata,
    shapes: new Map(Array.from(file.entries, ([name, { shape }]) => [name, shape])),
    read(name, shape) {
      const entry = file.entries.get(name);
      if (!entry) throw badAdapter(`Got no tensor ${shown(name)}, expected it among the file's ${file.entries.size}.`);
      if (entry.shape.length !== shape.length || entry.shape.some((size, i) => size !== shape[i]))
        throw badAdapter(`Tensor ${shown(name)}: got shape [${entry.shape.join(", ")}], expected [${shape.join(", ")}].`);
      if (!exactTypes.includes(entry.type))
        throw badAdapter(`Tensor ${shown(name)}: got ${entry.type}, expected ${exactTypes.join(", ")}.`, "Save the adapter in float32.");
      const { data } = file.readTensor(name);
      if (data.length !== elementCount(shape)) throw badAdapter(`Tensor ${shown(name)}: got ${data.length} values.`);
      checkFinite(`Tensor ${shown(name)}`, data);
      unread.delete(name);
      return data;
    },
    checkAllRead() {
      const [left] = unread;
      if (left !== undefined)
        throw badAdapter(`Got the tensor ${shown(left)}, which belongs to no adapter of the file, expected A and B of each layer only.`);
    },
  };
}
