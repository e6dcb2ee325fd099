/**
 * `npm run inspect -- FILE`: what a file or a model's folder is, its tensors and formats. Exit code 0, or 2 with a typed error for what
 * cannot be read or loaded.
 */
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { EngineError, errorFacts } from "../src/lib/errors.ts";
import { modelPlans } from "../src/model/modelPlans.ts";
import { readModelConfig } from "../src/model/architectures/registry.ts";
import { loadTokenizer } from "../src/tokenizer/tokenizer.ts";
import type { ByteSource, FileSet } from "../src/weights/byteSource.ts";
import { recogniseImpostor } from "../src/weights/fileKind.ts";
import { openGguf } from "../src/weights/gguf.ts";
import { describeFormats, elementCount, tensorBytes } from "../src/weights/hostTensor.ts";
import { parseManifest } from "../src/weights/parseManifest.ts";
import { openHeader, parseConfig, parseShardIndex } from "../src/weights/readFolder.ts";
import { readModel } from "../src/weights/readModel.ts";
import { diskFiles } from "./lib/diskFiles.ts";

const usage = "usage: npm run inspect -- FILE";
const maxText = 128 * 1024 * 1024;
/** Values of a list that are shown. */
const shownValues = 4;

export async function main(argv: string[]): Promise<number> {
  try {
    const [path, ...more] = argv;
    if (path === undefined || more.length > 0) throw new EngineError("bad-settings", `Got ${argv.length} files, expected one.`, usage);
    await inspect(path);
    return 0;
  } catch (thrown) {
    const { code, message, hint } = errorFacts(thrown);
    console.error(`${code}: ${message}\n${hint}`);
    return 2;
  }
}

async function inspect(path: string): Promise<void> {
  const files = await diskFiles(path);
  if ((await stat(path)).isDirectory()) return inspectModel(files);
  const source = files.open(basename(path));
  if (!source) throw new EngineError("unknown-model", `Got ${path}, expected a file.`, usage);
  const start = await source.read(0, Math.min(source.size, 16));
  const text = new TextDecoder("latin1").decode(start);
  if (text.startsWith("GGUF") || path.endsWith(".gguf")) return inspectGguf(files, source);
  if (path.endsWith(".safetensors") || start[8] === 0x7b) return inspectSafetensors(source);
  if (path.endsWith(".json") || /^\s*[{[]/.test(text)) return inspectJson(await readText(source), path);
  const impostor = recogniseImpostor(start);
  throw new EngineError(
    "unknown-files",
    `${source.name}: got ${impostor?.what ?? "a file of an unknown kind"}, expected GGUF, safetensors, a manifest, a config.json, a tokenizer.json, an index, or a model's folder.`,
    impostor?.hint ?? "Check that this is the file you mean.",
  );
}

async function inspectGguf(files: FileSet, source: ByteSource): Promise<void> {
  const { version, metadata, tensors } = await openGguf(source);
  say(`${source.name}: GGUF version ${version}, ${source.size} bytes, ${metadata.size} metadata keys, ${tensors.size} tensors`);
  for (const [key, value] of metadata) say(`  ${key} = ${brief(value)}`);
  table([...tensors.values()].map((tensor) => ({ ...tensor, bytes: tensor.end - tensor.begin })));
  await inspectModel({ ...files, files: [source.name] });
}

async function inspectSafetensors(source: ByteSource): Promise<void> {
  const { entries, metadata } = await openHeader(source);
  say(`${source.name}: safetensors, ${source.size} bytes, ${entries.size} tensors`);
  for (const [key, value] of Object.entries(metadata)) say(`  ${key} = ${brief(value)}`);
  table([...entries.values()].map(({ name, shape, type, begin, end }) => ({ name, shape, format: type, bytes: end - begin })));
}

/** Whatever the kind, as it would be loaded. */
async function inspectModel(files: FileSet): Promise<void> {
  const model = await readModel(files, modelPlans, { precision: "stored" });
  const { architecture, config } = readModelConfig(model.config);
  const weights = model.outline.reduce((sum, { shape }) => sum + elementCount(shape), 0);
  const bytes = model.outline.map(tensorBytes).reduce((sum, { words, scales }) => sum + words + scales, 0);
  say(`Loads as ${architecture.modelType} "${model.name}": ${config.layers} layers, ${config.hiddenSize} wide, ${config.heads} heads`);
  say(`${weights} parameters in ${model.outline.length} tensors, ${describeFormats(model.outline)}: ${bytes} bytes on the GPU`);
  table(model.outline.map((tensor) => ({ ...tensor, bytes: tensorBytes(tensor).words + tensorBytes(tensor).scales })));
  const { vocabularySize } = loadTokenizer(model.tokenizerJson, model.tokenizerConfig);
  say(`Tokenizer: ${vocabularySize} tokens, for ${config.vocabularySize} rows of the embedding`);
}

function inspectJson(text: string, path: string): void {
  const kind = kindOfJson(text, basename(path));
  if (kind === "manifest") {
    const { name, tensors, shards, revision } = parseManifest(text);
    say(`${basename(path)}: manifest of our own shards, "${name}", revision ${revision.slice(0, 12)}, ${shards.length} shards`);
    table(tensors.map((tensor) => ({ ...tensor, bytes: tensor.bytes + ("scales" in tensor ? tensor.scales.bytes : 0) })));
  } else if (kind === "index") {
    const map = parseShardIndex(text);
    say(`${basename(path)}: safetensors index, ${map.size} tensors in ${new Set(map.values()).size} files`);
    for (const [tensor, file] of map) say(`  ${tensor}  ${file}`);
  } else if (kind === "tokenizer") {
    const { vocabularySize, endTokens } = loadTokenizer(text);
    say(`${basename(path)}: tokenizer, ${vocabularySize} tokens, texts end with ${endTokens.join(", ") || "none"}`);
  } else {
    const { architecture, config } = readModelConfig(parseConfig(text));
    say(`${basename(path)}: config of a ${architecture.modelType} model`);
    for (const [key, value] of Object.entries(config)) say(`  ${key} = ${brief(value)}`);
  }
}

/** By what is in it; by its name where it is broken. */
function kindOfJson(text: string, name: string): "manifest" | "index" | "tokenizer" | "config" {
  if (/"format"\s*:\s*"elder-shards/.test(text.slice(0, 200)) || /manifest/.test(name)) return "manifest";
  if (/"weight_map"\s*:/.test(text) || /index/.test(name)) return "index";
  return /"added_tokens"\s*:|"merges"\s*:/.test(text) || /tokenizer/.test(name) ? "tokenizer" : "config";
}

async function readText(source: ByteSource): Promise<string> {
  if (source.size > maxText)
    throw new EngineError(
      "unknown-files",
      `${source.name}: got ${source.size} bytes of JSON, expected at most ${maxText}.`,
      "Check the file.",
    );
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await source.read(0, source.size));
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    throw new EngineError("unknown-files", `${source.name}: got bytes that are no UTF-8, expected JSON.`, "Download the file again.", {
      cause,
    });
  }
}

interface TensorLine {
  readonly name: string;
  readonly shape: readonly number[];
  readonly format: string;
  readonly group?: number;
  readonly bytes: number;
}

function table(lines: readonly TensorLine[]): void {
  const width = Math.max(0, ...lines.map(({ name }) => name.length));
  for (const { name, shape, format, group, bytes } of lines)
    say(`  ${name.padEnd(width)}  ${(group ? `${format}/${group}` : format).padEnd(8)}  [${shape.join(", ")}]  ${bytes} bytes`);
}

function brief(value: unknown): string {
  if (!Array.isArray(value)) return clipped(JSON.stringify(value));
  const shown = value.slice(0, shownValues).map((one) => clipped(JSON.stringify(one)));
  return `[${shown.join(", ")}${value.length > shownValues ? `, … ${value.length} in all` : ""}]`;
}

const clipped = (text: string): string => (text.length > 120 ? `${text.slice(0, 120)}…` : text);

function say(line: string): void {
  console.log(line);
}
