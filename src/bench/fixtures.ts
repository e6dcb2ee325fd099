/** Seeded tensors of the sizes that are measured. */
import { tf, webgpuBackend, type Tensor } from "../gpu/tensors.ts";
import { isPacked, PER_WORD, scaleWords, type PackedFormat, type Weight, type WeightFormat } from "../kernels/weight.ts";
import { createPrng } from "../lib/prng.ts";
import type { FloatTensor, PackedTensor } from "../weights/hostTensor.ts";

export function randomFloats(seed: number, length: number, spread = 1): Float32Array<ArrayBuffer> {
  const prng = createPrng(seed);
  return Float32Array.from({ length }, () => prng.uniform(-spread, spread));
}

/** On the GPU at once, and kept until disposed of. */
export function upload(data: Float32Array | Int32Array, shape: number[], dtype: "float32" | "int32" = "float32"): Tensor {
  const tensor = tf.keep(tf.tensor(data, shape, dtype));
  webgpuBackend().uploadToGPU(tensor.dataId);
  return tensor;
}

const GROUP = 32;
/** Scales 2⁻⁶ and 2⁻¹⁰ and the minimum −0.125 as f16: weights of all formats lie between −0.125 and 0.125. */
const SCALES: Readonly<Record<PackedFormat, number>> = { int4: 0x24002400, int8: 0x14001400, int4m: 0xb0002400 };

/** Random packed words with equal scales: quantizing large random weights would take longer than the measurement. */
export function packedWeight(format: PackedFormat, rows: number, columns: number, seed: number): PackedTensor {
  const prng = createPrng(seed);
  const words = Uint32Array.from({ length: (rows * columns) / PER_WORD[format] }, () => Math.floor(prng.next() * 2 ** 32));
  const scales = new Uint32Array(scaleWords(format, (rows * columns) / GROUP)).fill(SCALES[format]);
  return { name: `random ${format}`, shape: [rows, columns], format, group: GROUP, words, scales };
}

const signed = (words: Uint32Array): Int32Array => new Int32Array(words.buffer, words.byteOffset, words.length);

/** A host tensor as the kernels take it. */
export function asWeight(host: FloatTensor | PackedTensor): Weight {
  const [rows = 0, columns = 0] = host.shape;
  if (host.format === "f32") return { format: "f32", rows, columns, group: 1, w: upload(host.data, [rows, columns]) };
  const { words, scales, format, group } = host;
  return {
    format,
    rows,
    columns,
    group,
    w: upload(signed(words), [rows, words.length / rows], "int32"),
    scales: upload(signed(scales), [scales.length], "int32"),
  };
}

export function uploadWeight(format: WeightFormat, rows: number, columns: number, seed: number): Weight {
  if (isPacked(format)) return asWeight(packedWeight(format, rows, columns, seed));
  if (format === "f16") throw new Error("Random float16 weights are not measured");
  return asWeight({ name: "random", shape: [rows, columns], format, data: randomFloats(seed, rows * columns, 0.125) });
}

export const disposeWeight = ({ w, scales }: Weight): void => tf.dispose(scales ? [w, scales] : [w]);

/** Gates of B sequences with k of E experts picked, (B, E). */
export function randomGates(seed: number, batch: number, experts: number, picked: number): Float32Array<ArrayBuffer> {
  const prng = createPrng(seed);
  const gates = new Float32Array(batch * experts);
  for (let b = 0; b < batch; b++) {
    const first = prng.below(experts);
    for (let k = 0; k < picked; k++) gates[b * experts + ((first + k) % experts)] = prng.uniform(0.2, 0.8);
  }
  return gates;
}
