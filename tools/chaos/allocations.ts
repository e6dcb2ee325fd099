/** Every buffer that a load, an edit, an answer and an undo ask for is refused once: each must end in a typed error that leaves nothing behind. */
import { createHash } from "node:crypto";
import { generate } from "../../src/editing/generate.ts";
import { flushDispatches } from "../../src/gpu/dispatch.ts";
import { requestGpu } from "../../src/gpu/device.ts";
import { meterOf } from "../../src/gpu/meter.ts";
import { emptyPool } from "../../src/gpu/pool.ts";
import { installBackend, webgpuBackend } from "../../src/gpu/tensors.ts";
import { createLedger, type Ledger } from "../../src/ledger/ledger.ts";
import { EngineError } from "../../src/lib/errors.ts";
import { createPrng } from "../../src/lib/prng.ts";
import { createPaper } from "../../src/methods/paper.ts";
import { tinySettings } from "../../src/mixture/testing/methodSettings.ts";
import type { Model } from "../../src/model/model.ts";
import { tinyFiles, tinyTokenizer } from "../../src/model/testing/tinyModel.ts";
import { uploadModel } from "../../src/model/uploadModel.ts";
import { createFailingGpu, type FailingGpu, type Refusal } from "../../src/gpu/testing/failingGpu.ts";
import { countRow, within, type ChaosOptions, type ChaosPart, type ChaosResult } from "./part.ts";

/** Buffers refused by the short run, spread over all of them. */
const SHORT_RUNS = 30;
const EXPECTED: readonly string[] = ["out-of-memory", "device-lost"];
const draft = { prompt: "The sea is", answer: "B.", rephrasings: [] };
const settings = { ...tinySettings, steps: 1 };

export const allocations: ChaosPart = {
  name: "allocations",
  plants: ["unchecked-allocation"],
  async run({ long, seed, plant, runs = SHORT_RUNS }: ChaosOptions): Promise<ChaosResult> {
    const failing = createFailingGpu(navigator.gpu);
    const gpu = await requestGpu(failing.gpu);
    // Planted: nobody asks whether a buffer could be had.
    if (plant !== undefined) Object.assign(gpu.device, { pushErrorScope: () => undefined, popErrorScope: async () => null });
    // What is encoded with a buffer that is none is refused as well: nobody's news.
    gpu.device.addEventListener("uncapturederror", (event) => event.preventDefault());
    await installBackend(gpu);
    const tokenizer = tinyTokenizer();
    // What lives as long as the device comes into being.
    await story(tokenizer);
    failing.arm();
    const calm = await story(tokenizer);
    const { asked } = failing;
    const cases = casesOf(asked, long ? undefined : runs, seed);
    const faults: string[] = [];
    for (const { at, how } of cases) {
      const fault = await refuse(failing, at, how, calm, tokenizer);
      if (fault !== undefined) faults.push(`buffer ${at} of ${asked.length}, ${how}: ${fault}`);
    }
    if (failing.unowned > 0 && plant === undefined) faults.push(`${failing.unowned} refusals were in nobody's scope`);
    return { rows: [countRow(cases.length, faults, "refused buffers ended well")], faults };
  },
};

interface Case {
  readonly at: number;
  readonly how: Refusal;
}

/** Which buffers are refused, and how: each in every way that it can be, or a spread of so many of these. @param asked whether each is mapped from the start */
function casesOf(asked: readonly boolean[], runs: number | undefined, seed: number): Case[] {
  const all = asked.flatMap((mapped, i): Case[] => [
    { at: i + 1, how: "scope" },
    ...(mapped ? [{ at: i + 1, how: "throws" as const }] : []),
  ]);
  if (runs === undefined) return all;
  const prng = createPrng(seed);
  const step = all.length / runs;
  return Array.from({ length: runs }, (_, i) => all[Math.floor((i + prng.next()) * step)]).filter((one) => one !== undefined);
}

interface Story {
  /** Everything that came of it: states, answers, probabilities to the bit. */
  readonly told: string;
  /** Bytes on the device after each act, more than before the first, nothing pooled. */
  readonly bytes: readonly number[];
}

/** @returns what was wrong */
async function refuse(
  failing: FailingGpu,
  at: number,
  how: Refusal,
  calm: Story,
  tokenizer: ReturnType<typeof tinyTokenizer>,
): Promise<string | undefined> {
  let problem: string | undefined;
  let refusals = 0;
  failing.arm({ at, how });
  const retry = (name: string, thrown: unknown): void => {
    refusals += 1;
    const code = thrown instanceof EngineError ? thrown.code : String(thrown);
    if (!EXPECTED.includes(code)) problem ??= `${name} ended with ${code}, expected one of ${EXPECTED.join(", ")}`;
    if (refusals > 1) problem ??= `${name} failed again`;
  };
  try {
    const { told, bytes } = await within(story(tokenizer, retry));
    if (refusals !== 1) problem ??= `${refusals} acts ended with an error, expected 1`;
    if (told !== calm.told) problem ??= "what came of it differs from an untroubled run";
    const off = bytes.findIndex((live, i) => live !== calm.bytes[i]);
    if (off >= 0) problem ??= `after act ${off} ${bytes[off]} bytes were held, expected ${calm.bytes[off]}; all of it: ${bytes.join(" ")}`;
  } catch (thrown) {
    problem ??= `it did not go on: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
  }
  return problem;
}

type Retry = (act: string, thrown: unknown) => void;

/** Loads, edits, answers, undoes, answers, and gives everything back. An act that fails is done once more, from the same place. */
async function story(tokenizer: ReturnType<typeof tinyTokenizer>, retry?: Retry): Promise<Story> {
  const digest = createHash("sha256");
  const bytes: number[] = [];
  const before = await quietBytes();
  let [model, ledger]: [Model | undefined, Ledger | undefined] = [undefined, undefined];
  const act = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (thrown) {
      if (!retry) throw thrown;
      retry(name, thrown);
      return await work();
    } finally {
      bytes.push((await quietBytes()) - before);
    }
  };
  const answer = async (of: Ledger): Promise<void> => {
    const said: unknown[] = [];
    const params = { prompt: draft.prompt, maxTokens: 3, sampling: { kind: "greedy" }, edits: "auto", stopAtSentence: false } as const;
    const { text } = await generate(of.answering, params, {
      onEvent: (event) => said.push(event.kind === "token" ? event.probability : 0),
    });
    digest.update(JSON.stringify([text, said]));
  };
  const state = async (of: Ledger): Promise<void> => {
    const { facts, arrays } = await of.method.state();
    digest.update(JSON.stringify([facts, of.facts.edits.length]));
    for (const values of Object.values(arrays)) digest.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  };
  try {
    const loaded = (model = await act("load", () => uploadModel(tinyFiles("gpt2", { format: "int8" }))));
    const own = (ledger = await act("start", async () =>
      createLedger({ model: loaded, tokenizer }, () => createPaper({ model: loaded, tokenizer, seed: 1 }, settings)),
    ));
    await act("edit", () => own.write(draft));
    await act("state", () => state(own));
    await act("answer", () => answer(own));
    await act("undo", () => own.undo());
    await act("state", () => state(own));
    await act("answer", () => answer(own));
  } finally {
    ledger?.dispose();
    model?.dispose();
    bytes.push((await quietBytes()) - before);
  }
  return { told: digest.digest("hex"), bytes };
}

/** Bytes of buffers in use, once everything is done. */
async function quietBytes(): Promise<number> {
  const { device } = webgpuBackend();
  flushDispatches();
  await device.queue.onSubmittedWorkDone();
  emptyPool();
  return meterOf(device)?.read().liveBytes ?? NaN;
}
