/**
 * `npm run evaluate`: writes edits one after another with one or several methods, and measures what holds of them along the way and at
 * the end; see `--help`. Resumable after a kill, and in shards that are merged. Exit code 2 for what cannot be used.
 */
import { readArguments, usage, type MergeJob, type RunJob } from "./evaluate/arguments.ts";
import { writeDocs } from "./evaluate/docs.ts";
import { mergeRuns } from "./evaluate/merge.ts";
import { readResults, readTimings, writeResults } from "./evaluate/resultFile.ts";
import { runJob } from "./evaluate/runJob.ts";
import { summaryText } from "./evaluate/summary.ts";
import { exitCodeOf } from "./lib/exitCode.ts";

export function main(argv: string[]): Promise<number> {
  return exitCodeOf(async () => {
    const job = readArguments(argv);
    if (job.kind === "help") console.log(usage);
    else if (job.kind === "merge") await merge(job);
    else await run(job);
  });
}

async function run(job: RunJob): Promise<void> {
  const { results, timings } = await runJob(job);
  for (const { method, seed, growth } of timings.runs) {
    if (!growth) continue;
    const [early, late] = [growth.early, growth.late].map((range) => range.join("–"));
    console.log(
      `${method}, seed ${seed}: edits ${late} take ${growth.ratio.toFixed(3)} times edits ${early} (medians); ${Math.round(growth.gpuBytesPerEdit)} GPU bytes more an edit`,
    );
  }
  if (job.shard.of > 1) console.log(`${job.out}: shard ${job.shard.index} of ${job.shard.of}; merge all with npm run evaluate -- --merge`);
  else console.log(summaryText(results));
}

async function merge({ out, files, docs }: MergeJob): Promise<void> {
  const { planned, results } = mergeRuns(await Promise.all(files.map(readResults)));
  await writeResults(out, planned, results);
  if (docs !== undefined) await writeDocs(docs, results, await readTimings(files));
  console.log(summaryText(results));
}
