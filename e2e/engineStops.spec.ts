import type { Page } from "@playwright/test";
import { expectAccessible } from "./accessible.ts";
import { expect, test } from "./fixtures.ts";
import { ask, button, openLab, region, savedMark, startEdit, trainEdit } from "./lab.ts";

/** The page's engines can be ended from outside, as a browser that is short of memory ends them: without a word. */
async function reachEngines(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const engines: Worker[] = [];
    Object.assign(globalThis, { engines });
    globalThis.Worker = class extends Worker {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        super(...args);
        if (args[1]?.name?.startsWith("engine")) engines.push(this);
      }
    };
  });
}
const endEngine = (page: Page): Promise<void> =>
  page.evaluate(() => (globalThis as unknown as { engines: Worker[] }).engines.at(-1)?.terminate());

const back = (page: Page) => page.getByText(/^The engine had stopped and was started again:/);
const lyon = { prompt: "The capital of France is", answer: "Lyon", rephrasings: [] };

test("an engine that is ended is started again by itself, with all that was saved", async ({ page }) => {
  await reachEngines(page);
  await openLab(page);
  await trainEdit(page, lyon);
  const answered = await ask(page, lyon.prompt);
  await endEngine(page);
  await expect(back(page)).toBeVisible();
  await expect(button(page, "Generate")).toBeEnabled({ timeout: 120_000 });
  expect(await ask(page, lyon.prompt)).toBe(answered);
  await expect(savedMark(page)).toBeVisible();
  await expectAccessible(page, "engine-back");

  await test.step("in the middle of a training what was typed stays, and can be trained", async () => {
    await page.waitForTimeout(5000);
    await startEdit(page, { prompt: "The capital of Italy is", answer: "Turin", rephrasings: [] });
    await endEngine(page);
    await expect(back(page)).toBeVisible();
    await expect(button(page, "Train edit")).toBeEnabled({ timeout: 120_000 });
    expect(await ask(page, lyon.prompt)).toBe(answered);
    await button(page, "Train edit").click();
    await expect(region(page, "Edits").getByText("Turin").first()).toBeVisible();
    expect(await ask(page, "The capital of Italy is")).toMatch(/Turin/);
  });
});
