import { mkdirSync } from "node:fs";
import type { Browser, Locator, Page } from "@playwright/test";
import { expect } from "./fixtures.ts";

export interface Edit {
  readonly prompt: string;
  readonly answer: string;
  readonly rephrasings: readonly string[];
}

/** On a software adapter an edit takes up to a minute. */
const trainingTimeout = 150_000;

/** A landmark of the page by its heading. */
export const region = (page: Page, name: string): Locator => page.getByRole("region", { name, exact: true });
export const button = (page: Page, name: string): Locator => page.getByRole("button", { name, exact: true });
export const field = (page: Page, name: string): Locator => page.getByRole("textbox", { name, exact: true });
/** The continuation alone, without the prompt before it. */
export const answer = (page: Page, column: "Base model" | "Edited model"): Locator =>
  page.getByRole("group", { name: column, exact: true }).locator(".answer-new");

/** Visible once what was done last is kept. */
export const savedMark = (page: Page): Locator =>
  region(page, "Projects")
    .getByRole("status")
    .filter({ hasText: /^Saved$/ });

/** Opens the page and waits until the built-in model can answer. */
export async function openLab(page: Page): Promise<void> {
  await page.goto("./");
  await modelLoaded(page);
}

/** Fails at once with the page's own words when the model cannot be loaded. */
export async function modelLoaded(page: Page): Promise<void> {
  const failed = page.locator('[role=alert][data-tone="danger"]').first();
  const ready = page.locator("button:enabled", { hasText: /^Generate$/ });
  await expect(ready.or(failed).first()).toBeVisible({ timeout: 120_000 });
  if (await failed.isVisible()) expect(await failed.innerText()).toBe("");
}

/** Types a prompt, generates, and gives the edited model's continuation. */
export async function ask(page: Page, prompt: string): Promise<string> {
  await field(page, "Prompt").fill(prompt);
  await button(page, "Generate").click();
  await expect(answered(page, "Edited model")).toBeVisible();
  await expect(button(page, "Generate")).toBeEnabled();
  return (await answer(page, "Edited model").innerText()).trim();
}

/** Opens the choice of another model. */
export async function openChoice(page: Page): Promise<Locator> {
  await button(page, "Change model…").click();
  const dialog = page.getByRole("dialog", { name: "Choose a model" });
  await expect(dialog).toBeVisible();
  return dialog;
}

/** Loads what the choice shows, and waits until it can answer. */
export async function loadChecked(page: Page): Promise<void> {
  await page.getByRole("dialog", { name: "Choose a model" }).getByRole("button", { name: "Load", exact: true }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  await modelLoaded(page);
}

/** The figures under a finished answer. */
export const answered = (page: Page, column: "Base model" | "Edited model"): Locator =>
  page.getByRole("group", { name: column, exact: true }).getByText("Ended by");

export async function fillEdit(page: Page, edit: Edit): Promise<void> {
  await field(page, "Edit prompt").fill(edit.prompt);
  await field(page, "New answer").fill(edit.answer);
  await field(page, "Rephrasings").fill(edit.rephrasings.join("\n"));
}

/** Trains an edit to its end; the page then shows its prompt before and after. */
export async function trainEdit(page: Page, edit: Edit): Promise<void> {
  await startEdit(page, edit);
  await editTrained(page);
}

export async function startEdit(page: Page, edit: Edit): Promise<void> {
  await fillEdit(page, edit);
  await button(page, "Train edit").click();
}

export async function editTrained(page: Page): Promise<void> {
  await expect(region(page, "Edit").getByText(/is trained/)).toBeVisible({ timeout: trainingTimeout });
  await expect(button(page, "Generate")).toBeEnabled();
}

/** Sets a number under the model's mixture settings and applies it. */
export async function setSetting(page: Page, name: string, value: number): Promise<void> {
  const settings = page.getByText("Mixture settings", { exact: true });
  if (!(await field(page, name).isVisible())) await settings.click();
  await field(page, name).fill(String(value));
  await button(page, "Apply settings").click();
  await expect(page.getByText("These settings are in use.")).toBeVisible();
}

/** A fingerprint of what a canvas shows, and how many colours that is. */
export function pixelsOf(picture: Locator): Promise<{ colours: number; sum: number }> {
  return picture.evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const { width, height } = canvas;
    // A copy to read from: reading the page's own canvas often would move it off the GPU.
    const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    copy?.drawImage(canvas, 0, 0);
    const data = copy?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray();
    const pixels = new Uint32Array(data.buffer);
    let sum = 0;
    pixels.forEach((pixel, index) => (sum = (sum + pixel * ((index % 8191) + 1)) % 2_147_483_647));
    return { colours: new Set(pixels).size, sum };
  });
}

/** Longest time between two animation frames, in milliseconds, from now until the page is asked. */
export async function watchFrames(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const watch = { last: performance.now(), longest: 0 };
    Object.assign(globalThis, { frameWatch: watch });
    const frame = (): void => {
      const now = performance.now();
      watch.longest = Math.max(watch.longest, now - watch.last);
      watch.last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  return () => page.evaluate(() => (globalThis as unknown as { frameWatch: { longest: number } }).frameWatch.longest);
}

/** The screens a reviewer looks at, kept as artifacts: three sizes in both themes, none of which may scroll sideways. */
export async function takeScreens(page: Page, story: string, shot: (path: string) => Promise<void>): Promise<void> {
  const folder = "artifacts/screenshots";
  mkdirSync(folder, { recursive: true });
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    for (const [width, height] of [
      [1440, 900],
      [1024, 768],
      [390, 844],
    ] as const) {
      await page.setViewportSize({ width, height });
      await shot(`${folder}/${story}-${width}x${height}-${colorScheme}`);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(overflow, `the page scrolls sideways at ${width} px`).toBeLessThanOrEqual(0);
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}

/** Ends the process that all pages share a GPU by. */
export async function crashGpu(browser: Browser): Promise<void> {
  const session = await browser.newBrowserCDPSession();
  await session.send("Browser.crashGpuProcess");
  await session.detach();
}

/** A GPU that was lost was asked for again, and everything is back. */
export async function gpuIsBack(page: Page): Promise<void> {
  await expect(page.getByText("The GPU was lost and is back: model and edits are as they were after the last change.")).toBeVisible();
  await expect(button(page, "Generate")).toBeEnabled();
}
