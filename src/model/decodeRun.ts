import { readBack } from "../gpu/allocations.ts";
import { encodePlans, recordPlan, type CommandPlan } from "../gpu/commandPlan.ts";
import { flushDispatches } from "../gpu/dispatch.ts";
import { avoidsBarriers, bufferOf, emptyTensor, tf, webgpuBackend, type Tensor } from "../gpu/tensors.ts";
import { sampleKernel } from "../kernels/sample.ts";
import { assemble } from "../lib/assemble.ts";
import { EngineError } from "../lib/errors.ts";
import { recordDecode, type DecodeOptions } from "./decodeRecorder.ts";
import type { Model } from "./model.ts";

/** Temperature 0 is greedy; topK 0 and topP 1 keep all. */
export interface SamplingRule {
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  /** Whole, 32 bits. */
  readonly seed: number;
}
export const GREEDY: SamplingRule = { temperature: 0, topK: 0, topP: 1, seed: 0 };

/** One step of decoding, as it is read back. */
export interface DecodedToken {
  readonly id: number;
  readonly probability: number;
  /** The most probable tokens at this place, most probable first. */
  readonly candidates: readonly { readonly id: number; readonly probability: number }[];
  /** What the watched tensor held after this step. */
  readonly watched: Float32Array;
}

export interface DecodeRun {
  /** Dispatches of one step. */
  readonly dispatches: number;
  /** Samples a token and sends it through the model. */
  next(): Promise<DecodedToken>;
  /** Logits (V) after the last token. */
  logits(): Promise<Float32Array>;
  /** Sends a given token through the model instead. A run takes either next or append. */
  append(id: number): Promise<{ readonly logits: Float32Array; readonly watched: Float32Array }>;
  dispose(): void;
}

const CANDIDATES = 5;

export interface DecodeStart extends Omit<DecodeOptions, "state"> {
  /** Logits (V) at the end of the prompt; each step writes the next into them. Owned by the run from here on. */
  readonly logits: Tensor;
  /** Tokens in the cache. */
  readonly length: number;
  readonly sampling: SamplingRule;
  /** Read back with each token. */
  readonly watched: Tensor;
}

/**
 * Decodes token after token by one recorded plan: a step samples from the logits, sends the token through the model and
 * reads one small buffer back; nothing else crosses between the GPU and the host.
 * @throws EngineError `bad-shape`
 */
export function startDecoding(model: Model, start: DecodeStart): DecodeRun {
  const { device } = webgpuBackend();
  const { logits, watched, sampling } = start;
  const candidates = Math.min(CANDIDATES, logits.size);
  const { made, dispose } = assemble((own) => {
    own(logits);
    const state = own(tf.keep(tf.tensor1d([0, start.length - 1, 0], "int32")));
    const record = own(tf.keep(emptyTensor([2 + 2 * candidates], "float32")));
    const held: Tensor[] = [];
    own({ dispose: () => tf.dispose(held) });
    const sampled = sampleKernel.prepare(record, { logits, state }, { ...sampling, R: record.size, F: candidates });
    const sample = own(recordPlan(device, [sampled]));
    const forward = own(recordPlan(device, recordDecode(model, { ...start, state }, logits, held)));
    // Everything the plan reads has been encoded by TF.js: it goes first.
    flushDispatches();
    const steps = own(createReader(device, [sample, forward], [record, watched], stepsAhead()));
    const forced = own(createReader(device, [forward], [logits, watched], 1));
    const look = own(createReader(device, [], [logits], 1));
    return { state, sample, forward, steps, forced, look };
  });
  const { state, sample, forward, steps, forced, look } = made;
  let position = start.length;
  return {
    dispatches: sample.dispatches + forward.dispatches,
    async next() {
      const [figures = new Float32Array(), rest = new Float32Array()] = await steps.next();
      return { ...readRecord(figures, candidates, logits.size), watched: rest };
    },
    async logits() {
      const [values = new Float32Array()] = await look.next();
      return values;
    },
    async append(id) {
      device.queue.writeBuffer(bufferOf(state), 0, Int32Array.of(id, position));
      position += 1;
      const [values = new Float32Array(), rest = new Float32Array()] = await forced.next();
      return { logits: values, watched: rest };
    },
    dispose,
  };
}

function readRecord(figures: Float32Array, candidates: number, vocabulary: number): Omit<DecodedToken, "watched"> {
  const [id = 0] = figures;
  const probability = figures[1 + candidates] ?? 0;
  if (id >= vocabulary || !Number.isFinite(probability)) {
    throw new EngineError("gpu-error", "The model's logits are not finite numbers.", "Clear the edits; if it stays, load the model again.");
  }
  return {
    id,
    probability,
    candidates: Array.from({ length: candidates }, (_, i) => ({ id: figures[1 + i] ?? 0, probability: figures[2 + candidates + i] ?? 0 })),
  };
}

/** Steps in flight: on a GPU the next one runs while the last is being read; a software adapter would only waste it. */
const stepsAhead = (): number => (avoidsBarriers() ? 1 : 2);

/** Runs plans and reads tensors back after each run, one mapped buffer a step. */
function createReader(device: GPUDevice, plans: readonly CommandPlan[], tensors: readonly Tensor[], ahead: number) {
  const sizes = tensors.map(({ size }) => size);
  const bytes = 4 * sizes.reduce((a, b) => a + b, 0);
  const free: GPUBuffer[] = [];
  const running: { buffer: GPUBuffer; mapped: Promise<undefined> }[] = [];
  const submit = (): void => {
    const buffer = free.pop() ?? device.createBuffer({ size: bytes, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    const encoder = encodePlans(device, plans);
    let offset = 0;
    tensors.forEach((tensor, i) => {
      const length = 4 * (sizes[i] ?? 0);
      encoder.copyBufferToBuffer(bufferOf(tensor), 0, buffer, offset, length);
      offset += length;
    });
    device.queue.submit([encoder.finish()]);
    const mapped = buffer.mapAsync(GPUMapMode.READ);
    // A run that is given up rejects; nobody waits for it then.
    mapped.catch(() => undefined);
    running.push({ buffer, mapped });
  };
  return {
    async next(): Promise<Float32Array[]> {
      while (running.length < ahead) submit();
      const step = running.shift();
      if (!step) throw new Error("No step is running");
      try {
        await readBack(device, step.mapped);
        const floats = new Float32Array(step.buffer.getMappedRange().slice(0));
        let at = 0;
        return sizes.map((size) => floats.subarray(at, (at += size)));
      } finally {
        step.buffer.unmap();
        free.push(step.buffer);
      }
    },
    dispose: () => [...free, ...running.map(({ buffer }) => buffer)].forEach((buffer) => buffer.destroy()),
  };
}
