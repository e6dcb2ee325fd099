import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SyncFile } from "./files.ts";
import { continueLog, scanLog } from "./log.ts";
import type { LogRecord } from "./record.ts";
import { tornFiles } from "./testing/tornFiles.ts";

const record = fc.record({ kind: fc.integer({ min: 0, max: 255 }), payload: fc.uint8Array({ maxLength: 60 }) });
const batches = fc.array(fc.array(record, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 });

async function written(all: readonly (readonly LogRecord[])[]): Promise<{ file: SyncFile; ends: number[] }> {
  const file = await tornFiles().open("log", { create: true });
  const log = continueLog(file, scanLog(file));
  const ends = all.map((batch) => (log.append(batch), log.size));
  return { file, ends };
}

const contents = (file: SyncFile): unknown[] =>
  scanLog(file).batches.map((batch) => batch.map(({ kind, at, length }) => ({ kind, payload: file.read(at, length) })));

describe("a log", () => {
  test("cut anywhere holds the batches that are whole, and goes on after them", async () => {
    await fc.assert(
      fc.asyncProperty(batches, fc.nat(), async (all, cut) => {
        const { file, ends } = await written(all);
        const size = cut % (file.size + 1);
        file.truncate(size);
        const whole = ends.filter((end) => end <= size).length;
        expect(scanLog(file).damage).toBeUndefined();
        continueLog(file, scanLog(file)).append(all[0]!);
        expect(contents(file)).toEqual([...all.slice(0, whole), all[0]]);
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  test("with a byte changed holds the batches before it, and tells damage from a torn end", async () => {
    await fc.assert(
      fc.asyncProperty(batches, fc.nat(), fc.integer({ min: 1, max: 255 }), async (all, place, flip) => {
        const { file, ends } = await written(all);
        const at = place % file.size;
        file.write(at, Uint8Array.of(file.read(at, 1)[0]! ^ flip));
        const whole = ends.filter((end) => end <= at).length;
        const scan = scanLog(file);
        expect(contents(file)).toEqual(all.slice(0, whole));
        expect(scan.damage?.code).toBe(whole < all.length - 1 ? "bad-project" : undefined);
        if (scan.damage) expect(() => continueLog(file, scan)).toThrow(scan.damage);
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  test("of any bytes is read without an error", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        const file = await tornFiles().open("log", { create: true });
        file.write(0, bytes);
        expect(scanLog(file).batches).toEqual([]);
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  test("asks for no more than a chunk at once, whatever length a record names", async () => {
    const { file } = await written([[{ kind: 1, payload: new Uint8Array(8) }]]);
    file.write(16, Uint8Array.of(255, 255, 255, 255));
    const asked: number[] = [];
    const watched: SyncFile = {
      size: file.size,
      read: (at, length) => (asked.push(length), file.read(at, length)),
      write: () => {},
      truncate: () => {},
      flush: () => {},
      close: () => {},
    };
    expect(scanLog(watched).batches).toEqual([]);
    expect(Math.max(...asked)).toBeLessThan(2 ** 21);
  });
});
