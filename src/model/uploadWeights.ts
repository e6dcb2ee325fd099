import { settleAllocations } from "../gpu/allocations.ts";
import { bindingOf, emptyTensor, tf, viewOf, webgpuBackend, type Tensor } from "../gpu/tensors.ts";
import type { Matrix } from "../kernels/splitWeight.ts";
import { isPacked, PER_WORD, scaleWords, type Weight } from "../kernels/weight.ts";
import { EngineError } from "../lib/errors.ts";
import { tensorBytes, type HostTensor, type TensorOutline } from "../weights/hostTensor.ts";
import { pieceRows, type Join } from "./uploadPlan.ts";

/** Bytes written before the device is waited for: until then the driver may hold them in host memory. */
const UNSETTLED = 64 * 2 ** 20;

/** Takes tensors to the GPU, each at once, so that its copy in host memory can go. */
export interface Uploader {
  /** In one piece or several, or as part of a whole that it is joined to. */
  matrix(host: HostTensor): Matrix;
  floats(values: Float32Array, shape: readonly number[]): Tensor;
  /** What matrices of these names were joined to. */
  whole(names: readonly string[]): Weight | undefined;
  /** Waits for the device where much has been written. */
  settle(): Promise<void>;
}

/** @param held takes every tensor made, for disposal */
export function createUploader(joins: readonly Join[], limit: number, held: Tensor[]): Uploader {
  const { device } = webgpuBackend();
  const { queue } = device;
  const wholes = new Map<string, Weight>();
  let unsettled = 0;
  const keep = (tensor: Tensor): Tensor => {
    held.push(tf.keep(tensor));
    return tensor;
  };
  const write = (target: Tensor, { buffer, byteOffset }: ArrayBufferView, start = 0): void => {
    const place = bindingOf(target);
    queue.writeBuffer(place.buffer, place.offset ?? 0, buffer, byteOffset + start, 4 * target.size);
    unsettled += 4 * target.size;
  };
  const fill = (weight: Weight, host: HostTensor, first: number): Weight => {
    const start = tensorBytes({ ...host, shape: [first, weight.columns] });
    write(weight.w, wordsOf(host), start.words);
    if (weight.scales && "scales" in host) write(weight.scales, host.scales, start.scales);
    return weight;
  };
  const wholeOf = (join: Join): Weight => {
    const names = join.parts.map(({ outline }) => outline.name).join();
    let whole = wholes.get(names);
    if (!whole) wholes.set(names, (whole = emptyWeight(join.whole, keep)));
    return whole;
  };
  return {
    matrix(host) {
      const join = joins.find(({ parts }) => parts.some(({ outline }) => outline.name === host.name));
      if (join) return fill(partOf(wholeOf(join), join, host, keep), host, 0);
      const [rows = 0, columns = 0] = host.shape;
      let first = 0;
      const parts = pieceRows(host, limit).map((own) =>
        fill(emptyWeight({ ...host, shape: [own, columns] }, keep), host, (first += own) - own),
      );
      const [only] = parts;
      return only && parts.length === 1 ? only : { rows, columns, parts };
    },
    floats(values, shape) {
      const tensor = keep(emptyTensor(shape, "float32"));
      write(tensor, values);
      return tensor;
    },
    whole: (names) => wholes.get(names.join()),
    async settle() {
      // An empty submit lets the driver begin.
      queue.submit([]);
      if (unsettled < UNSETTLED) return;
      unsettled = 0;
      await queue.onSubmittedWorkDone();
      await settleAllocations(device);
    },
  };
}

function wordsOf(host: HostTensor): ArrayBufferView {
  if (host.format === "f32") return host.data;
  return host.format === "f16" ? host.halves : host.words;
}

function emptyWeight({ shape: [rows = 0, columns = 0], format, group = 1 }: TensorOutline, keep: (tensor: Tensor) => Tensor): Weight {
  const w = keep(emptyTensor([rows, columns / PER_WORD[format]], format === "f32" ? "float32" : "int32"));
  if (!isPacked(format)) return { format, rows, columns, group, w };
  const scales = keep(emptyTensor([scaleWords(format, (rows * columns) / group)], "int32"));
  return { format, rows, columns, group, w, scales };
}

/** Views of the rows of a whole that belong to one of its parts. @throws EngineError `bad-shape` where the tensor is not as announced */
function partOf(whole: Weight, { parts }: Join, host: HostTensor, keep: (tensor: Tensor) => Tensor): Weight {
  const part = parts.find(({ outline }) => outline.name === host.name);
  const group = "group" in host ? host.group : undefined;
  if (!part || part.outline.format !== host.format || part.outline.shape.join() !== host.shape.join() || part.outline.group !== group) {
    throw new EngineError(
      "bad-shape",
      `Tensor ${host.name}: got ${host.format} (${host.shape.join(", ")}), expected ${part?.outline.format} (${part?.outline.shape.join(", ")}) as announced.`,
      "This is a fault of the program: please report it.",
    );
  }
  const [rows = 0] = host.shape;
  const w = keep(viewOf(whole.w, part.words, [rows, whole.w.shape[1] ?? 0]));
  if (!whole.scales) return { ...whole, rows, w };
  return { ...whole, rows, w, scales: keep(viewOf(whole.scales, part.scales, [tensorBytes(part.outline).scales / 4])) };
}
