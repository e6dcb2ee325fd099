/** Several pages of one origin at the same time: each edits, begins projects and takes over when it likes, while others are in the middle of something. */
import { createKeeper, type Keeper, type Work } from "../../src/engine/keeper.ts";
import type { Content } from "../../src/keeping/content.ts";
import type { FileStore, SyncFile } from "../../src/keeping/files.ts";
import { fakeLocks } from "../../src/keeping/testing/fakeLocks.ts";
import { tornFiles } from "../../src/keeping/testing/tornFiles.ts";
import type { Locks } from "../../src/keeping/writerLock.ts";
import { createPrng, type Prng } from "../../src/lib/prng.ts";
import { countRow, within, type ChaosOptions, type ChaosPart, type ChaosResult } from "./part.ts";

const [TABS, OPERATIONS] = [3, 50];
const [SHORT, LONG] = [6, 300];
const MOST_MILLISECONDS = 1000;

export const tabs: ChaosPart = {
  name: "tabs",
  plants: ["unlocked-writer"],
  async run({ long, seed, plant, runs = long ? LONG : SHORT }: ChaosOptions): Promise<ChaosResult> {
    const faults: string[] = [];
    let slowest = 0;
    for (let run = 0; run < runs; run++) {
      const { fault, milliseconds } = await within(together(seed + run, plant === "unlocked-writer"));
      slowest = Math.max(slowest, milliseconds);
      if (fault !== undefined) faults.push(`seed ${seed + run}: ${fault}`);
    }
    const takeover = {
      runs,
      figure: `taken over after ${slowest.toFixed(1)} ms at most`,
      bound: "≤ 1 s",
      ok: slowest <= MOST_MILLISECONDS,
    };
    return {
      rows: [countRow(runs, faults, `times ${TABS} tabs × ${OPERATIONS} operations left what was said to be saved`), takeover],
      faults,
    };
  },
};

/** What one page has, and what it was told is safe. */
interface Tab {
  readonly keeper: Keeper;
  edits: number[];
}

/** What every project held when a page was last told that it is safe, and all that was tried since. */
type Told = Map<string, { safe: string; later: Set<string> }>;

interface Origin {
  readonly tabs: readonly Tab[];
  readonly told: Told;
  readonly prng: Prng;
  milliseconds: number;
  next: number;
}

async function together(seed: number, unlocked: boolean): Promise<{ readonly fault: string | undefined; readonly milliseconds: number }> {
  const disk = tornFiles();
  const [files, locks] = unlocked ? [heldByAll(disk), grantedToAll] : [disk, fakeLocks()];
  let now = 0;
  const page = (): Tab => ({
    keeper: createKeeper({ files: async () => files, locks: () => locks, now: () => ++now, onChange: () => {} }),
    edits: [],
  });
  const origin: Origin = { tabs: Array.from({ length: TABS }, page), told: new Map(), prng: createPrng(seed), milliseconds: 0, next: 1 };
  const failed = await Promise.all(origin.tabs.map((tab) => useTab(origin, tab))).then(
    () => undefined,
    (thrown: unknown) => String(thrown),
  );
  const fault = failed ?? (await checkDisk(disk, origin.told));
  return { fault, milliseconds: origin.milliseconds };
}

async function useTab(origin: Origin, tab: Tab): Promise<void> {
  const { prng } = origin;
  // One page is there before the others, with something kept.
  while (tab !== origin.tabs[0] && origin.told.size === 0) await new Promise((resolve) => setTimeout(resolve));
  await tab.keeper.start(false);
  await goOn(tab);
  for (let operation = 0; operation < OPERATIONS; operation++) {
    const drawn = prng.below(10);
    if (drawn === 0) await takeOver(origin, tab);
    else if (drawn === 1) await begin(tab);
    else await edit(origin, tab);
    // Others come in between, now here and now there.
    for (let turns = prng.below(4); turns > 0; turns--) await Promise.resolve();
  }
}

const contentOf = (edits: readonly number[]): Content => ({ facts: { edits: [...edits] }, arrays: { w: Float32Array.from(edits) } });
const workOf = (edits: readonly number[]): Work => ({
  content: contentOf(edits),
  about: { model: "m", edits: edits.length, request: null },
  name: "p",
});
const textOf = ({ facts, arrays }: Content): string => JSON.stringify([facts, [...(arrays["w"] ?? [])]]);

async function edit({ told, ...origin }: Origin, tab: Tab): Promise<void> {
  tab.edits = [...tab.edits, origin.prng.below(1000)];
  const text = textOf(contentOf(tab.edits));
  const before = tab.keeper.facts.current;
  // It may come to the disk, and the page may lose its place before it is told so.
  if (before !== null) told.get(before)?.later.add(text);
  await tab.keeper.keep(workOf(tab.edits));
  const { role, current, saved, problem } = tab.keeper.facts;
  if (role === "writer" && current !== null && saved !== null && problem === null) told.set(current, { safe: text, later: new Set() });
}

async function begin(tab: Tab): Promise<void> {
  if (tab.keeper.facts.role !== "writer") return;
  await tab.keeper.use(null);
  tab.edits = [];
}

async function takeOver(origin: Origin, tab: Tab): Promise<void> {
  const began = performance.now();
  const { role } = await tab.keeper.start(true);
  await goOn(tab);
  // One that was taken from again meanwhile never had it.
  if (role === "writer" && tab.keeper.facts.role === "writer")
    origin.milliseconds = Math.max(origin.milliseconds, performance.now() - began);
}

/** As the page does it: it goes on with the project that was in use last. */
async function goOn(tab: Tab): Promise<void> {
  const { role, last } = tab.keeper.facts;
  if (role !== "writer" || last === null) return;
  try {
    const { facts } = await tab.keeper.read(last);
    await tab.keeper.use(last);
    tab.edits = [...(facts as { readonly edits: readonly number[] }).edits];
  } catch (thrown) {
    // Taken from it again in that moment.
    if (tab.keeper.facts.role === "writer") throw thrown;
  }
}

/** @returns what of the told is not there */
async function checkDisk(disk: FileStore & { afterCrash(random: () => number): FileStore }, told: Told): Promise<string | undefined> {
  const keeper = createKeeper({ files: async () => disk.afterCrash(() => 0), locks: fakeLocks, now: () => 0, onChange: () => {} });
  const { role, list, problem } = await keeper.start(false);
  if (role !== "writer") return `the next page cannot keep: ${problem?.message ?? role}`;
  for (const [id, { safe, later }] of told) {
    if (!list.some((project) => project.id === id)) return `project ${id} is gone`;
    const found = await keeper.read(id).then(textOf, String);
    if (found !== safe && !later.has(found)) return `project ${id} holds ${found.slice(0, 120)}, expected ${safe.slice(0, 120)}`;
  }
  return undefined;
}

/** Planted: everybody may write, */
const grantedToAll: Locks = { request: (_, __, held) => held({}) };

/** and the same file is open to all of them. */
function heldByAll(disk: FileStore): FileStore {
  const open = new Map<string, Promise<SyncFile>>();
  return {
    ...disk,
    open: async (name, how) => {
      const file = open.get(name) ?? disk.open(name, how);
      open.set(name, file);
      return {
        ...(await file),
        close() {},
        get size() {
          return sizeOf(disk, name);
        },
      };
    },
  };
}
const sizeOf = (disk: FileStore, name: string): number =>
  (disk as FileStore & { contents(): ReadonlyMap<string, Uint8Array> }).contents().get(name)?.length ?? 0;
