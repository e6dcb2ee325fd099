import { expect, test } from "./fixtures.ts";
import { ask, button, field, fillEdit, openLab, region, setSetting, trainEdit } from "./lab.ts";

test("bad input gets a clear message and the edits made so far stay", async ({ page }) => {
  await openLab(page);
  // Few steps: this edit need not hold, only be there.
  await setSetting(page, "Steps", 3);
  await trainEdit(page, { prompt: "The capital of Japan is", answer: "Osaka", rephrasings: [] });
  const edits = region(page, "Edits");
  await expect(edits).toContainText("Osaka");

  await test.step("an empty prompt", async () => {
    await field(page, "Prompt").fill("   ");
    await button(page, "Generate").click();
    await expect(field(page, "Prompt")).toHaveAccessibleDescription(/empty/i);
  });

  await test.step("a prompt over the context length", async () => {
    await field(page, "Prompt").fill("The capital of France is ".repeat(400));
    await button(page, "Generate").click();
    await expect(field(page, "Prompt")).toHaveAccessibleDescription(/\d+ tokens/);
  });

  await test.step("an edit without an answer, and one without a prompt", async () => {
    await fillEdit(page, { prompt: "The capital of France is", answer: "", rephrasings: [] });
    await button(page, "Train edit").click();
    await expect(region(page, "Edit")).toContainText(/answer.*empty|empty.*answer/i);
    await fillEdit(page, { prompt: " ", answer: "Lyon", rephrasings: [] });
    await button(page, "Train edit").click();
    await expect(region(page, "Edit")).toContainText(/prompt.*empty|empty.*prompt/i);
  });

  await test.step("an answer that is the model's own", async () => {
    const own = (await ask(page, "The capital of France is")).replace(/\W.*$/, "");
    await fillEdit(page, { prompt: "The capital of France is", answer: own, rephrasings: [] });
    await button(page, "Train edit").click();
    await expect(region(page, "Edit")).toContainText(/already/i);
  });

  await test.step("an edit over the context length", async () => {
    await fillEdit(page, { prompt: "The capital of France is ".repeat(400), answer: "Lyon", rephrasings: [] });
    await button(page, "Train edit").click();
    await expect(region(page, "Edit")).toContainText(/\d+ tokens/);
  });

  await expect(edits).toContainText("Osaka");
  expect(await ask(page, "The capital of Germany is")).toMatch(/\bBerlin\b/);
});
