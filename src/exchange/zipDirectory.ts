/** The directory of a zip file (PKWARE APPNOTE 6.3), read strictly and within bounds before any byte is inflated. */
import { shown } from "../weights/strictJson.ts";
import { badAdapter } from "./modules.ts";

export interface ZipLimits {
  readonly files: number;
  /** Bytes of all files together, unpacked. */
  readonly totalBytes: number;
}

export interface ZipEntry {
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly crc: number;
  /** Bytes as packed and unpacked. */
  readonly packed: number;
  readonly size: number;
  /** First byte of its data, and the one after. */
  readonly begin: number;
  readonly end: number;
}

const [endMark, entryMark, localMark] = [0x06054b50, 0x02014b50, 0x04034b50];
const [endBytes, entryBytes, localBytes] = [22, 46, 30];
const maxComment = 0xffff;
const maxName = 200;
/** Deflate gives at most 1032 bytes for one. */
const maxRatio = 1032;
const [encrypted, streamed, utf8] = [0x1, 0x8, 0x800];

const bad = (message: string) => badAdapter(`Zip: ${message}.`, "The archive is damaged, or was made to do harm: pack the files anew.");

/** @throws EngineError `bad-adapter` */
export function readZipDirectory(bytes: Uint8Array, limits: ZipLimits): readonly ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  const [disk, directoryDisk, onDisk, count] = [4, 6, 8, 10].map((at) => view.getUint16(end + at, true));
  const [size = 0, start = 0] = [12, 16].map((at) => view.getUint32(end + at, true));
  if (disk !== 0 || directoryDisk !== 0 || onDisk !== count) throw bad("got a part of several, expected one file");
  if (count === undefined || count > limits.files) throw bad(`got ${count} files, expected at most ${limits.files}`);
  if (start + size !== end) throw bad(`got a directory from byte ${start} of ${size}, expected it to end at ${end}`);
  const entries: ZipEntry[] = [];
  let at = start;
  for (let i = 0; i < count; i++) {
    const { entry, next } = readEntry(bytes, view, at, end, start);
    entries.push(entry);
    at = next;
  }
  if (at !== end) throw bad(`got ${end - at} bytes after the last entry, expected none`);
  checkTogether(entries, limits);
  return entries.filter(({ name }) => !name.endsWith("/"));
}

/** The end record: at the very end but for its own comment. */
function findEnd(view: DataView): number {
  const last = view.byteLength - endBytes;
  for (let at = last; at >= 0 && at >= last - maxComment; at--) {
    if (view.getUint32(at, true) === endMark && at + endBytes + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  throw bad("got no directory at its end, expected a whole zip file");
}

function readEntry(bytes: Uint8Array, view: DataView, at: number, end: number, dataEnd: number): { entry: ZipEntry; next: number } {
  if (at + entryBytes > end || view.getUint32(at, true) !== entryMark) throw bad(`got no entry at byte ${at}, expected one`);
  const [flags = 0, method = 0] = [8, 10].map((offset) => view.getUint16(at + offset, true));
  const [crc = 0, packed = 0, size = 0] = [16, 20, 24].map((offset) => view.getUint32(at + offset, true));
  const [nameBytes = 0, extra = 0, comment = 0] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
  const local = view.getUint32(at + 42, true);
  const next = at + entryBytes + nameBytes + extra + comment;
  if (next > end) throw bad(`got an entry at byte ${at} that runs past the directory, expected it inside`);
  const name = readName(bytes.subarray(at + entryBytes, at + entryBytes + nameBytes));
  const where = `${shown(name)}: `;
  if (flags & ~(streamed | utf8 | 0x6))
    throw bad(`${where}got ${flags & encrypted ? "an encrypted file" : `flags ${flags}`}, expected a plain one`);
  if (method !== 0 && method !== 8) throw bad(`${where}got compression ${method}, expected 0 or 8`);
  if (method === 0 ? packed !== size : size > packed * maxRatio)
    throw bad(`${where}got ${packed} bytes for ${size}, expected what compression ${method} can give`);
  const begin = localBegin(view, local, dataEnd, { name, method, nameBytes, flags });
  if (begin + packed > dataEnd) throw bad(`${where}got data that ends at byte ${begin + packed}, expected at most ${dataEnd}`);
  return { entry: { name, method, crc, packed, size, begin, end: begin + packed }, next };
}

/** Where the data begins by the file's own header, which has to agree with the directory. */
function localBegin(
  view: DataView,
  at: number,
  end: number,
  {
    name,
    method,
    nameBytes,
    flags,
  }: { readonly name: string; readonly method: number; readonly nameBytes: number; readonly flags: number },
): number {
  if (at + localBytes > end || view.getUint32(at, true) !== localMark) throw bad(`${shown(name)}: got no file header at byte ${at}`);
  const agrees =
    view.getUint16(at + 6, true) === flags && view.getUint16(at + 8, true) === method && view.getUint16(at + 26, true) === nameBytes;
  const own = new Uint8Array(view.buffer, view.byteOffset + at + localBytes, Math.min(nameBytes, end - at - localBytes));
  if (!agrees || readName(own) !== name) throw bad(`${shown(name)}: got another file header than the directory's, expected the same`);
  return at + localBytes + nameBytes + view.getUint16(at + 28, true);
}

/** A relative path of plain parts. */
function readName(bytes: Uint8Array): string {
  let name;
  try {
    name = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw bad("got a file name that is no UTF-8, expected UTF-8");
  }
  const parts = name.replace(/\/$/, "").split("/");
  if (name.length > maxName || parts.some((part) => part === "" || part === "." || part === "..") || /[\p{Cc}\\:]/u.test(name))
    throw bad(`got the file name ${shown(name)}, expected a relative path of at most ${maxName} characters without "..", "\\" or ":"`);
  return name;
}

function checkTogether(entries: readonly ZipEntry[], { totalBytes }: ZipLimits): void {
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total > totalBytes) throw bad(`got files of ${total} bytes unpacked, expected at most ${totalBytes}`);
  const names = new Set(entries.map(({ name }) => name.toLowerCase()));
  if (names.size !== entries.length) throw bad("got a file name twice, expected each once");
  const sorted = entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end);
  const overlap = sorted.find(({ begin }, i) => begin < (sorted[i - 1]?.end ?? 0));
  if (overlap) throw bad(`${shown(overlap.name)}: got data that another file has too, expected its own`);
}
