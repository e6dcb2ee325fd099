/**
 * `npm run inspect -- FILE`: what a file or a model's folder is, its tensors and formats; the weights of a model of up to 256 MiB are read
 * too. Exit code 0, or 2 with a typed error for what cannot be read or loaded.
 */
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { EngineError } from "../src/lib/errors.ts";
import { modelPlans } from "../src/model/modelPlans.ts";
import { readModelConfig } from "../src/model/architectures/registry.ts";
import { planUpload } from "../src/model/uploadPlan.ts";
import { loadTokenizer } from "../src/tokenizer/tokenizer.ts";
import type { ByteSource, FileSet } from "../src/weights/byteSource.ts";
import { recogniseImpostor } from "../src/weights/fileKind.ts";
import { openGguf } from "../src/weights/gguf.ts";
import { describeFormats, elementCount, tensorBytes } from "../src/weights/hostTensor.ts";
import { parseManifest } from "../src/weights/parseManifest.ts";
import { openHeader, parseConfig, parseShardIndex, parseTokenizerConfig, readText } from "../src/weights/readFolder.ts";
import { readModel } from "../src/weights/readModel.ts";
import { exitCodeOf } from "./lib/exitCode.ts";
import { diskFiles } from "./lib/diskFiles.ts";

const usage = "usage: npm run inspect -- FILE";
/** Bytes of a model whose weights are read as well: a second or two. */
const mostRead = 256 * 1024 * 1024;
/** Values of a list that are shown. */
const shownValues = 4;

export function main(argv: string[]): Promise<number> {
  return exitCodeOf(async () => {
    const [path, ...more] = argv;
    if (path === undefined || more.length > 0) throw new EngineError("bad-settings", `Got ${argv.length} files, expected one.`, usage);
    // Names come from the file: none may move the cursor.
    for await (const line of inspect(path)) console.log(line.replaceAll(/\p{Cc}/gu, "\ufffd"));
  });
}

/**
 * What is known of a file or a model's folder, line by line.
 * @throws EngineError where it cannot go on
 */
export async function* inspect(path: string): AsyncGenerator<string> {
  const files = await diskFiles(path);
  if ((await stat(path)).isDirectory()) return yield* inspectModel(files);
  const source = files.open(basename(path));
  if (!source) throw new EngineError("unknown-model", `Got ${path}, expected a file.`, usage);
  const start = await source.read(0, Math.min(source.size, 16));
  const text = new TextDecoder("latin1").decode(start);
  if (text.startsWith("GGUF") || path.endsWith(".gguf")) return yield* inspectGguf(source);
  if (path.endsWith(".safetensors")) return yield* inspectSafetensors(source);
  if (path.endsWith(".json") || /^\s*[{[]/.test(text)) return yield* inspectJson(source);
  if (start[8] === 0x7b) return yield* inspectSafetensors(source);
  const impostor = recogniseImpostor(start);
  throw new EngineError(
    "unknown-files",
    `${source.name}: got ${impostor?.what ?? "a file of an unknown kind"}, expected GGUF, safetensors, a manifest, a config.json, a tokenizer.json, an index, or a model's folder.`,
    impostor?.hint ?? "Check that this is the file you mean.",
  );
}

async function* inspectGguf(source: ByteSource): AsyncGenerator<string> {
  const { version, metadata, tensors } = await openGguf(source);
  yield `${source.name}: GGUF version ${version}, ${source.size} bytes, ${metadata.size} metadata keys, ${tensors.size} tensors`;
  for (const [key, value] of metadata) yield `  ${key} = ${brief(value)}`;
  yield* table([...tensors.values()].map((tensor) => ({ ...tensor, bytes: tensor.end - tensor.begin })));
  const file = source.name.endsWith(".gguf") ? source.name : `${source.name}.gguf`;
  yield* inspectModel({ name: source.name, files: [file], open: () => source });
}

async function* inspectSafetensors(source: ByteSource): AsyncGenerator<string> {
  const { entries, metadata } = await openHeader(source);
  yield `${source.name}: safetensors, ${source.size} bytes, ${entries.size} tensors`;
  for (const [key, value] of Object.entries(metadata)) yield `  ${key} = ${brief(value)}`;
  yield* table([...entries.values()].map(({ name, shape, type, begin, end }) => ({ name, shape, format: type, bytes: end - begin })));
}

/** Whatever the kind, as it would be loaded; that it has every tensor that it needs, too. */
async function* inspectModel(files: FileSet): AsyncGenerator<string> {
  const model = await readModel(files, modelPlans, { precision: "stored" });
  const { architecture, config } = readModelConfig(model.config);
  planUpload(model.outline, architecture, config, Infinity);
  const weights = model.outline.reduce((sum, { shape }) => sum + elementCount(shape), 0);
  const bytes = model.outline.map(tensorBytes).reduce((sum, { words, scales }) => sum + words + scales, 0);
  yield `Loads as ${architecture.modelType} "${model.name}": ${config.layers} layers, ${config.hiddenSize} wide, ${config.heads} heads`;
  yield `${weights} parameters in ${model.outline.length} tensors, ${describeFormats(model.outline)}: ${bytes} bytes on the GPU`;
  yield* table(model.outline.map((tensor) => ({ ...tensor, bytes: tensorBytes(tensor).words + tensorBytes(tensor).scales })));
  const { vocabularySize } = loadTokenizer(model.tokenizerJson, model.tokenizerConfig);
  yield `Tokenizer: ${vocabularySize} tokens, for ${config.vocabularySize} rows of the embedding`;
  if (bytes > mostRead) return yield `Weights: not read, as they take more than ${mostRead} bytes`;
  for await (const tensor of model.tensors()) void tensor;
  yield "Weights: each read, each a finite number";
}

async function* inspectJson(source: ByteSource): AsyncGenerator<string> {
  const { name } = source;
  const text = await readText(source, name, codeByName(name));
  const kind = kindOfJson(text, name);
  if (kind === "manifest") {
    const { name: model, tensors, shards, revision } = parseManifest(text);
    yield `${name}: manifest of our own shards, "${model}", revision ${revision.slice(0, 12)}, ${shards.length} shards`;
    yield* table(tensors.map((tensor) => ({ ...tensor, bytes: tensor.bytes + ("scales" in tensor ? tensor.scales.bytes : 0) })));
  } else if (kind === "index") {
    const map = parseShardIndex(text);
    yield `${name}: safetensors index, ${map.size} tensors in ${new Set(map.values()).size} files`;
    for (const [tensor, file] of map) yield `  ${tensor}  ${file}`;
  } else if (kind === "tokenizer") {
    const { vocabularySize, endTokens } = loadTokenizer(text);
    yield `${name}: tokenizer, ${vocabularySize} tokens, texts end with ${endTokens.join(", ") || "none"}`;
  } else if (kind === "tokenizer settings") {
    yield `${name}: settings of a tokenizer`;
    for (const [key, value] of Object.entries(parseTokenizerConfig(text))) yield `  ${key} = ${brief(value)}`;
  } else {
    const { architecture, config } = readModelConfig(parseConfig(text));
    yield `${name}: config of a ${architecture.modelType} model`;
    for (const [key, value] of Object.entries(config)) yield `  ${key} = ${brief(value)}`;
  }
}

/** Of a file that is no text, or too long for one. */
function codeByName(name: string): "bad-manifest" | "bad-safetensors" | "bad-tokenizer" | "bad-config" | "unknown-files" {
  if (/manifest/.test(name)) return "bad-manifest";
  if (/index/.test(name)) return "bad-safetensors";
  if (/tokenizer/.test(name)) return "bad-tokenizer";
  return /config/.test(name) ? "bad-config" : "unknown-files";
}

/** By what is in it; by its name where it is broken. */
function kindOfJson(text: string, name: string): "manifest" | "index" | "tokenizer" | "tokenizer settings" | "config" {
  if (/"format"\s*:\s*"elder-shards/.test(text.slice(0, 200)) || /manifest/.test(name)) return "manifest";
  if (/"weight_map"\s*:/.test(text) || /index/.test(name)) return "index";
  if (/tokenizer_config/.test(name)) return "tokenizer settings";
  return /"added_tokens"\s*:|"merges"\s*:/.test(text) || /tokenizer/.test(name) ? "tokenizer" : "config";
}

interface TensorLine {
  readonly name: string;
  readonly shape: readonly number[];
  readonly format: string;
  readonly group?: number;
  readonly bytes: number;
}

function* table(lines: readonly TensorLine[]): Generator<string> {
  const width = lines.reduce((most, { name }) => Math.max(most, name.length), 0);
  for (const { name, shape, format, group, bytes } of lines)
    yield `  ${name.padEnd(width)}  ${(group ? `${format}/${group}` : format).padEnd(8)}  [${shape.join(", ")}]  ${bytes} bytes`;
}

function brief(value: unknown): string {
  if (!Array.isArray(value)) return clipped(JSON.stringify(value));
  const shown = value.slice(0, shownValues).map((one) => clipped(JSON.stringify(one)));
  return `[${shown.join(", ")}${value.length > shownValues ? `, … ${value.length} in all` : ""}]`;
}

const clipped = (text: string): string => (text.length > 120 ? `${text.slice(0, 120)}…` : text);
