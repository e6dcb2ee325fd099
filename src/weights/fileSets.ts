/** Files as they lie in memory, or as a person picked them. */
import { EngineError, throwIfCancelled } from "../lib/errors.ts";
import type { ByteSource, FileSet } from "./byteSource.ts";

/** A file that a person picked or dropped, with the folders it lay in. */
export interface PickedFile {
  /** With "/" between folders. */
  readonly path: string;
  readonly file: Blob;
}

export function memoryFiles(name: string, files: ReadonlyMap<string, Uint8Array>): FileSet {
  return fileSet(name, [...files.keys()], (file) => {
    const bytes = files.get(file) ?? new Uint8Array();
    return { name: file, size: bytes.length, read: async (begin, end) => Uint8Array.from(inside(file, bytes, begin, end)) };
  });
}

/** Read where they lie, a range at a time. */
export function pickedFiles(files: readonly PickedFile[]): FileSet {
  const byPath = new Map(files.map(({ path, file }) => [path, file]));
  const [first] = byPath.keys();
  const folder = first?.includes("/") ? first.slice(0, first.indexOf("/")) : "";
  const name = folder || (files.length === 1 ? (first ?? "") : "");
  return fileSet(name, [...byPath.keys()], (path) => {
    const blob = byPath.get(path) ?? new Blob();
    return { name: path, size: blob.size, read: (begin, end, signal) => readBlob(path, blob, begin, end, signal) };
  });
}

async function readBlob(path: string, blob: Blob, begin: number, end: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  throwIfCancelled(signal);
  checkRange(path, blob.size, begin, end);
  try {
    return new Uint8Array(await blob.slice(begin, end).arrayBuffer());
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EngineError(
      "file-changed",
      `${path}: the file could not be read (${reason}), expected it as it was when it was picked.`,
      "It was moved, changed or taken away: pick it again.",
      { cause },
    );
  }
}

function fileSet(name: string, files: readonly string[], source: (file: string) => ByteSource): FileSet {
  const known = new Set(files);
  return { name, files, open: (file) => (known.has(file) ? source(file) : undefined) };
}

/** @throws EngineError `bad-range` */
export function checkRange(file: string, size: number, begin: number, end: number): void {
  if (begin >= 0 && begin <= end && end <= size) return;
  throw new EngineError(
    "bad-range",
    `${file}: got the range ${begin} to ${end}, expected it inside its ${size} bytes.`,
    "The file is shorter than its own header says: download it again.",
  );
}

function inside(file: string, bytes: Uint8Array, begin: number, end: number): Uint8Array {
  checkRange(file, bytes.length, begin, end);
  return bytes.subarray(begin, end);
}
