/** What a store has of one remote file: its chunks, and a record that names them, written after them. */
import type { ChunkStore } from "./chunkStore.ts";
import { sha256Hex } from "./manifest.ts";
import type { RemoteFile } from "./remoteFile.ts";
import { isJsonObject } from "./strictJson.ts";

type Bytes = Uint8Array<ArrayBuffer>;

interface FileRecord {
  readonly format: 1;
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 or git object id of the whole file; null when nobody says. */
  readonly hash: string | null;
  /** How the server named the file's state; only for files without a hash. */
  readonly etag: string | null;
  readonly chunkBytes: number;
  /** The whole file was hashed, and was what it should be. */
  readonly checked: boolean;
  /** SHA-256 of each chunk that the store has, else "". */
  readonly chunks: readonly string[];
}

export class KeptFile {
  readonly file: RemoteFile;
  readonly chunkBytes: number;
  readonly count: number;
  /** SHA-256 of each chunk that ever came: one that comes again must be the same. */
  readonly hashes: string[];
  /** The store has it. */
  readonly held: boolean[];
  checked: boolean;
  etag: string | null;
  private readonly store: ChunkStore | undefined;
  private readonly folder: string;
  private saving: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;

  private constructor(file: RemoteFile, chunkBytes: number, record: FileRecord | undefined, store: ChunkStore | undefined, folder: string) {
    this.file = file;
    this.chunkBytes = record?.chunkBytes ?? chunkBytes;
    this.count = Math.ceil(file.bytes / this.chunkBytes);
    this.hashes = [...(record?.chunks ?? Array.from({ length: this.count }, () => ""))];
    this.held = this.hashes.map((hash) => hash !== "");
    this.checked = record?.checked ?? false;
    this.etag = record?.etag ?? null;
    this.store = store;
    this.folder = folder;
  }

  /** @param chunkBytes where no record says it */
  static async open(store: ChunkStore | undefined, prefix: string, file: RemoteFile, chunkBytes: number): Promise<KeptFile> {
    const folder = `${prefix}files/${file.path}/`;
    const record = await readRecord(store, `${folder}chunks.json`, file);
    return new KeptFile(file, chunkBytes, record, store, folder);
  }

  get whole(): boolean {
    return this.held.every(Boolean);
  }

  begin(index: number): number {
    return index * this.chunkBytes;
  }

  length(index: number): number {
    return Math.min(this.chunkBytes, this.file.bytes - this.begin(index));
  }

  /** Undefined, and forgotten, when it is not there or not what was put. */
  async get(index: number): Promise<Bytes | undefined> {
    // A store that cannot be read has nothing.
    const bytes = await this.store?.get(this.folder + index).catch(() => undefined);
    if (bytes?.length === this.length(index) && (await sha256Hex(bytes)) === this.hashes[index]) return bytes;
    this.held[index] = false;
    this.checked = false;
    return undefined;
  }

  /** @throws EngineError `no-space`, and what else the store throws */
  async put(index: number, bytes: Bytes): Promise<void> {
    if (!this.store) return;
    await this.store.put(this.folder + index, bytes);
    this.held[index] = true;
    await this.save();
  }

  /** Once this resolves, the record says what was so when it was called. */
  save(): Promise<void> {
    // What is being written may be older than what is to be saved: those who come meanwhile share one more.
    this.next ??= this.saving
      .catch(() => undefined)
      .then(() => {
        this.next = undefined;
        return (this.saving = this.write());
      });
    return this.next;
  }

  async remove(): Promise<void> {
    this.held.fill(false);
    this.hashes.fill("");
    this.checked = false;
    await this.store?.delete(`${this.folder}chunks.json`);
    for (const key of (await this.store?.keys(this.folder)) ?? []) await this.store?.delete(key);
  }

  private async write(): Promise<void> {
    const { file, chunkBytes, checked, etag } = this;
    const chunks = this.hashes.map((hash, index) => (this.held[index] ? hash : ""));
    const record: FileRecord = { format: 1, path: file.path, bytes: file.bytes, hash: hashOf(file), etag, chunkBytes, checked, chunks };
    await this.store?.put(`${this.folder}chunks.json`, new TextEncoder().encode(JSON.stringify(record)));
  }
}

const hashOf = ({ sha256, gitOid }: RemoteFile): string | null => sha256 ?? gitOid ?? null;

/** Undefined for whatever is no record of this very file: then it is begun anew. */
async function readRecord(store: ChunkStore | undefined, key: string, file: RemoteFile): Promise<FileRecord | undefined> {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(await store?.get(key)));
    return isJsonObject(json) && isRecord(json, file) ? json : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(json: Readonly<Record<string, unknown>>, file: RemoteFile): json is Readonly<Record<string, unknown>> & FileRecord {
  const { format, path, bytes, hash, etag, chunkBytes, checked, chunks } = json;
  const same = format === 1 && path === file.path && bytes === file.bytes && hash === hashOf(file);
  if (!same || typeof checked !== "boolean" || !(etag === null || typeof etag === "string")) return false;
  if (!Number.isSafeInteger(chunkBytes) || Number(chunkBytes) < 1 || !Array.isArray(chunks)) return false;
  return chunks.length === Math.ceil(file.bytes / Number(chunkBytes)) && chunks.every((text) => /^(?:[0-9a-f]{64})?$/.test(String(text)));
}
