import { afterEach, describe, expect, test } from "vitest";
import type { Fault } from "../../tools/testing/hubFaults.ts";
import { EngineError } from "../lib/errors.ts";
import { createPrng } from "../lib/prng.ts";
import { memoryStore } from "./chunkStore.ts";
import { randomBytes, readAll, serve, type Case } from "./testing/hubCases.ts";

let running: Case | undefined;
afterEach(() => running?.server.close());

const files = { "config.json": randomBytes(7, 1500), "w.safetensors": randomBytes(6, 20_500) };
const isSame = (bytes: Uint8Array, path: keyof typeof files): boolean => Buffer.compare(bytes, files[path]) === 0;

describe("seeded scripts of faults", () => {
  test.each(Array.from({ length: 60 }, (_, seed) => [seed]))(
    "script %i ends in the same bytes or in a typed error, and gives out nothing else",
    async (seed) => {
      const prng = createPrng(1000 + seed);
      const { open, server } = (running = await serve(files, { signedUses: prng.below(3) === 0 ? 1 + prng.below(4) : Infinity }));
      const store = prng.below(4) === 0 ? memoryStore(prng.below(30_000)) : memoryStore();
      for (let round = 0; ; round++) {
        if (round === 3) server.faults.clear();
        const count = round < 3 ? prng.below(8) : 0;
        server.faults.add(...Array.from({ length: count }, () => randomFault(prng)));
        const download = await open({
          store: prng.below(8) === 0 ? undefined : store,
          parallel: 1 + prng.below(4),
          tries: 2 + prng.below(4),
          stallMs: round < 3 ? 100 : 30_000,
          checkFirstBytes: Infinity,
          chunkBytes: 500 + prng.below(1500),
          requestBytes: 1000 + prng.below(6000),
        });
        const outcome = await Promise.all([
          readAll(download, "w.safetensors", 1 + prng.below(9000)),
          readAll(download, "config.json"),
          download.complete(),
        ]).catch((thrown: unknown) => thrown);
        await download.close();
        if (Array.isArray(outcome)) {
          expect(isSame(outcome[0] as Uint8Array, "w.safetensors")).toBe(true);
          expect(isSame(outcome[1] as Uint8Array, "config.json")).toBe(true);
          return;
        }
        if (!(outcome instanceof EngineError)) throw outcome;
        expect(["fetch-failed", "file-changed", "bad-shard", "hub-refused", "unknown-model"]).toContain(outcome.code);
        expect(outcome.hint.length).toBeGreaterThan(10);
        // Without faults nothing is left to fail, but what came damaged before: each file once.
        expect(round, outcome.message).toBeLessThan(outcome.code === "bad-shard" ? 5 : 3);
      }
    },
  );
});

function randomFault(prng: ReturnType<typeof createPrng>): Fault {
  const times = 1 + prng.below(prng.below(4) === 0 ? 12 : 2);
  const at = prng.below(20_500);
  const bytes = prng.below(5000);
  const kinds: readonly (() => Fault)[] = [
    () => ({ kind: "cut", at }),
    () => ({ kind: "cutAfter", bytes }),
    () => ({ kind: "drop" }),
    () => ({ kind: "hang", bytes }),
    () => ({ kind: "status", status: [400, 401, 403, 404, 410, 416, 429, 500, 503][prng.below(9)] ?? 500 }),
    () => ({ kind: "whole" }),
    () => ({ kind: "contentRange", shift: 1 + prng.below(3000) }),
    () => ({ kind: "total", by: prng.below(100) - 50 || 1 }),
    () => ({ kind: "etag" }),
    () => ({ kind: "flip", at }),
    () => ({ kind: "html" }),
    () => ({ kind: "pointer" }),
    () => ({ kind: "longer", by: 1 + bytes }),
    () => ({ kind: "shorter", by: 1 + bytes }),
    () => ({ kind: "trickle", bytes: 200 + bytes, everyMs: 1 }),
    () => ({ kind: "status", status: 503, when: ({ path }) => path.includes("/resolve/") }),
    () => ({ kind: "drop", when: ({ path }) => path.includes("/resolve/") }),
  ];
  const make = kinds[prng.below(kinds.length)] ?? (() => ({ kind: "drop" }));
  const fault = make();
  return { ...fault, times: fault.kind === "hang" ? 1 : times };
}
