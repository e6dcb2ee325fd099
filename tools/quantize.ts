/**
 * `npm run quantize -- SRC --bits 4|8 --out DIR [--name NAME]`: a Hugging Face model folder (config.json, safetensors, tokenizer.json)
 * as a folder of packed shards that the page can load. Prints what became of the tensors, with their errors.
 */
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { EngineError, errorFacts } from "../src/lib/errors.ts";
import { hasTiedHead, tensorPlan } from "../src/model/tensorPlan.ts";
import { loadTokenizer } from "../src/tokenizer/tokenizer.ts";
import { encodeModel, type EncodedModel } from "../src/weights/encodeModel.ts";
import type { FloatTensor, ModelFiles, StoredTensor } from "../src/weights/hostTensor.ts";
import { loadFolder } from "../src/weights/loadFolder.ts";
import { dequantizeTensor, quantizeTensor } from "../src/weights/quantize.ts";
import type { Bits } from "../src/weights/quantizeGroup.ts";

const usage = "usage: npm run quantize -- SRC --bits 4|8 --out DIR [--name NAME]";
const group = 32;
/** An interrupted download fetches at most this again. */
const shardBytes = 2 * 1024 * 1024;

interface Job {
  readonly source: string;
  readonly bits: Bits;
  readonly out: string;
  readonly name: string | undefined;
}

/** Tensors of one kind (alike but for the layer) and one format. */
interface Row {
  readonly kind: string;
  readonly format: string;
  tensors: number;
  bytes: number;
  /** Σ (w − deq(w))², and Σ w². */
  squaredError: number;
  squaredSize: number;
}

/** Exit code 0, or 2 for arguments or files that cannot be used. */
export async function main(argv: string[]): Promise<number> {
  try {
    await run(readArguments(argv));
    return 0;
  } catch (thrown) {
    const { code, message, hint } = errorFacts(thrown);
    console.error(`${code}: ${message}\n${hint}`);
    return 2;
  }
}

function readArguments(argv: string[]): Job {
  const wrong = (message: string) => new EngineError("bad-settings", message, usage);
  const options = { bits: { type: "string" }, out: { type: "string" }, name: { type: "string" } } as const;
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
  return { source, bits: values.bits === "4" ? 4 : 8, out: values.out, name: values.name };
}

async function run(job: Job): Promise<void> {
  const readSource = (file: string) => readFile(join(job.source, file)).catch(orMissing);
  const files = await loadFolder({ plan: tensorPlan, readFile: readSource, name: job.name ?? basename(resolve(job.source)) });
  loadTokenizer(files.tokenizerJson, files.tokenizerConfig);
  const rows = new Map<string, Row>();
  const tensors = await packTensors(files, job.bits, rows);
  const encoded = await encodeModel({
    name: files.name,
    config: files.config as Readonly<Record<string, unknown>>,
    tokenizerJson: files.tokenizerJson,
    ...(files.tokenizerConfig ? { tokenizerConfig: files.tokenizerConfig as Readonly<Record<string, unknown>> } : {}),
    quantization: { bits: job.bits, group },
    tensors,
    shardBytes,
  });
  await writeFolder(job.out, encoded);
  report(job, encoded, [...rows.values()]);
}

function orMissing(thrown: unknown): undefined {
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") return undefined;
  throw thrown;
}

async function packTensors(files: ModelFiles, bits: Bits, rows: Map<string, Row>): Promise<StoredTensor[]> {
  const plan = tensorPlan(files.config);
  const tied = hasTiedHead(files.config);
  const tensors: StoredTensor[] = [];
  for await (const host of files.tensors()) {
    const tensor = host.format === "f32" ? host : dequantizeTensor(host);
    const pack = plan(tensor.name, tensor.shape)?.pack === true && (tensor.shape[1] ?? 0) % group === 0;
    // A tied embedding is the head too, and the head's error goes straight into the logits.
    const embedding = /\.(?:wte|embed_tokens)\.weight$/.test(tensor.name);
    const packed = pack ? quantizeTensor(tensor, tied && embedding ? 8 : bits, group) : tensor;
    count(rows, tensor, packed);
    tensors.push(packed);
  }
  return tensors;
}

function count(rows: Map<string, Row>, tensor: FloatTensor, packed: StoredTensor): void {
  const kind = tensor.name.replace(/\.\d+\./, ".*.");
  const key = `${kind} ${packed.format}`;
  const row = rows.get(key) ?? { kind, format: packed.format, tensors: 0, bytes: 0, squaredError: 0, squaredSize: 0 };
  rows.set(key, row);
  row.tensors++;
  row.bytes += packed.format === "f32" ? packed.data.byteLength : packed.words.byteLength + packed.scales.byteLength;
  const result = packed.format === "f32" ? packed.data : dequantizeTensor(packed).data;
  for (const [i, weight] of tensor.data.entries()) {
    row.squaredError += (weight - (result[i] ?? 0)) ** 2;
    row.squaredSize += weight ** 2;
  }
}

/** The manifest last: a folder with one is whole. Shards of an earlier run go. */
async function writeFolder(folder: string, { manifest, files }: EncodedModel): Promise<void> {
  await mkdir(folder, { recursive: true });
  await rm(join(folder, "manifest.json"), { force: true });
  for (const file of await readdir(folder)) if (/^shard-\d{4}\.bin$/.test(file)) await rm(join(folder, file));
  for (const [file, bytes] of files) await writeFile(join(folder, file), bytes);
  await writeFile(join(folder, "manifest.json"), `${JSON.stringify(manifest)}\n`);
}

function report(job: Job, { manifest, files }: EncodedModel, rows: readonly Row[]): void {
  const width = Math.max(...rows.map(({ kind }) => kind.length));
  console.log(`${"tensors".padEnd(width)}  format  count       bytes  relative RMS error`);
  for (const { kind, format, tensors, bytes, squaredError, squaredSize } of rows) {
    const error = format === "f32" ? "exact" : squaredSize === 0 ? "0" : `${(100 * Math.sqrt(squaredError / squaredSize)).toFixed(3)} %`;
    console.log(`${kind.padEnd(width)}  ${format.padEnd(6)}  ${String(tensors).padStart(5)}  ${String(bytes).padStart(10)}  ${error}`);
  }
  const total = [...files.values()].reduce((sum, { length }) => sum + length, 0);
  console.log(
    `\n${manifest.name}: int${job.bits}, groups of ${group}; ${total} bytes in ${files.size} files and a manifest, revision ${manifest.revision.slice(0, 12)}, in ${job.out}`,
  );
  if (job.bits === 4 && hasTiedHead(manifest.config)) console.log("The embedding stays int8: the output head is tied to it.");
  const kept = rows.filter(({ kind, format }) => format === "f32" && tensorPlan(manifest.config)(kind, [1, 1])?.pack);
  if (kept.length > 0)
    console.log(`Kept float32, as their inputs are no multiple of ${group}: ${kept.map(({ kind }) => kind).join(", ")}.`);
}
