/** The runs of one call: every method with every seed, or a shard of them. */
import { createHash } from "node:crypto";
import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { importEdits } from "../../src/evaluation/importEdits.ts";
import type { BaseAnswers } from "../../src/evaluation/measure.ts";
import type { EvaluationResult, RunFacts } from "../../src/evaluation/results.ts";
import { evaluate, type SavedEvaluation } from "../../src/evaluation/runner.ts";
import { requestGpu } from "../../src/gpu/device.ts";
import { installBackend } from "../../src/gpu/tensors.ts";
import { EngineError } from "../../src/lib/errors.ts";
import { createMethod } from "../../src/methods/registry.ts";
import { modelPlans } from "../../src/model/modelPlans.ts";
import { uploadModel } from "../../src/model/uploadModel.ts";
import { loadTokenizer } from "../../src/tokenizer/tokenizer.ts";
import { describeFormats } from "../../src/weights/hostTensor.ts";
import { readModel } from "../../src/weights/readModel.ts";
import { openSource } from "../lib/openSource.ts";
import type { RunJob } from "./arguments.ts";
import { partialPath, readPartial, writePartial, type Partial } from "./partialFile.ts";
import { createTeller } from "./progress.ts";
import { timingPath, writeResults, writeWhole } from "./resultFile.ts";
import { createStopwatch, growthOf, type RunTiming, type TimingFile } from "./timing.ts";

/** Edits between two times that the state is kept. */
const KEEP_EVERY = 25;

/** @returns the results of this call: those of a shard are to be merged */
export async function runJob(job: RunJob): Promise<{ readonly results: readonly EvaluationResult[]; readonly timings: TimingFile }> {
  await mkdir(dirname(job.out), { recursive: true });
  const loaded = await load(job);
  const edits = await readEdits(job.edits);
  const planned = planRuns(job, loaded, edits);
  const sliced = planned.length === 1;
  const own = sliced
    ? planned.map((run) => ({ ...run, shard: job.shard }))
    : planned.filter((_, i) => i % job.shard.of === job.shard.index - 1);
  const before = job.resume ? await whatWasKept(job.out, own) : undefined;
  const results = [...(before?.finished ?? [])];
  const timings = [...(before?.finishedTimings ?? [])];
  const baseAnswers: BaseAnswers = new Map();
  const stop = listenForStop();
  for (const run of own.slice(results.length)) {
    const saved = before && results.length === before.finished.length ? before : undefined;
    const timing = saved?.timing ?? { method: run.method, seed: run.seed, edits: [], checkpoints: [] };
    const keep = async (state: SavedEvaluation): Promise<void> =>
      writePartial(partialPath(job.out), { finished: results, finishedTimings: timings, saved: state, timing });
    results.push(await runOne({ ...loaded, set: edits.set, run, baseAnswers, timing, saved: saved?.saved, keep, stop }, job.overrides));
    timings.push(timing);
  }
  const file: TimingFile = {
    format: "elder-lab evaluation timing",
    version: 1,
    device: loaded.device,
    runs: timings.map((timing) => ({ ...timing, growth: growthOf(timing.edits) })),
  };
  await writeWhole(timingPath(job.out), `${JSON.stringify(file)}\n`);
  await writeResults(job.out, sliced ? own : planned, results);
  await rm(partialPath(job.out), { force: true });
  loaded.model.dispose();
  return { results, timings: file };
}

type Loaded = Awaited<ReturnType<typeof load>>;

async function load({ model: source, file, precision }: RunJob) {
  const gpu = await requestGpu(navigator.gpu);
  const gpuErrors: string[] = [];
  gpu.device.addEventListener("uncapturederror", ({ error }) => gpuErrors.push(error.message));
  await installBackend(gpu);
  const opened = await openSource(source, file);
  const files = await readModel(opened.files, modelPlans, { precision, ...(file === undefined ? {} : { file }) });
  const tokenizer = loadTokenizer(files.tokenizerJson, files.tokenizerConfig);
  const model = await uploadModel(files);
  await opened.complete();
  const weights = describeFormats(files.outline);
  const device = `${gpu.info.description || gpu.info.vendor}${gpu.software ? " (software)" : ""}`;
  console.error(`${files.name}: ${model.parameters} parameters, ${weights}, on ${device}`);
  return { model, tokenizer, name: files.name, weights, device, gpuErrors };
}

async function readEdits(path: string) {
  const bytes = await readFile(path).catch(() => undefined);
  if (!bytes) throw new EngineError("bad-edits", `${path}: got no file that can be read, expected a set of edits.`, "Check the path.");
  const { set, problems } = importEdits(bytes.toString("utf8"), path);
  for (const { row, field, got, expected } of problems) console.error(`${path}, row ${row}, ${field}: got ${got}, expected ${expected}`);
  console.error(`${set.name}: ${set.records.length} edits, ${set.prose.length} plain texts`);
  return { set, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** The facts of every method with every seed, the seeds of a method together. */
function planRuns(job: RunJob, { model, tokenizer, name, weights }: Loaded, edits: Awaited<ReturnType<typeof readEdits>>): RunFacts[] {
  const { set, sha256 } = edits;
  const limit = Math.min(job.limit ?? Infinity, set.records.length);
  const every = job.every ?? Math.max(1, Math.round(limit / 10));
  return job.methods.flatMap((id) =>
    job.seeds.map((seed): RunFacts => {
      const { method, settings } = createMethod(id, { model, tokenizer, seed }, job.overrides);
      method.dispose();
      const facts = { method: id, settings, model: name, weights, edits: { name: set.name, sha256 } };
      return { ...facts, seed, limit, every, sample: job.sample, shard: { index: 1, of: 1 } };
    }),
  );
}

/** @throws EngineError `bad-state` when it is of other runs */
async function whatWasKept(out: string, own: readonly RunFacts[]): Promise<Partial | undefined> {
  const path = partialPath(out);
  const kept = await readPartial(path);
  if (!kept) console.error(`There is no ${path} to go on from: beginning anew.`);
  const [done, ahead] = [kept?.finished ?? [], own].map((list) => list.map((one) => JSON.stringify("run" in one ? one.run : one)));
  if (kept && !done?.every((run, i) => run === ahead?.[i]))
    throw new EngineError("bad-state", `${path}: got results of other runs.`, "Give the same options as before, or begin anew.");
  return kept;
}

interface Running extends Loaded {
  readonly set: Awaited<ReturnType<typeof readEdits>>["set"];
  readonly run: RunFacts;
  readonly baseAnswers: BaseAnswers;
  readonly timing: RunTiming;
  readonly saved: SavedEvaluation | undefined;
  readonly stop: { asked: boolean };
  keep(state: SavedEvaluation): Promise<void>;
}

async function runOne(
  { model, tokenizer, set, run, baseAnswers, ...rest }: Running,
  overrides: RunJob["overrides"],
): Promise<EvaluationResult> {
  const { method } = createMethod(run.method, { model, tokenizer, seed: run.seed }, overrides);
  const tell = createTeller(run);
  const time = createStopwatch(rest.timing);
  let unkept = 0;
  try {
    return await evaluate(
      { model, tokenizer, method, set, run, baseAnswers },
      {
        saved: rest.saved,
        onProgress(event) {
          if (event.kind === "edit") unkept++;
          if (event.kind === "checkpoint") unkept = KEEP_EVERY;
          time(event);
          tell(event);
        },
        async atRest(save) {
          if (rest.gpuErrors.length > 0) throw new EngineError("gpu-error", rest.gpuErrors.join("\n"), "No figure of this run holds.");
          if (unkept < KEEP_EVERY && !rest.stop.asked) return;
          unkept = 0;
          await rest.keep(await save());
          if (rest.stop.asked)
            throw new EngineError("cancelled", "Stopped; what was done is kept.", "Give the same options with --resume to go on.");
        },
      },
    );
  } finally {
    method.dispose();
  }
}

function listenForStop(): { asked: boolean } {
  const stop = { asked: false };
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      stop.asked = true;
    });
  return stop;
}
