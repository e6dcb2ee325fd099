/** The GPU device is lost under the page, in its own process or with the process of the GPU: the page must go on by itself, as if nothing had been. */
import type { Browser, CDPSession } from "@playwright/test";
import { createPrng, type Prng } from "../../src/lib/prng.ts";
import { beginEngineWith, ENGINE_SCRIPT, openBrowser, serveBuild } from "./chromium.ts";
import {
  answerOf,
  distance,
  idle,
  isSaved,
  newLabPage,
  opened,
  pause,
  press,
  sameRows,
  startEdit,
  stateOf,
  until,
  type Answer,
  type LabPage,
} from "./labPage.ts";
import type { ProbedPage } from "./pageProbe.ts";
import { countRow, within, type ChaosOptions, type ChaosPart, type ChaosResult } from "./part.ts";

const [SHORT, LONG, PLANTED] = [10, 200, 2];
const CLOSE = 1e-4;
const RECOVER_MS = 30_000;
/** A device that is lost again sooner is left to the person: the page asks first (src/store/projectActions.ts). */
const APART_MS = 5500;
/** A browser that does not close by then is left. */
const CLOSE_MS = 5000;
const QUESTIONS = ["The capital of France is", "The capital of Japan is"] as const;
const [PROMPT, ANSWER] = ["The capital of France is", "Lyon"] as const;
const TOKENS = 4;

/** So that it can be taken away. */
const REMEMBER = `{ const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (...asked) { return (globalThis.chaosDevice = await requestDevice.apply(this, asked)); }; }`;
/** The engine is never told. */
const IGNORED = `Object.defineProperty(GPUDevice.prototype, "lost", { get: () => new Promise(() => {}) });`;

export const losses: ChaosPart = {
  name: "losses",
  plants: ["ignored-device-loss"],
  inChromium: true,
  async run({ long, seed, plant, runs = plant ? PLANTED : long ? LONG : SHORT }: ChaosOptions): Promise<ChaosResult> {
    const served = await serveBuild();
    const prng = createPrng(seed);
    const faults: string[] = [];
    const worst: Recovery = { moved: 0, milliseconds: 0 };
    let bench: Bench | undefined;
    for (let run = 0; run < runs; run++) {
      try {
        bench ??= await within(startBench(served.address, plant !== undefined));
        const { moved, milliseconds } = await within(loseOnce(bench, run % 2 === 0 ? "device" : "process", prng));
        Object.assign(worst, { moved: Math.max(worst.moved, moved), milliseconds: Math.max(worst.milliseconds, milliseconds) });
      } catch (thrown) {
        faults.push(`loss ${run + 1}, ${bench?.doing ?? "before anything"}: ${(thrown as Error).message}`);
        await bench?.end();
        bench = undefined;
      }
    }
    await bench?.end();
    await served.close();
    return { rows: rowsOf(runs, faults, worst), faults };
  },
};

interface Recovery {
  /** The most that a probability of the same answer moved. */
  readonly moved: number;
  /** From the loss to the page that answers again. */
  readonly milliseconds: number;
}

function rowsOf(runs: number, faults: readonly string[], { moved, milliseconds }: Recovery) {
  const measured = { runs: runs - faults.length };
  return [
    countRow(runs, faults, "lost devices came back without a reload, the edits as they were"),
    {
      ...measured,
      figure: `probabilities moved by ${moved.toExponential(1)} at most`,
      bound: "≤ 1e-4",
      ok: measured.runs > 0 && moved <= CLOSE,
    },
    { ...measured, figure: `ready again after ${(milliseconds / 1000).toFixed(1)} s at most`, bound: "no bound", ok: measured.runs > 0 },
  ];
}

/** A page with an edit, and what it answers. */
interface Bench {
  readonly lab: LabPage;
  readonly browser: Browser;
  readonly session: CDPSession;
  readonly answers: readonly Answer[];
  lastLoss: number;
  /** For the report. */
  doing: string;
  end(): Promise<void>;
}

async function startBench(address: string, ignored: boolean): Promise<Bench> {
  const { browser, context } = await openBrowser();
  const end = (): Promise<void> => Promise.race([browser.close().catch(() => {}), pause(CLOSE_MS)]);
  try {
    await beginEngineWith(context, ignored ? `${REMEMBER}\n${IGNORED}` : REMEMBER);
    const lab = await newLabPage(context);
    const since = performance.now();
    await lab.page.goto(address, { waitUntil: "commit" });
    await opened(lab.page, since);
    await startEdit(lab.page, PROMPT, ANSWER);
    await isSaved(lab, [`${PROMPT} → ${ANSWER}`]);
    await idle(lab.page);
    const session = await browser.newBrowserCDPSession();
    return { lab, browser, session, answers: await ask(lab), lastLoss: -Infinity, doing: "before anything", end };
  } catch (thrown) {
    await end();
    throw thrown;
  }
}

async function ask({ page }: LabPage): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const question of QUESTIONS) answers.push(await answerOf(page, question, TOKENS));
  return answers;
}

async function loseOnce(bench: Bench, lost: "device" | "process", prng: Prng): Promise<Recovery> {
  const { page } = bench.lab;
  await pause(Math.max(0, bench.lastLoss + APART_MS - performance.now()));
  const before = await stateOf(page);
  const told = await countsOf(page);
  const doing = acts[prng.below(acts.length)] ?? acts[0];
  const delay = prng.uniform(0, 250);
  bench.doing = `of the ${lost}, ${doing.name} for ${delay.toFixed(0)} ms`;
  await doing.start(bench.lab);
  await pause(delay);
  const since = (bench.lastLoss = performance.now());
  await lose(bench, lost);
  const engines = await backAgain(bench.lab, told.recovered);
  const milliseconds = performance.now() - since;
  if (engines !== told.engines) throw new Error("the page or its engine was started anew");
  const after = await stateOf(page);
  if (!sameRows(after.rows, before.rows)) throw new Error(`got ${JSON.stringify(after.rows)}, expected ${JSON.stringify(before.rows)}`);
  if (after.safety !== "saved") throw new Error(`the page says ${after.safety}`);
  const answers = await ask(bench.lab);
  const moved = Math.max(...answers.map((answer, index) => distance(answer, bench.answers[index] ?? answer)));
  if (moved > CLOSE) throw new Error(`the same prompt is answered otherwise: probabilities moved by ${moved}`);
  return { moved, milliseconds };
}

/** What the page is at when it happens. */
const acts = [
  { name: "idle", start: async () => {} },
  { name: "answering", start: ({ page }: LabPage) => press(page, "Generate") },
  { name: "training", start: ({ page }: LabPage) => startEdit(page, "The capital of Peru is", "Boston") },
] as const;

async function lose({ lab, session }: Bench, lost: "device" | "process"): Promise<void> {
  if (lost === "process") return void (await session.send("Browser.crashGpuProcess"));
  const engine = lab.page.workers().find((worker) => ENGINE_SCRIPT.test(worker.url()));
  if (!engine) throw new Error("no engine was started");
  await engine.evaluate(() => (globalThis as unknown as { readonly chaosDevice: GPUDevice }).chaosDevice.destroy());
}

/** How often the page was helped; what a reload would set back. */
const countsOf = (page: LabPage["page"]): Promise<{ readonly recovered: number; readonly engines: number }> =>
  page.evaluate(() => {
    const { recovered, engines } = (globalThis as ProbedPage).chaosProbe;
    return { recovered, engines };
  });

/** Waits until the page says that the GPU is back, and is ready. @returns engines it has started so far */
function backAgain({ page }: LabPage, before: number): Promise<number> {
  return until(
    "the page has another device",
    () =>
      page.evaluate((count) => {
        const probe = (globalThis as ProbedPage).chaosProbe;
        const ready = [...document.querySelectorAll("button:enabled")].some((each) => each.textContent === "Generate");
        const said = document.body.innerText.includes("The GPU was lost and is back");
        return ready && said && probe.recovered > count ? probe.engines : undefined;
      }, before),
    RECOVER_MS,
  );
}
