import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { answer, button, field, modelLoaded, pixelsOf, region, takeScreens } from "./lab.ts";

const run = (page: Page) => region(page, "Recorded run");
const scene = (page: Page, name: string) => run(page).getByRole("button", { name, exact: true });
const recorded = ["Before and after", "Edit", "Routing", "Scope"];

/** Opens the page with a model that does not come until it is let. */
async function openHeld(page: Page): Promise<() => void> {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(/shard-0001\.bin$/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto("./");
  return release;
}

test("a recorded run plays from the first second, says what it is, and steps aside for the model", async ({ page }) => {
  const release = await openHeld(page);
  await expect(run(page)).toBeVisible();
  await expect(run(page)).toContainText("A recording plays until the model is there");
  await expect(run(page)).toContainText(/atlas, int8, groups of 32, seed \d+/);
  for (const name of recorded) await expect(region(page, name).getByText("Recording", { exact: true })).toBeVisible();

  await test.step("it plays by itself: base answer, training, edited answer", async () => {
    await expect(answer(page, "Base model")).toContainText("Paris");
    const heatmap = region(page, "Routing").locator("canvas.heatmap-canvas");
    await expect.poll(async () => (await pixelsOf(heatmap)).colours).toBeGreaterThan(8);
    await expect(region(page, "Edit").getByText(/Step \d+ of 10/)).toBeVisible();
    await expect(answer(page, "Edited model")).toContainText("Lyon");
    await expect(region(page, "Scope")).toContainText("Answered by edit 1");
  });

  await test.step("nothing of it can be mistaken for the live model", async () => {
    await expect(button(page, "Generate")).toHaveCount(0);
    await expect(button(page, "Train edit")).toHaveCount(0);
    await expect(region(page, "Scope").getByRole("button", { name: "Raise the threshold" })).toBeDisabled();
  });

  await test.step("once the model is there the same places are live", async () => {
    release();
    await modelLoaded(page);
    await expect(run(page)).toHaveCount(0);
    await expect(page.getByText("Recording", { exact: true })).toHaveCount(0);
    await expect(region(page, "Prompt")).toBeVisible();
  });
});

test("a person who takes the recording in hand keeps it until they ask for the model", async ({ page }) => {
  const release = await openHeld(page);
  await button(page, "Pause").click();
  await expect(button(page, "Play")).toBeVisible();
  await scene(page, "Unrelated").click();
  await expect(run(page)).toContainText("so the base model answers, unchanged");
  await expect(region(page, "Scope")).toContainText("Deferred to the base model");
  await button(page, "Previous scene").click();
  await expect(scene(page, "Rephrased")).toHaveAttribute("aria-current", "step");
  await expect(run(page)).toContainText("The seat of government of France is in the city of");
  await expect(answer(page, "Edited model")).toContainText("Lyon");
  await takeScreens(page, "first-minute", async (path) => {
    await page.screenshot({ path: `${path}.png`, animations: "disabled" });
    await page.screenshot({ path: `${path}-full.png`, animations: "disabled", fullPage: true });
  });

  release();
  await expect(run(page)).toContainText("The live model is ready.");
  await button(page, "Next scene").click();
  await expect(scene(page, "Unrelated")).toHaveAttribute("aria-current", "step");
  await button(page, "Use the live model").click();
  await expect(field(page, "Prompt")).toBeFocused();
  await expect(run(page)).toHaveCount(0);
});

test("with reduced motion nothing moves by itself, and a button takes each step", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await openHeld(page);
  await expect(button(page, "Play")).toBeVisible();
  await expect(answer(page, "Base model")).toContainText("Paris");
  for (const [name, text] of [
    ["Edit", "An edit is trained"],
    ["After", "The same prompt once more"],
    ["Rephrased", "Words it was never trained on"],
    ["Unrelated", "Something else"],
  ] as const) {
    await button(page, "Next scene").press("Enter");
    await expect(scene(page, name)).toHaveAttribute("aria-current", "step");
    await expect(run(page)).toContainText(text);
  }
  await expect(button(page, "Next scene")).toBeDisabled();
  await expect(button(page, "Play again")).toBeVisible();
});

test("a browser without WebGPU keeps the recording, and is told why there is no live model", async ({ page }) => {
  // The worker has a navigator of its own.
  await page.route(/assets\/worker.*\.js$/, async (route) => {
    const response = await route.fetch();
    const code = 'Object.defineProperty(WorkerNavigator.prototype, "gpu", { get: () => undefined });';
    await route.fulfill({ response, body: `${code}\n${await response.text()}` });
  });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("./");
  await expect(run(page)).toContainText("This is a recording: there is no live model here. This browser does not offer WebGPU to pages.");
  await expect(page.getByRole("heading", { name: "This page needs WebGPU" })).toBeVisible();
  await button(page, "Pause").click();
  await scene(page, "After").click();
  await expect(answer(page, "Edited model")).toContainText("Lyon");
  await button(page, "Play").click();
  await expect(button(page, "Pause")).toBeVisible();
  await expect(scene(page, "Rephrased")).toHaveAttribute("aria-current", "step");
  await run(page).getByRole("link", { name: "What you can do" }).click();
  await expect(page.getByRole("heading", { name: "This page needs WebGPU" })).toBeInViewport();
  await takeScreens(page, "no-model", async (path) => void (await page.screenshot({ path: `${path}.png`, animations: "disabled" })));
});

test("a recording that cannot be read leaves the page as it is without one", async ({ page }) => {
  await page.route("**/recorded/atlas.json", (route) => route.fulfill({ json: { format: "other" } }));
  await page.goto("./");
  await modelLoaded(page);
  await expect(run(page)).toHaveCount(0);
});
