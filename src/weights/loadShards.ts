/** Loads a model in our own format over HTTP. Nothing is used before its length and SHA-256 are those of the manifest. */
import { EngineError } from "../lib/errors.ts";
import { download, type DownloadOptions, type Fetch } from "./download.ts";
import { recogniseImpostor } from "./fileKind.ts";
import type { HostTensor, ModelFiles } from "./hostTensor.ts";
import {
  badManifest,
  manifestRevision,
  sha256Hex,
  shardStarts,
  type Manifest,
  type ManifestFile,
  type ManifestTensor,
  type Span,
} from "./manifest.ts";
import { parseManifest } from "./parseManifest.ts";

export interface FileProgress {
  readonly phase: "manifest" | "tokenizer" | "weights";
  /** The file being read. */
  readonly file: string;
  /** Over all files of the model; never falls. */
  readonly loadedBytes: number;
  /** 0 until the manifest is read. */
  readonly totalBytes: number;
}

export interface LoadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FileProgress) => void;
  /** The global one by default. */
  readonly fetch?: Fetch;
}

type Bytes = Uint8Array<ArrayBuffer>;

const maxManifestBytes = 32 * 1024 * 1024;

/**
 * @param manifestUrl the files are looked for beside it
 * @throws EngineError `fetch-failed`, `bad-manifest`, `bad-shard`, `cancelled`
 */
export async function loadModelFiles(manifestUrl: string, options: LoadOptions = {}): Promise<ModelFiles> {
  const context = { fetch: options.fetch ?? ((url, init) => fetch(url, init)), signal: options.signal } satisfies DownloadOptions;
  const progress = (fields: FileProgress) => options.onProgress?.(fields);
  progress({ phase: "manifest", file: fileName(manifestUrl), loadedBytes: 0, totalBytes: 0 });
  const manifest = await loadManifest(manifestUrl, context);
  const files = [manifest.tokenizer, ...manifest.shards];
  const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const checked: Bytes[] = [];
  let before = 0;
  for (const [index, entry] of files.entries()) {
    const phase = index === 0 ? "tokenizer" : "weights";
    const onBytes = (loaded: number) => progress({ phase, file: entry.file, loadedBytes: before + loaded, totalBytes });
    onBytes(0);
    checked.push(await loadFile(beside(manifestUrl, entry.file), entry, { ...context, onBytes }));
    before += entry.bytes;
  }
  const [tokenizer = new Uint8Array(0), ...shards] = checked;
  return asModelFiles(manifest, tokenizer, shards);
}

function fileName(url: string): string {
  return (
    url
      .replace(/[?#].*$/, "")
      .split("/")
      .at(-1) ?? url
  );
}

/** The address of a file in the folder of `url`; works for relative addresses too. */
function beside(url: string, file: string): string {
  const path = url.replace(/[?#].*$/, "");
  return path.slice(0, path.lastIndexOf("/") + 1) + file;
}

async function loadManifest(url: string, options: DownloadOptions): Promise<Manifest> {
  const { bytes, more } = await download(url, maxManifestBytes, options);
  if (more) throw badManifest(`got more than ${maxManifestBytes} bytes from ${url}, expected a small JSON file`);
  const impostor = recogniseImpostor(bytes);
  if (impostor) throw badManifest(`got ${impostor.what} from ${url}, expected JSON`, impostor.hint);
  const manifest = parseManifest(decodeText(bytes, () => badManifest(`got bytes that are no UTF-8 from ${url}, expected JSON`)));
  const revision = await manifestRevision(manifest);
  if (revision !== manifest.revision)
    throw badManifest(`got revision ${manifest.revision}, expected ${revision} for what it says: it was changed after it was written`);
  return manifest;
}

function decodeText(bytes: Bytes, fault: () => EngineError): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw fault();
  }
}

async function loadFile(url: string, { file, bytes: expected, sha256 }: ManifestFile, options: DownloadOptions): Promise<Bytes> {
  const { bytes, more } = await download(url, expected, options);
  const impostor = more || bytes.length < expected ? recogniseImpostor(bytes) : undefined;
  if (impostor) throw badShard(file, `got ${impostor.what}`, `${expected} bytes of the model`, impostor.hint);
  if (more) throw badShard(file, `got more than ${expected} bytes`, `${expected}`);
  if (bytes.length < expected) throw badShard(file, `got ${bytes.length} bytes`, `${expected}: the file is cut short`);
  const hash = await sha256Hex(bytes);
  if (hash !== sha256) throw badShard(file, `got SHA-256 ${hash}`, sha256);
  return bytes;
}

function badShard(
  file: string,
  got: string,
  expected: string,
  hint = "The file was damaged on the way or belongs to another version of the model: clear the browser's cache for this page and load again; if it stays, copy the model's files anew.",
): EngineError {
  return new EngineError("bad-shard", `${file}: ${got}, expected ${expected}.`, hint);
}

function asModelFiles(manifest: Manifest, tokenizer: Bytes, shards: readonly Bytes[]): ModelFiles {
  const { name, config, tokenizerConfig } = manifest;
  const tokenizerFault = () =>
    new EngineError(
      "bad-tokenizer",
      `${manifest.tokenizer.file}: got bytes that are no UTF-8, expected JSON.`,
      "Write the model again with `npm run quantize`.",
    );
  const readSpan = spanReader(manifest.shards, shards);
  return {
    name,
    config,
    tokenizerJson: decodeText(tokenizer, tokenizerFault),
    tokenizerConfig,
    quantization: describeQuantization(manifest),
    tensors: () => manifest.tensors.map((tensor) => readTensor(tensor, readSpan)),
  };
}

/** E.g. "int4, groups of 32; transformer.wte.weight int8". */
function describeQuantization({ quantization, tensors }: Manifest): string {
  const format = `int${quantization.bits}`;
  const others = tensors.filter((tensor) => tensor.format !== "f32" && tensor.format !== format);
  const [first] = others;
  const rest = first ? `; ${others.length === 1 ? first.name : `${others.length} tensors`} ${first.format}` : "";
  return `${format}, groups of ${quantization.group}${rest}`;
}

function readTensor(tensor: ManifestTensor, readSpan: (span: Span) => ArrayBuffer): HostTensor {
  const { name } = tensor;
  if (tensor.format === "f32") return { name, shape: tensor.shape, format: "f32", data: new Float32Array(readSpan(tensor)) };
  const { shape, format, group } = tensor;
  return { name, shape, format, group, words: new Uint32Array(readSpan(tensor)), scales: new Uint32Array(readSpan(tensor.scales)) };
}

/** Copies a span out of the shards, so that a tensor owns its bytes. */
function spanReader(files: readonly ManifestFile[], shards: readonly Bytes[]): (span: Span) => ArrayBuffer {
  const starts = shardStarts(files);
  return ({ shard, offset, bytes }) => {
    const result = new Uint8Array(bytes);
    let at = 0;
    for (let index = shard, from = offset; at < bytes; index++, from = 0) {
      const part = shards[index]?.subarray(from, from + bytes - at);
      if (!part)
        throw badManifest(`got a span of ${bytes} bytes from byte ${(starts[shard] ?? 0) + offset}, expected it inside the shards`);
      result.set(part, at);
      at += part.length;
    }
    return result.buffer;
  };
}
