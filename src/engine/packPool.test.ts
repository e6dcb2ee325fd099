import { expect, test } from "vitest";
import { errorFacts } from "../lib/errors.ts";
import { packBand, type Band } from "../weights/packBand.ts";
import { createPackPool, type FromPacker } from "./packPool.ts";

const band = (seed: number): Band => ({
  format: "F32",
  bytes: new Uint8Array(Float32Array.from({ length: 64 }, (_, i) => Math.sin(seed * 64 + i)).buffer),
  rows: 2,
  columns: 32,
  turned: false,
  bits: 4,
  group: 32,
  measured: false,
});

/** Workers that answer when they are told to. */
function fakeWorkers() {
  const asked: (() => void)[] = [];
  let made = 0;
  let ended = 0;
  const make = (): Worker => {
    made++;
    const worker = {
      onmessage: null as ((event: { data: FromPacker }) => void) | null,
      onerror: null,
      terminate: () => void ended++,
      postMessage({ id, band: own }: { id: number; band: Band }) {
        asked.push(() => {
          try {
            worker.onmessage?.({ data: { id, packed: packBand(own) } });
          } catch (thrown) {
            worker.onmessage?.({ data: { id, error: errorFacts(thrown) } });
          }
        });
      },
    };
    return worker as unknown as Worker;
  };
  return { asked, make, counts: () => ({ made, ended }) };
}

test("bands are packed as on one thread, several at a time, each answer to its own", async () => {
  const workers = fakeWorkers();
  const pool = createPackPool(4, workers.make);
  expect(pool.lanes).toBe(3);
  const all = Array.from({ length: 8 }, (_, i) => pool.pack(band(i)));
  expect(workers.asked).toHaveLength(3);
  // The last asked answers first.
  for (let turn = 0; turn < 8; turn++) {
    workers.asked.pop()?.();
    await Promise.resolve();
  }
  expect(await Promise.all(all)).toEqual(Array.from({ length: 8 }, (_, i) => packBand(band(i))));
  expect(workers.counts()).toEqual({ made: 3, ended: 0 });
  pool.close();
  expect(workers.counts().ended).toBe(3);
});

test("a fault keeps its code, and the worker goes on", async () => {
  const workers = fakeWorkers();
  const pool = createPackPool(3, workers.make);
  const bad = pool.pack({ ...band(0), bytes: new Uint8Array(Float32Array.from({ length: 64 }, () => NaN).buffer) });
  workers.asked.shift()?.();
  await expect(bad).rejects.toMatchObject({ code: "bad-safetensors" });
  const good = pool.pack(band(1));
  workers.asked.shift()?.();
  expect(await good).toEqual(packBand(band(1)));
});

test("what waits when the pool is closed is cancelled", async () => {
  const workers = fakeWorkers();
  const pool = createPackPool(3, workers.make);
  const packing = [0, 1, 2].map((i) => pool.pack(band(i)));
  pool.close();
  await expect(packing[2]).rejects.toMatchObject({ code: "cancelled" });
});

test("a machine of one or two threads makes no workers", async () => {
  const workers = fakeWorkers();
  expect(await createPackPool(2, workers.make).pack(band(3))).toEqual(packBand(band(3)));
  expect(workers.counts().made).toBe(0);
});
