/** Page, engine and browser are killed while edits are written on the page; then the page is opened again. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPrng, type Prng } from "../../src/lib/prng.ts";
import { openProfile, serveBuild, type ProfileBrowser } from "./chromium.ts";
import { orphans } from "./keptFiles.ts";
import {
  answerOf,
  distance,
  idle,
  isSaved,
  newLabPage,
  opened,
  pause,
  sameRows,
  setSteps,
  stateOf,
  until,
  type LabPage,
  type Opened,
} from "./labPage.ts";
import type { ProbedPage } from "./pageProbe.ts";
import { countRow, within, type ChaosOptions, type ChaosPart, type ChaosResult } from "./part.ts";
import { drawAct, type Act } from "./pageActs.ts";

const [SHORT, LONG] = [20, 500];
const MOST_MILLISECONDS = 2000;
/** Enough to change the adapters; whether the edit holds is no matter here. */
const STEPS = 1;
const CLOSE = 1e-4;
/** A browser that does not close by then is left. */
const CLOSE_MS = 5000;
const RESTART_MS = 20_000;

const killings = ["page", "engine", "browser"] as const;
type Killing = (typeof killings)[number];

export const kills: ChaosPart = {
  name: "kills",
  plants: [],
  inChromium: true,
  async run({ long, seed, runs = long ? LONG : SHORT }: ChaosOptions): Promise<ChaosResult> {
    const served = await serveBuild();
    const prng = createPrng(seed);
    const faults: string[] = [];
    const slowest = { keeping: 0, whole: 0 };
    let bench: Bench | undefined;
    for (let run = 0; run < runs; run++) {
      const killing = killings[run % killings.length] ?? "page";
      try {
        bench ??= await within(startBench(served.address));
        const { keepingMs, wholeMs } = await within(killOnce(bench, killing, prng));
        slowest.keeping = Math.max(slowest.keeping, keepingMs);
        slowest.whole = Math.max(slowest.whole, wholeMs);
      } catch (thrown) {
        faults.push(`kill ${run + 1}, the ${killing}, ${bench?.doing ?? "before anything"}: ${(thrown as Error).message}`);
        await bench?.end();
        bench = undefined;
      }
    }
    await bench?.end();
    await served.close();
    return { rows: rowsOf(runs, faults, slowest), faults };
  },
};

function rowsOf(runs: number, faults: readonly string[], { keeping, whole }: { readonly keeping: number; readonly whole: number }) {
  const measured = { runs: runs - faults.length };
  return [
    countRow(runs, faults, "kills of page, engine or browser left what was said to be saved, or the change under way, and no other file"),
    {
      ...measured,
      figure: `list and project opened in ${Math.ceil(keeping)} ms at most`,
      bound: "≤ 2 s",
      ok: measured.runs > 0 && keeping <= MOST_MILLISECONDS,
    },
    {
      ...measured,
      figure: `page, model and edits there ${(whole / 1000).toFixed(1)} s after the navigation at most`,
      bound: "no bound",
      ok: measured.runs > 0,
    },
  ];
}

/** A browser with a profile, and a page on which edits are made. */
interface Bench {
  readonly address: string;
  readonly folder: string;
  browser: ProfileBrowser;
  lab: LabPage;
  /** Milliseconds that acts of each name last took. */
  readonly took: Map<string, number>;
  /** For the report. */
  doing: string;
  /** Edits that were asked for so far. */
  count: number;
  end(): Promise<void>;
}

async function startBench(address: string): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), "elder-kills-"));
  const browser = await openProfile(folder);
  const lab = await newLabPage(browser.context);
  const bench: Bench = {
    address,
    folder,
    browser,
    lab,
    took: new Map(),
    doing: "before anything",
    count: 1,
    async end() {
      await Promise.race([bench.browser.context.close().catch(() => {}), pause(CLOSE_MS)]);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  try {
    await open(bench);
    await setSteps(lab.page, STEPS);
    await finish(bench, drawAct({ state: await stateOf(lab.page), history: [], number: 0, draw: () => 0 }));
    await idle(lab.page);
  } catch (thrown) {
    await bench.end();
    throw thrown;
  }
  return bench;
}

async function open({ lab, address }: Bench): Promise<Opened> {
  const since = performance.now();
  await lab.page.goto(address, { waitUntil: "commit" });
  return opened(lab.page, since);
}

/** Does all of an act. */
async function finish({ lab, took }: Bench, act: Act): Promise<void> {
  const begun = performance.now();
  await act.start(lab.page);
  await isSaved(lab, act.after);
  took.set(act.name, performance.now() - begun);
}

/** An act that is whole, maybe; then one in the middle of which something dies. @throws where not all is there again */
async function killOnce(bench: Bench, killing: Killing, prng: Prng): Promise<Opened> {
  const { lab } = bench;
  const history: (readonly string[])[] = [];
  const draw = (): Act => {
    const act = drawAct({ state, history, number: bench.count++, draw: (below) => prng.below(below) });
    bench.doing = act.name;
    return act;
  };
  let state = await stateOf(lab.page);
  if (prng.below(2) === 0) {
    await finish(bench, draw());
    await idle(lab.page);
    history.push(state.rows);
    state = await stateOf(lab.page);
  }
  // Every other time: it takes as long as an act.
  const prompt = prng.below(2) === 0 ? state.rows[0]?.split(" → ")[0] : undefined;
  const answered = prompt === undefined ? undefined : await answerOf(lab.page, prompt, 1);
  const act = draw();
  const delay = prng.uniform(0, 1.15 * (bench.took.get(act.name) ?? 500));
  bench.doing = `${act.name} for ${delay.toFixed(0)} ms`;
  const engines = await enginesOf(lab.page);
  await act.start(lab.page);
  await pause(delay);
  const next = await kill(bench, killing);
  const told = lab.saved?.rows ?? [];
  bench.lab = next;
  const again = killing === "engine" ? await engineAgain(bench, engines) : await open(bench);
  check(again, sameRows(told, state.rows) ? [told, act.after] : [told]);
  if (prompt !== undefined && answered && sameRows(again.state.rows, state.rows)) {
    const moved = distance(answered, await answerOf(next.page, prompt, 1));
    if (moved > CLOSE) throw new Error(`the same edits answer otherwise: probabilities moved by ${moved}`);
  }
  const left = await orphans(next.page);
  if (left.length > 0) throw new Error(`files that nobody accounts for: ${left.join(", ")}`);
  return again;
}

function check({ state }: Opened, allowed: readonly (readonly string[])[]): void {
  if (state.safety !== "saved") throw new Error(`the page says ${state.safety}`);
  if (allowed.some((rows) => sameRows(state.rows, rows))) return;
  throw new Error(`got ${JSON.stringify(state.rows)}, expected ${allowed.map((rows) => JSON.stringify(rows)).join(" or ")}`);
}

/** @returns the page that takes the place of what died; nothing is opened on it yet */
async function kill(bench: Bench, killing: Killing): Promise<LabPage> {
  const { lab, browser } = bench;
  if (killing === "engine") {
    await lab.page.evaluate(() => (globalThis as ProbedPage).chaosProbe.worker?.terminate());
    return lab;
  }
  if (killing === "browser") {
    await browser.kill();
    bench.browser = await openProfile(bench.folder);
    return newLabPage(bench.browser.context);
  }
  const session = await browser.context.newCDPSession(lab.page);
  const crashed = lab.page.waitForEvent("crash");
  // Nobody is left to answer.
  session.send("Page.crash").catch(() => {});
  await crashed;
  await Promise.race([lab.page.close(), pause(CLOSE_MS)]);
  return newLabPage(browser.context);
}

/** The page starts another engine by itself. @param before engines it had started by then */
async function engineAgain({ lab: { page } }: Bench, before: number): Promise<Opened> {
  const since = performance.now();
  await until("another engine", async () => ((await enginesOf(page)) > before ? true : undefined), RESTART_MS);
  return opened(page, since);
}

const enginesOf = (page: LabPage["page"]): Promise<number> => page.evaluate(() => (globalThis as ProbedPage).chaosProbe.engines);
