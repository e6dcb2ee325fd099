import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { expectAccessible, violationsOf } from "./accessible.ts";
import { expect, test } from "./fixtures.ts";
import { ask, button, loadChecked, openChoice, openLab, region, trainEdit } from "./lab.ts";
import { tinyRepository } from "./tinyRepository.ts";

// Every state is looked at six times, and the software adapter shares the processor.
test.setTimeout(600_000);

const dialog = (page: Page, name: string): Locator => page.getByRole("dialog", { name, exact: true });

/** Opens the page with a model that never comes: everything but asking and editing can be looked at. */
async function openWithoutModel(page: Page): Promise<void> {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.route(/shard-0001\.bin$/, () => new Promise(() => undefined));
  await page.goto("./");
  await expect(region(page, "Recorded run")).toBeVisible();
  await expect(page.getByRole("progressbar", { name: "Loading the model" })).toBeVisible();
}

/** Opens something by its button, looks at it, and closes it with Escape: the focus is inside, and then back. */
async function lookAt(page: Page, opener: Locator, name: string): Promise<void> {
  await opener.focus();
  await page.keyboard.press("Enter");
  await expect(dialog(page, name)).toBeVisible();
  await expect(dialog(page, name).locator(":focus")).toHaveCount(1);
  await expectAccessible(page, name);
  await page.keyboard.press("Escape");
  await expect(dialog(page, name)).toBeHidden();
  await expect(opener).toBeFocused();
}

/** Loads a model of a few thousand weights: its edits take a second. @param look called when the choice says what it is */
async function loadTiny(page: Page, folder: string, look: () => Promise<void>): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const [path, bytes] of tinyRepository()) writeFileSync(join(folder, path), bytes);
  const choice = await openChoice(page);
  await choice.locator("input[webkitdirectory]").setInputFiles(folder);
  await expect(choice.getByRole("button", { name: "Load", exact: true })).toBeEnabled();
  await look();
  await choice.getByRole("checkbox", { name: "Keep in this browser" }).uncheck();
  await loadChecked(page);
}

test("the recording, and what opens over it, before there is a model", async ({ page }) => {
  await openWithoutModel(page);
  await expectAccessible(page, "recording");

  await lookAt(page, page.getByRole("button", { name: "Commands" }), "All commands");
  for (const [keys, name] of [["Control+/", "Keyboard"]] as const) {
    await page.keyboard.press(keys);
    await expectAccessible(page, name);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("button", { name: "Commands" })).toBeFocused();
  }
  await page.keyboard.press("Control+K");
  await page.keyboard.type("user guide");
  await page.keyboard.press("Enter");
  await expect(dialog(page, "User guide")).toBeVisible();
  await expectAccessible(page, "User guide");
  await page.keyboard.press("Escape");

  await button(page, "Learn").click();
  await expect(region(page, "Learn")).toBeVisible();
  await expectAccessible(page, "lessons");
  await region(page, "Learn")
    .getByRole("button", { name: /^Begin / })
    .first()
    .click();
  await expectAccessible(page, "a lesson");
  await button(page, "Present").click();
  await expectAccessible(page, "presenting");
  await page.keyboard.press("Escape");
  await button(page, "Close").click();
  expect(await page.evaluate(() => document.getAnimations().length), "nothing moves where that is not wanted").toBe(0);

  await test.step("and the rules do find what is wrong", async () => {
    await page.evaluate(() => document.querySelector("main")?.append(document.createElement("button")));
    expect((await violationsOf(page)).join()).toContain("button-name");
  });
});

test("the workbench with the built-in model", async ({ page }) => {
  await openLab(page);
  await ask(page, "The capital of France is");
  await expectAccessible(page, "loaded");
  await lookAt(page, button(page, "Change model…"), "Choose a model");
  await lookAt(page, button(page, "Share…"), "Share this lab");
});

const csv = "prompt,answer,subject\nParis is, small,Paris\nParis was,,Paris\nA cat is, big,cat";
const edits = { name: "edits.csv", mimeType: "text/csv", buffer: Buffer.from(csv) };

test("a model of one's own, edited and measured, with everything that opens", async ({ page }, info) => {
  await openLab(page);
  await loadTiny(page, info.outputPath("tiny-model"), () => expectAccessible(page, "a model checked"));
  await trainEdit(page, { prompt: "Paris is", answer: " big", rephrasings: ["Paris was"] });
  await button(page, "Compare").click();
  await expect(button(page, "Compare")).toBeEnabled();
  await button(page, "Details of edit 1").click();
  await button(page, "Set up an evaluation").click();
  await page.getByText("Mixture settings", { exact: true }).click();
  await button(page, "Show as table").click();
  await expectAccessible(page, "edited, with everything unfolded");

  await button(page, "Import edits…").click();
  await dialog(page, "Import edits").locator("input[type=file]").setInputFiles(edits);
  await expect(dialog(page, "Import edits").getByRole("table")).toBeVisible();
  await expectAccessible(page, "a file of edits");
  await page.keyboard.press("Escape");

  await button(page, "Microscope").click();
  for (const tab of await dialog(page, "Routing microscope").getByRole("tab").all()) {
    await tab.click();
    await expectAccessible(page, `microscope, ${await tab.innerText()}`);
  }
  await page.keyboard.press("Escape");
  await expect(button(page, "Microscope")).toBeFocused();

  await button(page, "Other methods…").click();
  await dialog(page, "Methods side by side").getByRole("button", { name: "Compare", exact: true }).click();
  await expect(dialog(page, "Methods side by side").getByRole("button", { name: "Compare", exact: true })).toBeVisible();
  await expectAccessible(page, "methods side by side");
  await page.keyboard.press("Escape");

  const evaluation = region(page, "Evaluation");
  await evaluation.locator("input[type=file]").setInputFiles(edits);
  await evaluation.getByRole("textbox", { name: "Measure after every", exact: true }).fill("1");
  await evaluation.getByRole("button", { name: "Start" }).click();
  await expect(evaluation.getByRole("row", { name: /2\/2/ })).toBeVisible();
  await expectAccessible(page, "evaluated");
});

test("the page's benchmark", async ({ page }) => {
  await page.goto("?bench");
  await expect(page.getByRole("heading", { name: "Benchmark" })).toBeVisible();
  await expectAccessible(page, "benchmark");
  await button(page, "Measure").click();
  await expect(page.getByRole("row", { name: /forward, T = 1/ }).first()).toBeVisible();
  await button(page, "Stop").click();
  await expectAccessible(page, "benchmark, with its table");
});

test("the page of a browser without WebGPU", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  // The worker has a navigator of its own.
  await page.route(/assets\/worker.*\.js$/, async (route) => {
    const response = await route.fetch();
    const code = 'Object.defineProperty(WorkerNavigator.prototype, "gpu", { get: () => undefined });';
    await route.fulfill({ response, body: `${code}\n${await response.text()}` });
  });
  await page.goto("./");
  await expect(page.getByRole("heading", { name: "This page needs WebGPU" })).toBeVisible();
  await expectAccessible(page, "no WebGPU");
});

test("whoever goes through the page with Tab sees where they are, at every stop", async ({ page }) => {
  await openLab(page);
  for (const [width, height] of [
    [1024, 768],
    [390, 844],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.evaluate(() => {
      window.scrollTo(0, 0);
      document.querySelector<HTMLElement>(".skip")?.focus();
    });
    const stops = await walk(page);
    expect(stops.length, `stops at ${width}`).toBeGreaterThan(40);
    expect(stops.filter(({ fault }) => fault !== "").map(({ name, fault }) => `${name}: ${fault}`)).toEqual([]);
  }
});

interface Stop {
  readonly name: string;
  /** Empty where nothing is wrong. */
  readonly fault: string;
}

/** Presses Tab from the first stop to the end of the page. */
async function walk(page: Page): Promise<Stop[]> {
  const stops: Stop[] = [];
  for (let pressed = 0; pressed < 300; pressed++) {
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const { left, top, width, height } = element.getBoundingClientRect();
      const name = `${element.tagName.toLowerCase()}.${element.className} “${element.textContent.slice(0, 30)}”`;
      // A canvas and a box that is drawn anew have it around them.
      const outlined = [element, element.parentElement, element.closest(".heatmap-frame")].some((each) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(each ?? element);
        return outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
      });
      const unseen = outlined ? "" : "no outline ";
      // The middle of what the window shows of it.
      const middle = (from: number, to: number, end: number): number => (Math.max(0, from) + Math.min(end, to)) / 2;
      const hit = document.elementFromPoint(middle(left, left + width, window.innerWidth), middle(top, top + height, window.innerHeight));
      const seen = hit !== null && (element.contains(hit) || hit.contains(element));
      const covered = seen ? "" : `covered by ${hit?.tagName}.${hit?.className}, at ${left}, ${top}, ${width} × ${height}`;
      return { name, fault: unseen + covered };
    });
    if (!stop) break;
    stops.push(stop);
    await page.keyboard.press("Tab");
  }
  return stops;
}
