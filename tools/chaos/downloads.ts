/** Downloads from a hostile server on this machine: whatever it does, what ends up here is what was asked for, or a typed error that a retry gets past. */
import { createHash } from "node:crypto";
import { EngineError } from "../../src/lib/errors.ts";
import { createPrng, type Prng } from "../../src/lib/prng.ts";
import { openDownload } from "../../src/weights/chunkedDownload.ts";
import { memoryStore, type ChunkStore } from "../../src/weights/chunkStore.ts";
import type { DownloadPlan } from "../../src/weights/downloadRecord.ts";
import { hubAccess } from "../../src/weights/hubAccess.ts";
import { crashingStore, hastyClock, randomBytes, readAll, serve, type Case } from "../../src/weights/testing/hubCases.ts";
import type { Fault } from "../testing/hubFaults.ts";
import { countRow, within, type ChaosOptions, type ChaosPart, type ChaosResult } from "./part.ts";

const MiB = 2 ** 20;
/** Scripts of any faults over small files, and interruptions of a file of many chunks, with the sizes that the page uses. */
const [SHORT, LONG] = [
  { scripts: 32, interrupted: 8 },
  { scripts: 340, interrupted: 60 },
];
const MOST_REFETCHED = 8 * MiB;
const WEIGHTS = "w.safetensors";
/** What a download may say, and then be tried again. */
const KNOWN: readonly string[] = ["fetch-failed", "file-changed", "bad-shard", "hub-refused", "unknown-model", "no-space"];
/** Rounds with faults; afterwards the server is honest. */
const FAULTY_ROUNDS = 3;

export const downloads: ChaosPart = {
  name: "downloads",
  plants: ["wrong-shard"],
  async run({ long, seed, plant }: ChaosOptions): Promise<ChaosResult> {
    const counts = long ? LONG : SHORT;
    const faults: string[] = [];
    const small = { "config.json": randomBytes(7, 1500), [WEIGHTS]: randomBytes(6, 20_500) };
    for (let script = 0; script < counts.scripts; script++) {
      const fault = await onServer(small, plant, (own) => within(runScript(own, createPrng(seed * 100_003 + script))).catch(String));
      if (fault !== undefined) faults.push(`script ${script}: ${fault}`);
    }
    const large = { [WEIGHTS]: largeFile() };
    let worst = 0;
    for (let run = 0; run < counts.interrupted; run++) {
      const { refetched, fault } = await onServer(large, plant, (own) =>
        within(interrupt(own, createPrng(seed * 7_919 + run))).catch((thrown: unknown) => ({ refetched: 0, fault: String(thrown) })),
      );
      worst = Math.max(worst, refetched);
      if (fault !== undefined) faults.push(`interruption ${run}: ${fault}`);
    }
    const wasted = { figure: `${(worst / MiB).toFixed(2)} MiB fetched again an interruption, at most`, bound: "≤ 8 MiB" };
    return {
      rows: [
        countRow(counts.scripts + counts.interrupted, faults, "downloads ended in the right bytes, by typed errors alone"),
        { runs: counts.interrupted, ...wasted, ok: worst <= MOST_REFETCHED },
      ],
      faults,
    };
  },
};

interface Hostile {
  readonly files: Case["files"];
  readonly server: Case["server"];
  readonly plan: DownloadPlan;
}

async function onServer<T>(files: Case["files"], plant: string | undefined, work: (own: Hostile) => Promise<T>): Promise<T> {
  const { server, plan } = await serve(files);
  try {
    return await work({ files, server, plan: plant === undefined ? plan : trusting(plan) });
  } finally {
    await server.close();
  }
}

/** Planted: without a hash to hold it against, any shard is taken. */
const trusting = (plan: DownloadPlan): DownloadPlan => ({
  ...plan,
  files: plan.files.map(({ path, url, bytes }) => ({ path, url, bytes })),
});

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const isRight = ({ files }: Hostile, path: string, bytes: Uint8Array): boolean => sha256(bytes) === sha256(files[path] ?? new Uint8Array());

/** Rounds of faults, then none: every round ends in the right bytes or in a typed error, and the last in the bytes. @returns what was wrong */
async function runScript(own: Hostile, prng: Prng): Promise<string | undefined> {
  const { server, plan } = own;
  // One in four has too little room.
  const store = memoryStore(prng.below(4) === 0 ? prng.below(30_000) : Infinity);
  for (let round = 0; round < 2 * FAULTY_ROUNDS; round++) {
    server.faults.clear();
    if (round < FAULTY_ROUNDS) server.faults.add(...Array.from({ length: 1 + prng.below(7) }, () => randomFault(prng)));
    const download = await openDownload(plan, {
      store,
      access: hubAccess(server.endpoint),
      clock: hastyClock(),
      parallel: 1 + prng.below(4),
      tries: 2 + prng.below(4),
      stallMs: round < FAULTY_ROUNDS ? 100 : 30_000,
      checkFirstBytes: Infinity,
      chunkBytes: 500 + prng.below(1500),
      requestBytes: 1000 + prng.below(6000),
    });
    try {
      const [weights, config] = await Promise.all([
        readAll(download, WEIGHTS, 1 + prng.below(9000)),
        readAll(download, "config.json"),
        download.complete(),
      ]);
      if (!isRight(own, WEIGHTS, weights) || !isRight(own, "config.json", config)) return "a wrong shard was accepted";
      return await reopened(own, store);
    } catch (thrown) {
      if (!(thrown instanceof EngineError)) return `an error without a type: ${String(thrown)}`;
      if (!KNOWN.includes(thrown.code) || thrown.hint.length < 10)
        return `got ${thrown.code} (${thrown.hint}), expected one of ${KNOWN.join()}`;
    } finally {
      await download.close();
    }
  }
  return "it did not come to an end on an honest server";
}

/** What is kept is right, too. */
async function reopened(own: Hostile, store: ChunkStore): Promise<string | undefined> {
  own.server.faults.clear();
  const download = await openDownload(own.plan, {
    store,
    access: hubAccess(own.server.endpoint),
    clock: hastyClock(),
    checkFirstBytes: Infinity,
  });
  try {
    await download.complete();
    return isRight(own, WEIGHTS, await readAll(download, WEIGHTS)) ? undefined : "a wrong shard was kept";
  } finally {
    await download.close();
  }
}

/** Cuts of the connection and of the program, with the page's own sizes. */
async function interrupt(own: Hostile, prng: Prng): Promise<{ readonly refetched: number; readonly fault: string | undefined }> {
  const { server, plan, files } = own;
  const size = files[WEIGHTS]?.length ?? 0;
  const cuts = prng.below(3);
  server.faults.add(...Array.from({ length: cuts }, (): Fault => ({ kind: "cut", at: prng.below(size) })));
  const crashAt = cuts === 0 || prng.below(2) === 0 ? prng.below(size) : Infinity;
  const disk = memoryStore();
  const store = crashingStore(disk);
  let received = 0;
  let crash: (() => void) | undefined;
  const crashed = new Promise<void>((resolve) => (crash = resolve));
  const options = { access: hubAccess(server.endpoint), clock: hastyClock(), checkFirstBytes: Infinity };
  const counting = async (url: string, init: RequestInit): Promise<Response> => {
    const response = await fetch(url, init);
    return counted(response, (bytes) => {
      received += bytes;
      if (received < crashAt || !crash) return;
      store.crash();
      crash();
    });
  };
  const first = await openDownload(plan, { ...options, store, fetch: counting });
  await Promise.race([first.complete(), crashed]);
  // What comes between the crash and the end of the requests nobody has.
  void first.close();
  if (crashAt < Infinity) crash = undefined;
  const second = await openDownload(plan, { ...options, store: disk, fetch: counting });
  await second.complete();
  const right = isRight(own, WEIGHTS, await readAll(second, WEIGHTS));
  await second.close();
  const interruptions = cuts - server.faults.left() + (crashAt < Infinity ? 1 : 0);
  const refetched = interruptions === 0 ? 0 : Math.max(0, received - size) / interruptions;
  const fault = right ? undefined : "a wrong shard was accepted";
  return { refetched, fault: fault ?? (refetched > MOST_REFETCHED ? `${Math.round(refetched)} bytes were fetched again` : undefined) };
}

/** The same answer; told of each part of its body. */
function counted(response: Response, tell: (bytes: number) => void): Response {
  if (!response.body) return response;
  const meter = new TransformStream<Uint8Array, Uint8Array>({
    transform(part, controller) {
      tell(part.byteLength);
      controller.enqueue(part);
    },
  });
  const { status, statusText, headers, url, redirected } = response;
  const own = new Response(response.body.pipeThrough(meter), { status, statusText, headers });
  return Object.defineProperties(own, { url: { value: url }, redirected: { value: redirected } });
}

/** Bytes that differ from chunk to chunk. */
function largeFile(): Uint8Array {
  const block = randomBytes(8, 65_521);
  const file = new Uint8Array(33 * MiB + 17);
  for (let at = 0; at < file.length; at += block.length) file.set(block.subarray(0, file.length - at), at);
  return file;
}

function randomFault(prng: Prng): Fault {
  const at = prng.below(20_500);
  const bytes = prng.below(5000);
  const statuses = [400, 401, 403, 404, 410, 416, 429, 500, 503];
  const kinds: readonly (() => Fault)[] = [
    () => ({ kind: "cut", at }),
    () => ({ kind: "cutAfter", bytes }),
    () => ({ kind: "drop" }),
    () => ({ kind: "hang", bytes }),
    () => ({ kind: "status", status: statuses[prng.below(statuses.length)] ?? 500 }),
    () => ({ kind: "whole" }),
    () => ({ kind: "contentRange", shift: 1 + prng.below(3000) }),
    () => ({ kind: "total", by: prng.below(100) - 50 || 1 }),
    () => ({ kind: "etag" }),
    () => ({ kind: "flip", at }),
    () => ({ kind: "flip", at }),
    () => ({ kind: "html" }),
    () => ({ kind: "pointer" }),
    () => ({ kind: "longer", by: 1 + bytes }),
    () => ({ kind: "shorter", by: 1 + bytes }),
    () => ({ kind: "trickle", bytes: 200 + bytes, everyMs: 1 }),
  ];
  const make = kinds[prng.below(kinds.length)] ?? kinds[0];
  const fault: Fault = make?.() ?? { kind: "drop" };
  return { ...fault, times: fault.kind === "hang" ? 1 : 1 + prng.below(prng.below(4) === 0 ? 12 : 2) };
}
