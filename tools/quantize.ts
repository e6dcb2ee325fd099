/**
 * `npm run quantize -- SRC --bits 4|8 --out DIR [--name NAME] [--file NAME]`: a model (folder, .gguf file, repository of the Hub)
 * as a folder of packed shards that the page can load. Prints what became of the tensors, with their errors.
 */
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { EngineError } from "../src/lib/errors.ts";
import { modelPlans } from "../src/model/modelPlans.ts";
import { hasTiedHead, tensorPlan } from "../src/model/tensorPlan.ts";
import { loadTokenizer } from "../src/tokenizer/tokenizer.ts";
import { describeFormats, tensorBytes, type ModelFiles } from "../src/weights/hostTensor.ts";
import type { Manifest } from "../src/weights/manifest.ts";
import type { Bits } from "../src/weights/quantizeGroup.ts";
import { readModel } from "../src/weights/readModel.ts";
import type { PackingError } from "../src/weights/packBand.ts";
import { createShardWriter } from "../src/weights/shardWriter.ts";
import { exitCodeOf } from "./lib/exitCode.ts";
import { openSource } from "./lib/openSource.ts";

const usage = "usage: npm run quantize -- SRC --bits 4|8 --out DIR [--name NAME] [--file NAME]";
const group = 32;
/** An interrupted download fetches at most this again. */
const shardBytes = 2 * 1024 * 1024;

interface Job {
  readonly source: string;
  readonly bits: Bits;
  readonly out: string;
  readonly name: string | undefined;
  /** One of several models in the source. */
  readonly file: string | undefined;
}

/** Tensors of one kind (alike but for the layer) and one format. */
interface Row {
  readonly kind: string;
  readonly format: string;
  tensors: number;
  bytes: number;
  /** Of what was quantized here. */
  squaredError: number;
  squaredSize: number;
}

/** Exit code 0, or 2 for arguments or files that cannot be used. */
export function main(argv: string[]): Promise<number> {
  return exitCodeOf(() => run(readArguments(argv)));
}

function readArguments(argv: string[]): Job {
  const wrong = (message: string) => new EngineError("bad-settings", message, usage);
  const options = { bits: { type: "string" }, out: { type: "string" }, name: { type: "string" }, file: { type: "string" } } as const;
  let parsed;
  try {
    parsed = parseArgs({ args: argv, options, allowPositionals: true });
  } catch (cause) {
    throw wrong(cause instanceof Error ? cause.message : String(cause));
  }
  const { values, positionals } = parsed;
  const [source, ...more] = positionals;
  if (source === undefined || more.length > 0) throw wrong(`Got ${positionals.length} folders, expected one: SRC.`);
  if (values.bits !== "4" && values.bits !== "8") throw wrong(`Got --bits ${values.bits ?? "(nothing)"}, expected 4 or 8.`);
  if (values.out === undefined) throw wrong("Got no --out, expected a folder to write to.");
  return { source, bits: values.bits === "4" ? 4 : 8, out: values.out, name: values.name, file: values.file };
}

async function run(job: Job): Promise<void> {
  const errors = new Map<string, PackingError>();
  const onQuantized = (name: string, { squaredError, squaredSize }: PackingError): void => {
    const sum = errors.get(name) ?? { squaredError: 0, squaredSize: 0 };
    errors.set(name, { squaredError: sum.squaredError + squaredError, squaredSize: sum.squaredSize + squaredSize });
  };
  const { file } = job;
  const opened = await openSource(job.source, file);
  const files = await readModel(opened.files, modelPlans, { precision: job.bits, onQuantized, ...(file === undefined ? {} : { file }) });
  loadTokenizer(files.tokenizerJson, files.tokenizerConfig);
  const written = await writeFolder(job, files, opened.complete);
  report(job, files, written, rowsOf(files, errors));
}

/** One shard in memory at a time. The manifest last: a folder with one is whole. Shards of an earlier run go. */
async function writeFolder(
  job: Job,
  files: ModelFiles,
  complete: () => Promise<void>,
): Promise<{ readonly manifest: Manifest; readonly bytes: number }> {
  const { out } = job;
  await mkdir(out, { recursive: true });
  await rm(join(out, "manifest.json"), { force: true });
  for (const file of await readdir(out)) if (/^shard-\d{4,}\.bin$/.test(file)) await rm(join(out, file));
  const writer = createShardWriter((file, bytes) => writeFile(join(out, file), bytes), shardBytes);
  for await (const tensor of files.tensors()) await writer.add(tensor);
  await complete();
  const manifest = await writer.finish({
    name: job.name ?? files.name,
    config: files.config as Readonly<Record<string, unknown>>,
    tokenizerJson: files.tokenizerJson,
    ...(files.tokenizerConfig ? { tokenizerConfig: files.tokenizerConfig as Readonly<Record<string, unknown>> } : {}),
    quantization: { bits: job.bits, group },
  });
  await writeFile(join(out, "manifest.json"), `${JSON.stringify(manifest)}\n`);
  return { manifest, bytes: [...manifest.shards, manifest.tokenizer].reduce((sum, file) => sum + file.bytes, 0) };
}

function rowsOf({ outline }: ModelFiles, errors: ReadonlyMap<string, PackingError>): Row[] {
  const rows = new Map<string, Row>();
  for (const tensor of outline) {
    const kind = tensor.name.replace(/\.\d+\./, ".*.");
    const key = `${kind} ${tensor.format}`;
    const row = rows.get(key) ?? { kind, format: tensor.format, tensors: 0, bytes: 0, squaredError: 0, squaredSize: 0 };
    rows.set(key, row);
    const { words, scales } = tensorBytes(tensor);
    const { squaredError = 0, squaredSize = 0 } = errors.get(tensor.name) ?? {};
    row.tensors++;
    row.bytes += words + scales;
    row.squaredError += squaredError;
    row.squaredSize += squaredSize;
  }
  return [...rows.values()];
}

function report(
  job: Job,
  files: ModelFiles,
  { manifest, bytes: total }: { readonly manifest: Manifest; readonly bytes: number },
  rows: readonly Row[],
): void {
  const width = Math.max(...rows.map(({ kind }) => kind.length));
  console.log(`${"tensors".padEnd(width)}  format  count       bytes  relative RMS error`);
  for (const { kind, format, tensors, bytes, squaredError, squaredSize } of rows) {
    const error = squaredSize === 0 ? "as stored" : `${(100 * Math.sqrt(squaredError / squaredSize)).toFixed(3)} %`;
    console.log(`${kind.padEnd(width)}  ${format.padEnd(6)}  ${String(tensors).padStart(5)}  ${String(bytes).padStart(10)}  ${error}`);
  }
  console.log(
    `\n${manifest.name}: ${describeFormats(files.outline)}; ${total} bytes in ${manifest.shards.length + 1} files and a manifest, revision ${manifest.revision.slice(0, 12)}, in ${job.out}`,
  );
  if (job.bits === 4 && hasTiedHead(manifest.config)) console.log("The embedding stays int8: the output head is tied to it.");
  const plan = tensorPlan(manifest.config);
  const kept = rows.filter(({ kind, format }) => format === "f32" && plan(kind.replace(".*.", ".0."), [1, 1])?.pack);
  if (kept.length > 0) console.log(`Kept float32, as their inputs are no multiple of 8: ${kept.map(({ kind }) => kind).join(", ")}.`);
}
