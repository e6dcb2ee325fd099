/** What a document is, and how it stands in a log. */
import { badProject, type SyncFile } from "./files.ts";
import { apply, type Json, type Patch } from "./patch.ts";
import type { LogRecord, Place } from "./record.ts";
import { schemaOf } from "./schema.ts";

export type KeptArray = Float32Array | Int32Array | Uint32Array | Uint8Array;
/** `facts` is plain JSON. Neither it nor the arrays are changed in place once they were given. */
export interface Content {
  readonly facts: unknown;
  readonly arrays: Readonly<Record<string, KeptArray>>;
}

/** The document as JSON: arrays by type and SHA-256 (hex). */
export interface Outline {
  readonly facts: unknown;
  readonly arrays: Readonly<Record<string, readonly [type: string, hash: string]>>;
}

const kinds = { header: 1, array: 2, commit: 3 } as const;
const HASH_BYTES = 32;
const types = { f32: Float32Array, i32: Int32Array, u32: Uint32Array, u8: Uint8Array } as const;

const bytesOf = (array: KeptArray): Uint8Array<ArrayBuffer> =>
  new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength);
const json = (kind: number, value: unknown): LogRecord => ({ kind, payload: new TextEncoder().encode(JSON.stringify(value)) });

export const headerRecord = (schema: number): LogRecord => json(kinds.header, { format: "kept document", schema });
/** @param time ms since 1970 */
export const commitRecord = (patch: Patch, time: number): LogRecord => json(kinds.commit, { time, patch });

export function arrayRecord(hash: string, array: KeptArray): LogRecord {
  const payload = new Uint8Array(HASH_BYTES + array.byteLength);
  payload.set(Uint8Array.from(hash.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));
  payload.set(bytesOf(array), HASH_BYTES);
  return { kind: kinds.array, payload };
}

const hashes = new WeakMap<KeptArray, string>();

/** SHA-256 in hex; computed once for each array object. */
export async function hashOf(array: KeptArray): Promise<string> {
  const known = hashes.get(array);
  if (known !== undefined) return known;
  const hash = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytesOf(array))));
  hashes.set(array, hash);
  return hash;
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export async function outlineOf({ facts, arrays }: Content): Promise<Outline> {
  const entries: [string, readonly [string, string]][] = [];
  for (const [name, array] of Object.entries(arrays)) {
    const type = Object.entries(types).find(([, each]) => array instanceof each)?.[0];
    if (type === undefined) throw badProject(`Got an array ${name} of a type that is not kept.`);
    entries.push([name, [type, await hashOf(array)]]);
  }
  return { facts, arrays: Object.fromEntries(entries) };
}

/** The documents of a log, replayed. */
export interface Replay {
  readonly schema: number;
  /** The newest, and the one before it where there is one. */
  readonly outlines: readonly Json[];
  /** Of the newest commit, ms since 1970. */
  readonly time: number;
  /** Where the payload of each array lies. */
  readonly places: Map<string, Place>;
}

/** @throws EngineError `newer-schema`, `bad-project` */
export function replay(file: SyncFile, batches: readonly (readonly Place[])[], newest: number): Replay {
  const places = new Map<string, Place>();
  const [head, ...records] = batches.flat();
  if (head?.kind !== kinds.header) throw badProject("Got a file without a header.");
  const schema = schemaOf(readJson(file, head), newest);
  let outlines: readonly Json[] = [];
  let time = 0;
  for (const place of records) {
    if (place.kind === kinds.array) places.set(hex(file.read(place.at, HASH_BYTES)), place);
    if (place.kind !== kinds.commit) continue;
    const commit = readJson(file, place) as { readonly patch?: unknown; readonly time?: unknown } | null;
    outlines = [apply(outlines[0] ?? null, commit?.patch), ...outlines.slice(0, 1)];
    time = typeof commit?.time === "number" ? commit.time : time;
  }
  if (outlines.length === 0) throw badProject("Got a file without a document.");
  return { schema, outlines, time, places };
}

function readJson(file: SyncFile, { at, length }: Place): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(file.read(at, length)));
  } catch (cause) {
    throw badProject(`Got no JSON in the record at byte ${at}.`, { cause });
  }
}

/** Reads the arrays of a document; equal ones become one object. */
export function readContent(file: SyncFile, outline: Json, places: Replay["places"]): Content {
  const { facts, arrays } = (outline ?? {}) as Partial<Outline>;
  const read = new Map<string, KeptArray>();
  const entries = Object.entries(arrays ?? {}).map(([name, entry]) => {
    const [type, hash] = Array.isArray(entry) ? (entry as readonly unknown[]) : [];
    const key = `${String(type)} ${String(hash)}`;
    const array = read.get(key) ?? readArray(file, name, String(type), places.get(String(hash)));
    read.set(key, array);
    hashes.set(array, String(hash));
    return [name, array] as const;
  });
  return { facts, arrays: Object.fromEntries(entries) };
}

function readArray(file: SyncFile, name: string, type: string, place: Place | undefined): KeptArray {
  const make = Object.hasOwn(types, type) ? types[type as keyof typeof types] : undefined;
  const length = (place?.length ?? 0) - HASH_BYTES;
  if (!make || !place || length < 0 || length % make.BYTES_PER_ELEMENT !== 0) throw badProject(`Got no array ${name} in the file.`);
  return new make(file.read(place.at + HASH_BYTES, length).slice().buffer);
}
