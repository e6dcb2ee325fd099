/**
 * `npm run malformed -- [--out DIR]`: writes every file of the catalogue of malformed ones, inspects each as `npm run inspect` does and
 * loads it as the page does, and prints what refuses it, in how many milliseconds and with how much memory. Exit code 0, or 1 when one is
 * accepted, is not refused with its own typed error, or takes 200 ms or more. With --out the files are kept there.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { EngineError, errorFacts } from "../src/lib/errors.ts";
import type { Malformed } from "../src/weights/testing/malformedBase.ts";
import { malformedFiles } from "../src/weights/testing/malformedFiles.ts";
import { loadWhole } from "../src/weights/testing/malformedLoad.ts";
import { inspect } from "./inspect.ts";
import { diskFiles } from "./lib/diskFiles.ts";
import { peakMemory, type Peak } from "./malformed/peakMemory.ts";

const usage = "usage: npm run malformed -- [--out DIR]";
const runs = 5;
const mostMilliseconds = 200;

interface Row {
  readonly name: string;
  /** The error's code; "accepted". */
  readonly code: string;
  /** Median of the runs, of the slower of inspecting and loading. */
  readonly milliseconds: number;
  readonly peak: Peak;
  readonly problem: string | undefined;
}

export async function main(argv: string[]): Promise<number> {
  let out: string | undefined;
  try {
    ({ out } = parseArgs({ args: argv, options: { out: { type: "string" } } }).values);
  } catch (thrown) {
    console.error(`bad-settings: ${errorFacts(thrown).message}\n${usage}`);
    return 2;
  }
  const folder = out ?? (await mkdtemp(join(tmpdir(), "malformed-")));
  try {
    return await report(folder);
  } finally {
    if (out === undefined) await rm(folder, { recursive: true, force: true });
  }
}

async function report(folder: string): Promise<number> {
  const rows: Row[] = [];
  for (const malformed of malformedFiles) {
    const row = await rowOf(malformed, await written(malformed, folder));
    rows.push(row);
    const figures = [row.code.padEnd(24), row.milliseconds.toFixed(1).padStart(8), megabytes(row.peak).padStart(10)].join(" ");
    console.log(`${row.name.padEnd(58)} ${figures}${row.problem === undefined ? "" : `  ${row.problem}`}`);
  }
  const [slowest] = [...rows].sort((a, b) => b.milliseconds - a.milliseconds);
  const [largest] = [...rows].sort((a, b) => b.peak.bytes - a.peak.bytes);
  const problems = rows.filter(({ problem }) => problem !== undefined).length;
  const counted = largest?.peak.resident ? "resident memory at its peak" : "heap and buffers at the end";
  console.log(`\n${rows.length} malformed files, ${rows.length - problems} refused with their own typed errors`);
  console.log(`slowest: ${slowest?.name}, ${slowest?.milliseconds.toFixed(1)} ms (median of ${runs})`);
  if (largest) console.log(`most memory: ${largest.name}, ${megabytes(largest.peak)} over what was held before (${counted})`);
  return problems === 0 ? 0 : 1;
}

/** @returns the model's folder, and the file to inspect where it is one alone */
async function written({ name, files }: Malformed, folder: string): Promise<{ readonly model: string; readonly file: string | undefined }> {
  const model = join(folder, name);
  await rm(model, { recursive: true, force: true });
  await mkdir(model, { recursive: true });
  const made = files();
  for (const [file, bytes] of made) await writeFile(join(model, file), bytes);
  const [only] = made.keys();
  return { model, file: made.size === 1 && only !== undefined ? join(model, only) : undefined };
}

async function rowOf(malformed: Malformed, { model, file }: { readonly model: string; readonly file: string | undefined }): Promise<Row> {
  const inspected = async (): Promise<void> => {
    for await (const line of inspect(file ?? model)) void line;
  };
  const loaded = async (): Promise<void> => loadWhole(await diskFiles(model));
  const times: number[] = [];
  let problem: string | undefined;
  let code = "accepted";
  for (let run = 0; run < runs; run++) {
    const inspection = await timed(inspected);
    const loading = await timed(loaded);
    times.push(Math.max(inspection.milliseconds, loading.milliseconds));
    code = codeOf(loading.thrown);
    problem =
      problemOf(malformed, code, loading.thrown) ??
      (malformed.inWeights ? undefined : problemOf(malformed, codeOf(inspection.thrown), inspection.thrown));
  }
  const milliseconds = times.toSorted((a, b) => a - b)[(runs - 1) / 2] ?? 0;
  const peak = await peakMemory(async () => [await timed(inspected), await timed(loaded)]);
  const slow = milliseconds < mostMilliseconds ? undefined : `TOO SLOW: expected less than ${mostMilliseconds} ms`;
  return { name: malformed.name, code, milliseconds, peak, problem: problem ?? slow };
}

const codeOf = (thrown: unknown): string => (thrown === undefined ? "accepted" : thrown instanceof EngineError ? thrown.code : "not typed");

function problemOf({ code, says }: Malformed, got: string, thrown: unknown): string | undefined {
  if (got !== code) return `GOT ${got}, expected ${code}: ${String(thrown)}`;
  return thrown instanceof EngineError && says.test(thrown.message) ? undefined : `GOT ANOTHER FAULT, expected ${says}: ${String(thrown)}`;
}

async function timed(work: () => Promise<void>): Promise<{ readonly thrown: unknown; readonly milliseconds: number }> {
  const began = performance.now();
  const thrown: unknown = await work().then(
    () => undefined,
    (error: unknown) => error,
  );
  return { thrown, milliseconds: performance.now() - began };
}

const megabytes = ({ bytes }: Peak): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
