import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { answer, answered, ask, button, editTrained, field, openLab, region, takeScreens } from "./lab.ts";

/** Goes on by Tab until what has the focus is called so; the page wraps around. */
async function tabTo(page: Page, role: "button" | "radio" | "textbox", name: string | RegExp, presses = 160): Promise<void> {
  const wanted = page.getByRole(role, { name, exact: typeof name === "string" }).first();
  for (let pressed = 0; pressed < presses; pressed++) {
    if (await wanted.evaluate((element) => element === document.activeElement, undefined, { timeout: 5_000 }).catch(() => false)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${role} ${String(name)} was not reached with ${presses} presses of Tab.`);
}

async function press(page: Page, name: string | RegExp): Promise<void> {
  await tabTo(page, "button", name);
  await page.keyboard.press("Enter");
}

const learn = (page: Page) => region(page, "Learn");
const stepIs = (page: Page, step: number, title: string) =>
  expect(learn(page)).toContainText(new RegExp(`Step ${step} of \\d[\\s\\S]*${title}`));
const passed = (page: Page) => expect(learn(page).locator(".lesson-task[data-passed]")).toBeVisible();

test("one lesson by keyboard alone: an edit is made, compared, foretold and shared", async ({ page }) => {
  await openLab(page);
  await press(page, "Learn");
  await press(page, "Begin “One edit”");

  await test.step("the step waits for the act", async () => {
    await stepIs(page, 1, "Write a new answer");
    await expect(page.getByRole("heading", { name: "Write a new answer" })).toBeFocused();
    await expect(button(page, "Next step")).toBeDisabled();
    await expect(learn(page).getByText("Waits for you")).toBeVisible();
    await press(page, "Insert");
    await expect(field(page, "New answer")).toHaveValue("Lyon");
    await expect(button(page, "Train edit")).toBeFocused();
  });

  await test.step("and turns green by it, with the loss beside its formula", async () => {
    await page.keyboard.press("Enter");
    await editTrained(page);
    await passed(page);
    const live = learn(page).locator(".live-formula");
    await expect(live.locator("math")).toBeVisible();
    const [languageLoss = "", , , total = ""] = await live.locator("dd").allInnerTexts();
    expect(Number(languageLoss)).toBeLessThan(1);
    expect(Number(total)).toBeGreaterThanOrEqual(Number(languageLoss));
    await press(page, "Next step");
  });

  await test.step("before and after", async () => {
    await stepIs(page, 2, "Before and after");
    await press(page, "Insert");
    await expect(field(page, "Prompt")).toBeFocused();
    await press(page, "Compare");
    await expect(answer(page, "Edited model")).toContainText(/^\s*Lyon/);
    await passed(page);
    await press(page, "Next step");
  });

  await test.step("what is foretold comes first, and is judged", async () => {
    await stepIs(page, 3, "What stays");
    await tabTo(page, "radio", "the base model, as before");
    await page.keyboard.press("Space");
    await expect(learn(page).getByText("Your prediction: the base model, as before.")).toBeVisible();
    await expect(button(page, "Next step")).toBeDisabled();
    await press(page, "Insert");
    await page.keyboard.press("ControlOrMeta+Enter");
    await expect(answered(page, "Edited model")).toBeVisible();
    await expect(learn(page).getByText("It came out: the base model, as before. You were right.")).toBeVisible();
    const distance = await learn(page).locator(".live-formula dd").first().innerText();
    await expect(region(page, "Scope")).toContainText(`${distance} of`);
    await press(page, "Next step");
  });

  await test.step("a link leaves the page", async () => {
    await stepIs(page, 4, "Share it");
    await press(page, "Share…");
    await press(page, "Copy link");
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toBeHidden();
    await passed(page);
    await press(page, "Next step");
    await expect(learn(page).getByText("“One edit” is done.")).toBeVisible();
  });

  await test.step("the prediction is in the file", async () => {
    await press(page, "All lessons");
    await learn(page).getByText("Answers", { exact: true }).click();
    const downloading = page.waitForEvent("download");
    await button(page, "Download CSV").click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe("predictions.csv");
    const path = await download.path();
    const lines = readFileSync(path, "utf8").trim().split("\r\n");
    expect(lines[1]).toBe(',One edit,3. What stays,Who will answer a question about another country?,"the base model, as before",yes');
  });
});

test("a lesson beside the page, its words, and a class in front of it", async ({ page }) => {
  await openLab(page);
  await button(page, "Learn").click();
  await takeScreens(page, "lessons", async (path) => void (await page.screenshot({ path: `${path}.png`, animations: "disabled" })));

  await test.step("the glossary finds words", async () => {
    await learn(page).getByText("Glossary", { exact: true }).click();
    await field(page, "Search the glossary").fill("hamming");
    await expect(learn(page).locator(".glossary dt")).toHaveText(["Hamming distance"]);
    await field(page, "Search the glossary").fill("zzz");
    await expect(learn(page).getByText("No such word")).toBeVisible();
  });

  await test.step("foretold and seen, with the number beside the formula", async () => {
    await button(page, "Begin “What a fact in a model is”").click();
    await ask(page, "The capital of France is");
    await passed(page);
    await button(page, "Next step").click();
    await page.getByRole("radio", { name: "above 0.9" }).check();
    await learn(page).getByRole("button", { name: "Insert" }).click();
    await button(page, "Generate").click();
    await passed(page);
    const shown = await learn(page).locator(".live-formula dd").innerText();
    await page.getByRole("group", { name: "Edited model" }).locator(".chip").first().hover();
    await expect(page.getByRole("tooltip")).toContainText(shown);
    await page.mouse.move(0, 0);
  });
  await takeScreens(page, "lesson", async (path) => void (await page.screenshot({ path: `${path}.png`, animations: "disabled" })));

  await test.step("arrows lead a class through it, and the light with it", async () => {
    await button(page, "Present").click();
    await expect(page.locator('[data-region="answers"][data-lit]')).toHaveCount(1);
    await page.keyboard.press("ArrowRight");
    await expect(learn(page).getByRole("heading", { name: "The same in other words" })).toBeVisible();
    await expect(page.locator('[data-region="prompt"][data-lit]')).toHaveCount(1);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await expect(page.locator('[data-region="routing"][data-lit]')).toHaveCount(1);
    await takeScreens(page, "presenting", async (path) => void (await page.screenshot({ path: `${path}.png`, animations: "disabled" })));
    await page.keyboard.press("ArrowLeft");
    await expect(learn(page).getByRole("heading", { name: "How sure is it?" })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.locator("[data-lit]")).toHaveCount(0);
    await expect(button(page, "Present")).toBeVisible();
  });

  await test.step("a lesson about codes leads back to the method that has them", async () => {
    await page.getByRole("radio", { name: "Improved mode" }).check();
    await button(page, "All lessons").click();
    await learn(page)
      .getByRole("button", { name: /^Begin “Why rephrasings/ })
      .click();
    await button(page, "Go to paper mode").click();
    await expect(page.getByRole("radio", { name: "Paper mode" })).toBeChecked();
    await expect(button(page, "Go to paper mode")).toBeHidden();
  });
});
