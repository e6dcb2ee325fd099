/** The page as a person uses it, and what it says of their work meanwhile. */
import type { BrowserContext, Locator, Page } from "@playwright/test";
import type { CallKind, EngineCalls } from "../../src/engine/protocol.ts";
import type { Asked, PageState, ProbedPage } from "./pageProbe.ts";

const LOOK_MS = 40;
const [LOAD_MS, TRAIN_MS] = [60_000, 150_000];

export interface LabPage {
  readonly page: Page;
  /** The last state in which the page said that everything is saved; null where it has not yet. */
  readonly saved: PageState | null;
  /** What is said from now on counts alone. */
  forget(): void;
}

/** A page of this browser that says what it draws. A browser has one at a time. */
export async function newLabPage(context: BrowserContext): Promise<LabPage> {
  const page = await context.newPage();
  page.setDefaultTimeout(LOAD_MS);
  let saved: PageState | null = null;
  await page.exposeFunction("chaosDrawn", (state: PageState) => {
    if (state.safety === "saved") saved = state;
  });
  return {
    page,
    get saved() {
      return saved;
    },
    forget: () => (saved = null),
  };
}

/** Looks again and again. @throws where nothing is found in time */
export async function until<T>(what: string, look: () => Promise<T | undefined>, milliseconds: number): Promise<T> {
  for (const end = performance.now() + milliseconds; performance.now() < end; await pause(LOOK_MS)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`${what}: not within ${milliseconds / 1000} s`);
}

export const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

/** @throws where it takes longer */
function inTime<T>(what: string, work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${milliseconds / 1000} s`)), milliseconds);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

const button = (page: Page, name: string): Locator => page.getByRole("button", { name, exact: true });
const field = (page: Page, name: string): Locator => page.getByRole("textbox", { name, exact: true });

export const stateOf = (page: Page): Promise<PageState> => page.evaluate(() => (globalThis as ProbedPage).chaosProbe.state());

/** How a page came to what it shows. */
export interface Opened {
  readonly state: PageState;
  /** Milliseconds from the navigation to everything there, the model too. */
  readonly wholeMs: number;
  /** Of these, opening the list of projects, and the project on the model. */
  readonly keepingMs: number;
}

/** Waits until model and project are there. @param since when it began, on this program's clock @throws with the page's own words where they do not come */
export async function opened(page: Page, since: number): Promise<Opened> {
  const keepingMs = await until(
    "the page is open",
    () =>
      page.evaluate(() => {
        const { ended, projects } = (globalThis as ProbedPage).chaosProbe;
        const ready = [...document.querySelectorAll("button:enabled")].some((each) => each.textContent === "Generate");
        if (!ready || !ended.keepHere || !projects) return undefined;
        const list = ended.keepHere.milliseconds;
        if (projects.last === null) return list;
        if (ended.openProject?.error) throw new Error(ended.openProject.error);
        return ended.openProject && list + ended.openProject.milliseconds;
      }),
    LOAD_MS,
  ).catch(async (thrown: Error) => {
    const alerts = await inTime("its alerts", page.getByRole("alert").allInnerTexts(), 1000).catch(() => []);
    throw new Error([thrown.message, ...alerts].join("; ").replaceAll("\n", " "));
  });
  // What the last answer of the engine says is drawn in the next frame.
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  return { state: await stateOf(page), wholeMs: performance.now() - since, keepingMs };
}

/** A call of the engine beside the page. */
function askEngine<K extends CallKind>(page: Page, kind: K, params: EngineCalls[K]["params"]): Promise<Asked<K>> {
  const call = ([name, given]: readonly [K, EngineCalls[K]["params"]]): Promise<unknown> =>
    (globalThis as ProbedPage).chaosProbe.ask(name, given);
  const asked: Promise<unknown> = page.evaluate(call as never, [kind, params] as never);
  return inTime(`an answer to ${kind}`, asked as Promise<Asked<K>>, LOAD_MS);
}

/** What the model answers, token by token with the five most probable: text and probabilities. */
export async function answerOf(page: Page, prompt: string, maxTokens: number): Promise<Answer> {
  const params = { prompt, maxTokens, sampling: { kind: "greedy" }, edits: "on", stopAtSentence: false } as const;
  const { result, events } = await askEngine(page, "generate", params);
  const tokens = events.flatMap((event) => (event.kind === "token" ? [event.probability, ...event.candidates] : []));
  const values = tokens.map((each) => (typeof each === "number" ? each : each.probability));
  return { text: result.text, values };
}

export interface Answer {
  readonly text: string;
  readonly values: readonly number[];
}

/** The largest difference of two answers' probabilities; infinite where their texts differ. */
export function distance(a: Answer, b: Answer): number {
  if (a.text !== b.text || a.values.length !== b.values.length) return Infinity;
  return Math.max(0, ...a.values.map((value, index) => Math.abs(value - (b.values[index] ?? Infinity))));
}

/** Begins to train an edit. */
export async function startEdit(page: Page, prompt: string, answer: string): Promise<void> {
  await field(page, "Edit prompt").fill(prompt);
  await field(page, "New answer").fill(answer);
  await button(page, "Train edit").click();
}

export const press = (page: Page, name: string): Promise<void> => button(page, name).click();

/** Switches the edit in a row, the newest is 0. */
export const pressSwitch = (page: Page, row: number): Promise<void> =>
  page.locator(".ledger [data-row]").nth(row).getByRole("switch").click();

/** Sets how many steps an edit is trained. */
export async function setSteps(page: Page, steps: number): Promise<void> {
  await page.getByText("Mixture settings", { exact: true }).first().click();
  await field(page, "Steps").fill(String(steps));
  await press(page, "Apply settings");
  await page.getByText("These settings are in use.").waitFor();
}

/** Waits until the page says that this is saved. */
export function isSaved(lab: LabPage, rows: readonly string[]): Promise<true> {
  return until(`saved: ${rows[0] ?? "nothing"}`, async () => (sameRows(lab.saved?.rows, rows) ? true : undefined), TRAIN_MS);
}

export const sameRows = (a: readonly string[] | undefined, b: readonly string[]): boolean => a?.join("\n") === b.join("\n");

/** Waits until nothing is under way that the person asked for. */
export async function idle(page: Page): Promise<void> {
  await page.locator("button:enabled", { hasText: /^Train edit$/ }).waitFor();
}
