/** One record of a log: 20 bytes of header, then the payload. All numbers little-endian. */
import { crc32 } from "../exchange/crc32.ts";
import type { SyncFile } from "./files.ts";

/** "EKR1" */
export const MAGIC = 0x31524b45;
export const HEADER_BYTES = 20;
/** The greatest payload; a longer one is refused before anything is allocated. */
export const MAX_PAYLOAD = 2 ** 28;

/** What is written. */
export interface LogRecord {
  /** 0 to 255, by whoever keeps the log. */
  readonly kind: number;
  readonly payload: Uint8Array;
}

/** Where a whole record lies. */
export interface Place {
  readonly kind: number;
  /** 1-based number of the batch that it is of. */
  readonly batch: number;
  /** The last one of its batch. */
  readonly last: boolean;
  /** Of the payload's first byte in the file. */
  readonly at: number;
  readonly length: number;
}

/** Of all that follows the checksum. */
export type Checksum = (bytes: Uint8Array) => number;
export const checksum: Checksum = crc32;

/** magic u32, checksum of what follows u32, batch u32, kind u8, last u8, 0 u16, length u32, payload. */
export function encodeRecord(record: LogRecord, batch: number, last: boolean, sum: Checksum): Uint8Array<ArrayBuffer> {
  const { kind, payload } = record;
  const bytes = new Uint8Array(HEADER_BYTES + payload.byteLength);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(8, batch, true);
  view.setUint8(12, kind);
  view.setUint8(13, last ? 1 : 0);
  view.setUint32(16, payload.byteLength, true);
  bytes.set(payload, HEADER_BYTES);
  view.setUint32(4, sum(bytes.subarray(8)), true);
  return bytes;
}

/** The record that begins at a place; undefined where none is whole there. */
export function readRecord(file: SyncFile, start: number, size: number, sum: Checksum): Place | undefined {
  const header = file.read(start, HEADER_BYTES);
  if (header.byteLength < HEADER_BYTES) return undefined;
  const view = new DataView(header.buffer, header.byteOffset, HEADER_BYTES);
  const [length, last] = [view.getUint32(16, true), view.getUint8(13)];
  if (view.getUint32(0, true) !== MAGIC || last > 1 || view.getUint16(14, true) !== 0) return undefined;
  if (length > MAX_PAYLOAD || start + HEADER_BYTES + length > size) return undefined;
  const body = file.read(start + 8, HEADER_BYTES - 8 + length);
  if (body.byteLength < HEADER_BYTES - 8 + length || sum(body) !== view.getUint32(4, true)) return undefined;
  return { kind: view.getUint8(12), batch: view.getUint32(8, true), last: last === 1, at: start + HEADER_BYTES, length };
}
