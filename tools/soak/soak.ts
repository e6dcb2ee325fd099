/** Edits with undo, one after another, on a tiny model: what is held of the GPU and the heap, and how long each takes. */
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { generate } from "../../src/editing/generate.ts";
import { requestGpu } from "../../src/gpu/device.ts";
import { flushDispatches } from "../../src/gpu/dispatch.ts";
import { meterOf } from "../../src/gpu/meter.ts";
import { gpuMemory, installBackend, tf } from "../../src/gpu/tensors.ts";
import { createLedger, type Ledger } from "../../src/ledger/ledger.ts";
import { errorFacts } from "../../src/lib/errors.ts";
import { createPrng, type Prng } from "../../src/lib/prng.ts";
import { createPaper } from "../../src/methods/paper.ts";
import { tinySettings } from "../../src/mixture/testing/methodSettings.ts";
import { tinyFiles, tinyTokenizer } from "../../src/model/testing/tinyModel.ts";
import { uploadModel } from "../../src/model/uploadModel.ts";
import type { Held } from "./figures.ts";

export interface SoakOptions {
  readonly edits: number;
  /** Edits before them that do not count: code is compiled, pools fill. */
  readonly warmUp: number;
  readonly seed: number;
  /** A buffer is made with every edit and never given back. */
  readonly leak?: boolean;
}

export interface SoakSample {
  /** Edits written so far. */
  readonly edit: number;
  readonly held: Held;
  /** Bytes of objects on the heap after a collection. */
  readonly heap: number;
}

export interface SoakRun {
  /** At the end of each cycle, when nothing is written any more. */
  readonly samples: readonly SoakSample[];
  /** Milliseconds of processor time of each edit: other programs on the machine do not count. */
  readonly times: readonly number[];
  /** Edits that the model refused as nothing new, for which another was written. */
  readonly refused: number;
  /** What the GPU said that no call owns. */
  readonly errors: readonly string[];
}

/** One cycle, from no edits to none: w writes, u undoes, r does again, g asks. */
const CYCLE = "wgwuwguuwurugwu";
export const CYCLE_EDITS = [...CYCLE].filter((act) => act === "w").length;
/** Answers of equal length, so that every cycle needs buffers of the same sizes. */
const ANSWERS = ["A.", "B.", "C.", "D.", "E.", "F."];
const PROMPTS = ["Sea:", "Sky:", "Sun:"];
const settings = { ...tinySettings, layers: [2], experts: 16, steps: 2 };
const shape = { format: "int8" } as const;

export async function soak({ edits, warmUp, seed, leak = false }: SoakOptions): Promise<SoakRun> {
  const { device, ...gpu } = await requestGpu(navigator.gpu);
  const errors: string[] = [];
  device.addEventListener("uncapturederror", ({ error }) => errors.push(error.message));
  const buffers = countBuffers(device);
  await installBackend({ device, ...gpu });
  const base = { model: await uploadModel(tinyFiles("gpt2", shape)), tokenizer: tinyTokenizer() };
  const ledger = createLedger(base, () => createPaper({ ...base, seed: settings.seed }, settings));
  const prng = createPrng(seed);
  const [samples, times]: [SoakSample[], number[]] = [[], []];
  let refused = 0;
  while (times.length < warmUp + edits) {
    for (const act of CYCLE) {
      if (act === "w") {
        const { milliseconds, tries } = await write(ledger, prng);
        times.push(milliseconds);
        refused += tries - 1;
        if (leak) device.createBuffer({ size: 256, usage: GPUBufferUsage.STORAGE });
      } else await perform(ledger, act);
    }
    const heap = await collectedHeap();
    flushDispatches();
    await device.queue.onSubmittedWorkDone();
    const bytes = meterOf(device)?.read().liveBytes ?? NaN;
    const { numTensors: tensors, numDataBuffers: data } = tf.memory();
    if (times.length > warmUp)
      samples.push({ edit: times.length - warmUp, held: { buffers: buffers(), bytes, used: gpuMemory().gpuBytes, tensors, data }, heap });
  }
  ledger.dispose();
  base.model.dispose();
  return { samples, times: times.slice(warmUp), refused, errors };
}

/** Writes something that the model does not say yet. */
async function write(ledger: Ledger, prng: Prng): Promise<{ milliseconds: number; tries: number }> {
  for (let tries = 1; ; tries++) {
    const draft = { prompt: PROMPTS[prng.below(PROMPTS.length)] ?? "", answer: ANSWERS[prng.below(ANSWERS.length)] ?? "", rephrasings: [] };
    const { user, system } = process.cpuUsage();
    try {
      await ledger.write(draft);
      const after = process.cpuUsage();
      return { milliseconds: (after.user - user + after.system - system) / 1000, tries };
    } catch (thrown) {
      if (errorFacts(thrown).code !== "answer-unchanged") throw thrown;
    }
  }
}

async function perform(ledger: Ledger, act: string): Promise<void> {
  if (act === "u") return ledger.undo();
  if (act === "r") return ledger.redo();
  const params = { prompt: "Sea:", maxTokens: 3, sampling: { kind: "greedy" }, edits: "auto", stopAtSentence: false } as const;
  await generate(ledger.answering, params);
}

/** Buffers made on the device from now on and not destroyed. */
function countBuffers(device: GPUDevice): () => number {
  const live = new Set<GPUBuffer>();
  const create = device.createBuffer;
  device.createBuffer = (descriptor) => {
    const buffer = create.call(device, descriptor);
    const destroy = buffer.destroy;
    live.add(buffer);
    buffer.destroy = () => {
      live.delete(buffer);
      return destroy.call(buffer);
    };
    return buffer;
  };
  return () => live.size;
}

let collect: (() => void) | undefined;

/** Bytes of objects that are still there once everything that nobody holds is gone. */
async function collectedHeap(): Promise<number> {
  if (!collect) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as () => void;
  }
  // What wraps objects of the GPU lets go of them in between.
  for (let turn = 0; turn < 3; turn++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve));
  }
  collect();
  // Code goes on being compiled, better, for hours.
  const objects = getHeapSpaceStatistics().filter(({ space_name: name }) => !/code|trusted/.test(name));
  return objects.reduce((sum, { space_used_size: used }) => sum + used, 0);
}
