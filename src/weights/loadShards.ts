/** Reads a model in our own format. Nothing is used before its length and SHA-256 are those of the manifest. */
import { EngineError, throwIfCancelled } from "../lib/errors.ts";
import { recogniseImpostor } from "./fileKind.ts";
import { type HostTensor, type ModelFiles, type TensorOutline } from "./hostTensor.ts";
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

type Bytes = Uint8Array<ArrayBuffer>;

/** Where the files of a model lie. */
export interface ShardFolder {
  /** Address or path of the manifest, for messages. */
  readonly manifestPlace: string;
  /** At most `limit` bytes of a file beside the manifest, and whether there are more. */
  read(file: string, limit: number, onBytes?: (loaded: number) => void): Promise<{ readonly bytes: Bytes; readonly more: boolean }>;
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FileProgress) => void;
}

const maxManifestBytes = 32 * 1024 * 1024;
/** Shards read ahead of the tensor that is being made. */
const lookAhead = 3;

/**
 * The shards themselves are read while the tensors are iterated.
 * @throws EngineError `bad-manifest`, `bad-shard`, `bad-tokenizer`, `cancelled`, and those of the folder
 */
export async function loadShards(folder: ShardFolder, options: ReadOptions = {}): Promise<ModelFiles> {
  const progress = (fields: FileProgress): void => options.onProgress?.(fields);
  throwIfCancelled(options.signal);
  progress({ phase: "manifest", file: "manifest.json", loadedBytes: 0, totalBytes: 0 });
  const manifest = await readManifest(folder);
  const totalBytes = [manifest.tokenizer, ...manifest.shards].reduce((sum, { bytes }) => sum + bytes, 0);
  const onTokenizer = (loadedBytes: number): void =>
    progress({ phase: "tokenizer", file: manifest.tokenizer.file, loadedBytes, totalBytes });
  onTokenizer(0);
  const tokenizer = await readFile(folder, manifest.tokenizer, onTokenizer);
  const onShard = (file: string, loaded: number): void =>
    progress({ phase: "weights", file, loadedBytes: manifest.tokenizer.bytes + loaded, totalBytes });
  const outline = outlineOf(manifest);
  return {
    name: manifest.name,
    config: manifest.config,
    tokenizerJson: decodeText(tokenizer, () => badTokenizerBytes(manifest.tokenizer.file)),
    tokenizerConfig: manifest.tokenizerConfig,
    outline,
    tensors: () => readTensors(manifest, shardReader(folder, manifest.shards, onShard), options.signal),
  };
}

/** Tensors lie in the order of their bytes: so no shard is read twice. */
function inOrder({ tensors, shards }: Manifest): ManifestTensor[] {
  const starts = shardStarts(shards);
  const begin = ({ shard, offset }: Span): number => (starts[shard] ?? 0) + offset;
  return [...tensors].sort((a, b) => begin(a) - begin(b));
}

const outlineOf = (manifest: Manifest): TensorOutline[] =>
  inOrder(manifest).map(({ name, shape, format, ...rest }) => ({ name, shape, format, ...("group" in rest ? { group: rest.group } : {}) }));

async function readManifest(folder: ShardFolder): Promise<Manifest> {
  const place = folder.manifestPlace;
  const { bytes, more } = await folder.read("manifest.json", maxManifestBytes);
  if (more) throw badManifest(`got more than ${maxManifestBytes} bytes from ${place}, expected a small JSON file`);
  const impostor = recogniseImpostor(bytes);
  if (impostor) throw badManifest(`got ${impostor.what} from ${place}, expected JSON`, impostor.hint);
  const manifest = parseManifest(decodeText(bytes, () => badManifest(`got bytes that are no UTF-8 from ${place}, expected JSON`)));
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

const badTokenizerBytes = (file: string): EngineError =>
  new EngineError(
    "bad-tokenizer",
    `${file}: got bytes that are no UTF-8, expected JSON.`,
    "Write the model again with `npm run quantize`.",
  );

async function readFile(
  folder: ShardFolder,
  { file, bytes: expected, sha256 }: ManifestFile,
  onBytes?: (loaded: number) => void,
): Promise<Bytes> {
  const { bytes, more } = await folder.read(file, expected, onBytes);
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
  hint = "The file was damaged on the way or belongs to another version of the model: remove the kept copy or clear the browser's cache for this page, and load again; if it stays, copy the model's files anew.",
): EngineError {
  return new EngineError("bad-shard", `${file}: ${got}, expected ${expected}.`, hint);
}

type ReadSpan = (span: Span) => Promise<ArrayBuffer>;

async function* readTensors(manifest: Manifest, readSpan: ReadSpan, signal: AbortSignal | undefined): AsyncGenerator<HostTensor> {
  for (const tensor of inOrder(manifest)) {
    throwIfCancelled(signal);
    yield await readTensor(tensor, readSpan);
  }
}

async function readTensor(tensor: ManifestTensor, readSpan: ReadSpan): Promise<HostTensor> {
  const { name } = tensor;
  const words = await readSpan(tensor);
  if (tensor.format === "f32") return { name, shape: tensor.shape, format: "f32", data: new Float32Array(words) };
  if (tensor.format === "f16") return { name, shape: tensor.shape, format: "f16", halves: new Uint16Array(words) };
  const { shape, format, group } = tensor;
  return { name, shape, format, group, words: new Uint32Array(words), scales: new Uint32Array(await readSpan(tensor.scales)) };
}

/** Copies spans out of the shards, so that a tensor owns its bytes; shards that are done with are let go. */
function shardReader(folder: ShardFolder, files: readonly ManifestFile[], onShard: (file: string, loaded: number) => void): ReadSpan {
  const starts = shardStarts(files);
  const reading = new Map<number, Promise<Bytes>>();
  const loaded = files.map(() => 0);
  const start = (index: number): Promise<Bytes> => {
    const file = files[index];
    if (!file) throw badManifest(`got a span beyond the ${files.length} shards, expected it inside`);
    const onBytes = (bytes: number): void => {
      loaded[index] = bytes;
      onShard(
        file.file,
        loaded.reduce((sum, count) => sum + count, 0),
      );
    };
    const read = readFile(folder, file, onBytes);
    // Awaited when its turn comes; a failure before that is no unhandled one.
    read.catch(() => undefined);
    return read;
  };
  const shardAt = (index: number): Promise<Bytes> => {
    for (const done of reading.keys()) if (done < index) reading.delete(done);
    for (let next = index; next <= index + lookAhead && next < files.length; next++) if (!reading.has(next)) reading.set(next, start(next));
    return reading.get(index) ?? start(index);
  };
  return async ({ shard, offset, bytes }) => {
    const result = new Uint8Array(bytes);
    let at = 0;
    for (let index = shard, from = offset; at < bytes; index++, from = 0) {
      const part = (await shardAt(index)).subarray(from, from + bytes - at);
      if (part.length === 0)
        throw badManifest(`got a span of ${bytes} bytes from byte ${(starts[shard] ?? 0) + offset}, expected it inside the shards`);
      result.set(part, at);
      at += part.length;
    }
    return result.buffer;
  };
}
