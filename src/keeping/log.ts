import { EngineError } from "../lib/errors.ts";
import { badProject, type SyncFile } from "./files.ts";
import {
  HEADER_BYTES,
  MAGIC,
  MAX_PAYLOAD,
  checksum,
  encodeRecord,
  readRecord,
  type Checksum,
  type LogRecord,
  type Place,
} from "./record.ts";

/** What a log holds, as found. */
export interface Scan {
  /** The whole batches, in order. */
  readonly batches: readonly (readonly Place[])[];
  /** Where they end, in bytes. */
  readonly end: number;
  /** Bytes after that: of a batch that was never acknowledged, or damaged ones. */
  readonly rest: number;
  /** `bad-project` where a batch is broken that was flushed before others were written; nothing after it counts. */
  readonly damage: EngineError | undefined;
}

/** An append-only file of batches, each of which is there whole or not at all. */
export interface Log {
  readonly size: number;
  /**
   * Returns once the batch is flushed. On an error the log is what it was.
   * @throws EngineError `no-space`, `bad-project` for a record too long, `storage-unavailable` when the file cannot be trusted any more
   */
  append(records: readonly LogRecord[]): readonly Place[];
}

/** Reads all of a file, and changes nothing. */
export function scanLog(file: SyncFile, sum: Checksum = checksum): Scan {
  const { size } = file;
  const batches: Place[][] = [];
  let [at, end] = [0, 0];
  let open: Place[] = [];
  for (;;) {
    const found = readRecord(file, at, size, sum);
    if (found?.batch !== batches.length + 1) break;
    open.push(found);
    at = found.at + found.length;
    if (!found.last) continue;
    batches.push(open);
    open = [];
    end = at;
  }
  const broken = at < size && laterBatch(file, at, batches.length + 1, sum);
  const damage = broken
    ? badProject(`The log is damaged at byte ${at} of ${size}: got no whole record, and whole ones after it.`)
    : undefined;
  return { batches, end, rest: size - end, damage };
}

const [CHUNK_BYTES, MAGIC_BYTES] = [2 ** 20, 4];

/**
 * Whether a whole record of a later batch follows. A batch is written only after the one before is flushed, so that what broke was acknowledged;
 * without one it was in flight, whatever part of it reached the disk.
 */
function laterBatch(file: SyncFile, from: number, batch: number, sum: Checksum): boolean {
  const { size } = file;
  for (let start = from + 1; start + HEADER_BYTES <= size; start += CHUNK_BYTES) {
    const chunk = file.read(start, CHUNK_BYTES + MAGIC_BYTES - 1);
    const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let at = chunk.indexOf(MAGIC & 0xff); at >= 0 && at + MAGIC_BYTES <= chunk.byteLength; at = chunk.indexOf(MAGIC & 0xff, at + 1)) {
      if (view.getUint32(at, true) !== MAGIC) continue;
      const found = readRecord(file, start + at, size, sum);
      if (found && found.batch > batch) return true;
    }
  }
  return false;
}

/** Goes on after the last whole batch: what was torn is cut off. @throws the scan's damage */
export function continueLog(file: SyncFile, scan: Scan, sum: Checksum = checksum): Log {
  if (scan.damage) throw scan.damage;
  let [size, batch] = [scan.end, scan.batches.length];
  let trusted = true;
  const cut = (): void => {
    file.truncate(size);
    file.flush();
  };
  if (scan.rest > 0) cut();

  const write = (records: readonly LogRecord[]): Place[] => {
    let at = size;
    return records.map((record, index) => {
      const last = index === records.length - 1;
      const bytes = encodeRecord(record, batch + 1, last, sum);
      file.write(at, bytes);
      const place = { kind: record.kind, batch: batch + 1, last, at: at + HEADER_BYTES, length: record.payload.byteLength };
      at += bytes.byteLength;
      return place;
    });
  };
  return {
    get size() {
      return size;
    },
    append(records) {
      if (!trusted) throw distrusted();
      const long = records.find(({ payload }) => payload.byteLength > MAX_PAYLOAD);
      if (long) throw badProject(`Got a part of ${long.payload.byteLength} bytes, expected at most ${MAX_PAYLOAD}.`);
      trusted = false;
      try {
        const places = write(records);
        file.flush();
        [size, batch, trusted] = [places.reduce((end, { at, length }) => Math.max(end, at + length), size), batch + 1, true];
        return places;
      } catch (thrown) {
        // A batch that failed must not come back at the next start.
        cut();
        trusted = true;
        throw thrown;
      }
    },
  };
}

const distrusted = (): EngineError =>
  new EngineError(
    "storage-unavailable",
    "Got an error while a failed change was taken back, expected the file to be as before.",
    "Open the project again: all that was saved is kept.",
  );
