import { readFileSync } from "node:fs";
import type { Locator, Page } from "@playwright/test";
import { expectAccessible } from "./accessible.ts";
import { expect, test } from "./fixtures.ts";
import { button, openLab, pixelsOf, region, takeScreens, trainEdit } from "./lab.ts";

test.setTimeout(600_000);

const FRANCE = { prompt: "The capital of France is", answer: "Lyon", rephrasings: ["France's capital city is called"] };

const microscope = (page: Page): Locator => page.getByRole("dialog", { name: "Routing microscope" });
const grid = (page: Page): Locator => microscope(page).getByRole("application");
const readout = (page: Page): Locator => microscope(page).locator(".routing-readout");
const text = (page: Page, side: "Without overrides" | "With overrides"): Locator =>
  microscope(page).getByRole("group", { name: side, exact: true });

async function openView(page: Page, name: string): Promise<void> {
  await microscope(page).getByRole("tab", { name, exact: true }).click();
  await expect(microscope(page).getByRole("tabpanel", { name, exact: true })).toBeVisible();
}

/** A file that is exported, by the words of the menu. */
async function exported(page: Page, kind: "PNG picture" | "SVG drawing" | "CSV table"): Promise<{ name: string; bytes: Buffer }> {
  const downloading = page.waitForEvent("download");
  await microscope(page).getByLabel("Export…").selectOption({ label: kind });
  const download = await downloading;
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

const screens = (page: Page, story: string): Promise<void> =>
  takeScreens(page, story, async (path) => void (await page.screenshot({ path: `${path}.png`, animations: "disabled" })));

test("the routing from near: walked, compared, overridden, its codes, its map and its threshold", async ({ page }) => {
  await openLab(page);
  await trainEdit(page, FRANCE);
  await button(page, "Microscope").focus();
  await page.keyboard.press("Enter");
  await expect(microscope(page)).toBeVisible();

  await test.step("arrow keys walk the heatmap, and what they come to is said", async () => {
    await expect.poll(async () => (await pixelsOf(grid(page))).colours).toBeGreaterThan(8);
    await grid(page).focus();
    await page.keyboard.press("Home");
    await expect(readout(page)).toContainText(/Token “The” · layer \d+ · expert 0/);
    const [first] = (await readout(page).innerText()).split(" · expert");
    await page.keyboard.press("PageDown");
    await expect(readout(page)).not.toContainText(first ?? "");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    await expect(readout(page)).toContainText(/· expert 1 ·/);
    await expect(
      microscope(page)
        .getByRole("region", { name: /^Token / })
        .getByRole("table"),
    ).toContainText(/\.\d\d/);
    await page.keyboard.press("Escape");
    await expect(readout(page)).toContainText("Point at a cell");
    await expect(microscope(page), "the first Escape is the cursor's").toBeVisible();
  });

  await test.step("A minus B, aligned from the last token", async () => {
    await microscope(page).getByRole("textbox", { name: "Prompt B" }).fill("Today the capital of Germany is");
    await expect(microscope(page).getByText(/^At the deciding tokens/)).toBeVisible();
    await grid(page).focus();
    await page.keyboard.press("End");
    await expect(readout(page)).toContainText(/Token “·is” · layer .* \(A 0\.\d+, B 0\.\d+\)/);
    await page.keyboard.press("ArrowLeft");
    await expect(readout(page)).toContainText("Tokens “·France” and “·Germany”");
    await screens(page, "microscope-difference");
    const csv = await exported(page, "CSV table");
    expect(csv.name).toBe("routing-a-b.csv");
    expect(csv.bytes.toString("utf8").split("\r\n")[1]).toMatch(/^1,/);
    const svg = (await exported(page, "SVG drawing")).bytes.toString("utf8");
    expect(svg).toContain("data:image/png;base64,");
    expect(svg).toContain(">decides</text>");
    expect((await exported(page, "PNG picture")).bytes.subarray(1, 4).toString()).toBe("PNG");
  });

  await test.step("with all experts of the edit muted its answer is gone", async () => {
    await button(page, "A: the prompt").click();
    await button(page, "Generate both").click();
    await expect(text(page, "Without overrides")).toContainText("Lyon");
    await muteAllPicked(page);
    await expect(microscope(page).getByText(/^The texts part at token/)).toBeVisible();
    await expect(text(page, "With overrides")).not.toContainText("Lyon");
    await expectAccessible(page, "microscope-overrides");
    await screens(page, "microscope");
    await button(page, "Remove all").click();
    await expect(text(page, "With overrides")).toBeHidden();
  });

  await test.step("how often experts are picked, as a picture and as a table", async () => {
    await openView(page, "Experts");
    await expect(microscope(page).getByRole("img", { name: /^Share of tokens of the text/ })).toBeVisible();
    await microscope(page).getByLabel("Counted over").selectOption({ label: "edits, as assigned" });
    await expect(microscope(page).getByText("(1 counted)").first()).toBeVisible();
    await microscope(page).getByRole("button", { name: "Show as table" }).click();
    await expect(microscope(page).getByRole("row").nth(1)).toContainText("%");
    await screens(page, "microscope-experts");
  });

  await test.step("the edit's code is the nearest to its own prompt", async () => {
    await openView(page, "Codes");
    await expect(microscope(page).getByText(/^Nearest: Edit 1, \d+ bits? away/)).toBeVisible();
    await grid(page).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect(microscope(page).getByLabel("Compared with")).toHaveValue("1");
    await screens(page, "microscope-codes");
  });

  await test.step("the map has the phrasings, and the prompt moves as it is typed", async () => {
    await openView(page, "Map");
    await expect(microscope(page).locator(".point-map-point")).toHaveCount(3);
    await expect(microscope(page).getByText(/^The two principal components explain/)).toContainText("%");
    await grid(page).focus();
    await page.keyboard.press("Home");
    await expect(readout(page)).toContainText("Edit 1: “The capital of France is”");
    const own = microscope(page).locator(".point-map-point").last();
    const before = await own.getAttribute("transform");
    await microscope(page).getByRole("textbox", { name: "Prompt", exact: true }).fill("The plural of mouse is");
    await expect(own).not.toHaveAttribute("transform", before ?? "");
    await screens(page, "microscope-map");
  });

  await test.step("the dial flips prompts while it is moved, and the page answers with it once it is let go", async () => {
    await openView(page, "Scope dial");
    const dial = microscope(page).getByRole("slider");
    const answered = microscope(page).locator("tr[data-answered]");
    await expect(microscope(page).getByRole("row", { name: /The capital of France is/ })).toBeVisible();
    await dial.focus();
    await page.keyboard.press("End");
    await expect(microscope(page).locator("tbody tr:not([data-answered])")).toHaveCount(0);
    await page.keyboard.press("Home");
    await expect(answered).toHaveCount(0);
    await expect(microscope(page).getByText("in force: ε 0")).toBeVisible();
    await screens(page, "microscope-dial");
    await expectAccessible(page, "microscope-dial");
    await page.keyboard.press("Escape");
    await expect(microscope(page)).toBeHidden();
    await expect(region(page, "Scope").getByText("Deferred to the base model").first()).toBeVisible();
    await expect(button(page, "Microscope")).toBeFocused();
  });
});

/** Walks down the deciding column and mutes each expert that is picked there, by keyboard alone. */
async function muteAllPicked(page: Page): Promise<void> {
  await grid(page).focus();
  await page.keyboard.press("Home");
  for (let column = 0; column < 12 && !(await readout(page).innerText()).includes("this column decides"); column++)
    await page.keyboard.press("ArrowRight");
  await expect(readout(page)).toContainText("this column decides");
  for (;;) {
    const here = await readout(page).innerText();
    if (here.includes("· picked")) {
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      await expect(microscope(page).getByRole("button", { name: "Mute", exact: true })).toBeFocused();
      await page.keyboard.press("Enter");
      await expect(grid(page)).toBeFocused();
    }
    await page.keyboard.press("ArrowDown");
    if ((await readout(page).innerText()) === here) return;
  }
}
