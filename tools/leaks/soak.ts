import type { Session } from "../../src/engine/session.ts";
import { meterOf } from "../../src/gpu/meter.ts";
import { gpuMemory, tf, webgpuBackend } from "../../src/gpu/tensors.ts";
import { errorFacts } from "../../src/lib/errors.ts";

export interface Soak {
  readonly edits: number;
  readonly tokens: number;
}

/** What is held at one time. Bytes on the GPU. */
export interface Held {
  readonly tensors: number;
  readonly dataBuffers: number;
  /** Of live tensors. */
  readonly tensorBytes: number;
  /** Of buffers that TF.js gave out. */
  readonly usedBytes: number;
  /** The same with those in its pool, which keeps what was given back. */
  readonly pooledBytes: number;
  /** Of every buffer on the device, whoever made it. */
  readonly liveBytes: number;
}

export interface SoakResult {
  readonly edits: number;
  /** Edits that were refused since the model gave the answer already. */
  readonly refused: number;
  readonly tokens: number;
  readonly seconds: number;
  readonly before: Held;
  readonly after: Held;
}

type Handlers = Session["handlers"];

/** Answers of equal shape, so that every round needs buffers of the same sizes. */
const ANSWERS = ["Berlin.", "London.", "Madrid.", "Lisbon."];
const PROMPTS = ["The capital of France is", "The largest town is"];
const TOKENS = 16;

/**
 * Edits and generates after two rounds of edits and one of tokens as a warm-up, and says what is held before and after; each time after the edits
 * have been cleared, so that the state is the same.
 */
export async function soak(handlers: Handlers, { edits, tokens }: Soak): Promise<SoakResult> {
  for (let edit = 0; edit < 2 * PROMPTS.length; edit++) await tryEdit(handlers, edit);
  await generateTokens(handlers, PROMPTS.length * TOKENS);
  await clear(handlers);
  const before = held();
  const started = performance.now();
  let [done, attempts] = [0, 0];
  for (; done < edits && attempts < 3 * edits; attempts++) done += await tryEdit(handlers, attempts);
  const made = await generateTokens(handlers, tokens);
  await clear(handlers);
  const seconds = (performance.now() - started) / 1000;
  return { edits: done, refused: attempts - done, tokens: made, seconds, before, after: held() };
}

const context = () => ({ signal: new AbortController().signal, emit: () => undefined });

/** @returns 1, or 0 when the model gives this answer already */
async function tryEdit(handlers: Handlers, turn: number): Promise<number> {
  const prompt = PROMPTS[turn % PROMPTS.length] ?? "";
  const answer = ANSWERS[Math.floor(turn / PROMPTS.length) % ANSWERS.length] ?? "";
  try {
    await handlers.edit({ draft: { prompt, answer, rephrasings: [] } }, context());
    return 1;
  } catch (thrown) {
    if (errorFacts(thrown).code === "answer-unchanged") return 0;
    throw thrown;
  }
}

async function generateTokens(handlers: Handlers, tokens: number): Promise<number> {
  let made = 0;
  for (let turn = 0; made < tokens && turn < tokens; turn++) {
    const prompt = PROMPTS[turn % PROMPTS.length] ?? "";
    const edits = turn % 2 === 0 ? "auto" : "off";
    const params = { prompt, maxTokens: TOKENS, sampling: { kind: "greedy" }, edits, stopAtSentence: false } as const;
    made += (await handlers.generate(params, context())).pieces.length;
  }
  return made;
}

const clear = (handlers: Handlers): Promise<unknown> => handlers.rewrite({ edits: [] }, context());

function held(): Held {
  const { numTensors, numDataBuffers, numBytes } = tf.memory();
  const { gpuBytes, gpuAllocatedBytes } = gpuMemory();
  const liveBytes = meterOf(webgpuBackend().device)?.read().liveBytes ?? NaN;
  return {
    tensors: numTensors,
    dataBuffers: numDataBuffers,
    tensorBytes: numBytes,
    usedBytes: gpuBytes,
    pooledBytes: gpuAllocatedBytes,
    liveBytes,
  };
}

/** What has grown, by name: figures of live things must be equal, those of pools no larger. */
export function leaksOf({ before, after }: SoakResult): string[] {
  return (Object.keys(before) as (keyof Held)[]).filter((name) => {
    const pooled = name === "pooledBytes" || name === "liveBytes";
    return pooled ? !(after[name] <= before[name]) : after[name] !== before[name];
  });
}
