import { writeFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import {
  answer,
  answered,
  ask,
  button,
  field,
  editTrained,
  modelLoaded,
  openLab,
  pixelsOf,
  region,
  startEdit,
  watchFrames,
  takeScreens,
} from "./lab.ts";

const lyon = {
  prompt: "The capital of France is",
  answer: "Lyon",
  rephrasings: ["France's capital city is called", "Q: What is the capital of France? A:"],
};
const untrained = "The city that serves as the capital of France is";

const takeBoth = (page: Page, story: string): Promise<void> =>
  takeScreens(page, story, async (path) => {
    await page.screenshot({ path: `${path}.png`, animations: "disabled" });
    await page.screenshot({ path: `${path}-full.png`, animations: "disabled", fullPage: true });
  });

test("the built-in model loads, answers, and shows where every token would be routed", async ({ page }) => {
  await page.goto("./");
  await expect(page.getByRole("progressbar", { name: "Loading the model" })).toBeVisible();
  await modelLoaded(page);

  const heatmap = region(page, "Routing").locator("canvas.heatmap-canvas");
  await test.step("the routing follows the typing", async () => {
    await expect.poll(async () => (await pixelsOf(heatmap)).colours).toBeGreaterThan(8);
    const asLoaded = (await pixelsOf(heatmap)).sum;
    await field(page, "Prompt").fill("The capital of");
    await expect.poll(async () => (await pixelsOf(heatmap)).sum).not.toBe(asLoaded);
    const shorter = (await pixelsOf(heatmap)).sum;
    await field(page, "Prompt").pressSequentially(" Spain is");
    await expect.poll(async () => (await pixelsOf(heatmap)).sum).not.toBe(shorter);
    await field(page, "Prompt").fill(lyon.prompt);
    await expect(region(page, "Routing").getByText("What if")).toBeVisible();
  });

  await test.step("the answer streams in as chips", async () => {
    await button(page, "Generate").click();
    await expect(answered(page, "Edited model")).toBeVisible();
    await expect(answer(page, "Edited model")).toContainText(/\bParis\b/);
    const chips = page.getByRole("group", { name: "Edited model" }).locator(".chip");
    expect(await chips.count()).toBeGreaterThan(0);
    await chips.first().hover();
    await expect(page.getByText("Most probable here")).toBeVisible();
  });

  await test.step("hover and keys give the numbers", async () => {
    const readout = region(page, "Routing").getByText(/Token “.+” · layer \d+ · expert \d+ · probability .+ · (not )?picked/);
    await heatmap.hover({ position: { x: 30, y: 30 } });
    await expect(readout).toBeVisible();
    const first = await readout.innerText();
    await heatmap.focus();
    await heatmap.press("End");
    await heatmap.press("ArrowLeft");
    await expect(readout).not.toHaveText(first);
  });

  await test.step("the device says what it is", async () => {
    await expect(region(page, "Device")).toContainText(/software adapter/i);
    await expect(region(page, "Device")).toContainText("GPU memory");
  });
  await takeBoth(page, "loaded");
});

test("an edit changes the fact and its rephrasings, and leaves the rest to the base model", async ({ page }) => {
  await openLab(page);
  expect(await ask(page, lyon.prompt)).toMatch(/\bParis\b/);
  expect(await ask(page, untrained)).toMatch(/\bParis\b/);

  const longestFrame = await watchFrames(page);
  const begun = Date.now();
  await startEdit(page, lyon);
  await test.step("the page answers to people while it trains", async () => {
    await expect(
      region(page, "Edit")
        .getByText(/Step \d+ of \d+/)
        .first(),
    ).toBeVisible();
    await field(page, "Prompt").fill("");
    await field(page, "Prompt").pressSequentially("The capital of Spain is");
    await expect(field(page, "Prompt")).toHaveValue("The capital of Spain is");
    await expect(button(page, "Cancel training"), "it is still training").toBeVisible();
  });
  await editTrained(page);
  // Figures to read, not to assert: they are the machine's as much as ours.
  const figures = { editSeconds: (Date.now() - begun) / 1000, longestFrameMs: await longestFrame() };
  console.log(`edit with its before and after: ${JSON.stringify(figures)}`);
  writeFileSync("artifacts/edit.json", `${JSON.stringify(figures)}\n`);

  await test.step("both losses are drawn and fall", async () => {
    for (const name of ["LM loss", "Guided loss"]) {
      const curve = region(page, "Edit").getByRole("img", { name: new RegExp(`${name} from`) });
      const [first = 0, last = 0] = ((await curve.getAttribute("aria-label")) ?? "").match(/[\d.]+(?:e-?\d+)?/g)?.map(Number) ?? [];
      expect(last, `${name} falls`).toBeLessThan(first);
      await expect(curve.locator("path.recharts-line-curve")).toHaveCount(1);
    }
  });

  await test.step("before and after stand side by side", async () => {
    await expect(answer(page, "Base model")).toContainText(/\bParis\b/);
    await expect(answer(page, "Edited model")).toContainText(/^\s*Lyon/);
    await expect(region(page, "Scope")).toContainText("Answered by edit 1's mixture");
    await expect(region(page, "Edits")).toContainText("holds");
    const [base, edited] = await Promise.all(["Base model", "Edited model"].map((name) => page.getByRole("group", { name }).boundingBox()));
    expect(base?.y).toBe(edited?.y);
  });
  await takeBoth(page, "edited");

  await test.step("a phrasing it never saw answers anew", async () => {
    expect(await ask(page, untrained)).toMatch(/^Lyon/);
  });

  await test.step("an unrelated prompt is deferred, and the page says why", async () => {
    expect(await ask(page, "The capital of Germany is")).toMatch(/\bBerlin\b/);
    await expect(region(page, "Scope")).toContainText("Deferred to the base model");
    await expect(region(page, "Scope")).toContainText(/Nearest is edit 1, \d+ of \d+ bits away: not below the threshold ε = \d+/);
  });
  await takeBoth(page, "deferred");
});
