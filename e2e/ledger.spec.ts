import type { Locator, Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { ask, button, editTrained, field, openLab, region, setSetting, startEdit, takeScreens } from "./lab.ts";
import type { Edit } from "./lab.ts";

const lyon: Edit = { prompt: "The capital of France is", answer: "Lyon", rephrasings: ["France's capital city is called"] };
const bonn: Edit = { prompt: "The capital of Germany is", answer: "Bonn", rephrasings: [] };

const row = (page: Page, id: number): Locator => region(page, "Edits").getByRole("listitem", { name: `Edit ${id}`, exact: true });
const state = (page: Page, id: number): Locator => row(page, id).locator(".edit-holds");
const measured = (part: Locator): Locator => part.getByRole("group", { name: "Scorecard" }).getByText(/measured after edit \d/);
const shot = (page: Page, story: string): Promise<void> =>
  takeScreens(page, story, async (path) => {
    await page.screenshot({ path: `${path}.png`, animations: "disabled", fullPage: true });
  });

async function write(page: Page, edit: Edit): Promise<void> {
  await startEdit(page, edit);
  await editTrained(page);
}

test("edits are measured, switched off, weakened, forgotten and brought back", async ({ page }) => {
  test.setTimeout(420_000);
  await openLab(page);
  await write(page, lyon);

  await test.step("a scorecard says what the edit did", async () => {
    const card = region(page, "Edit");
    await expect(measured(card)).toBeVisible();
    await expect(card.getByText(/^yes, [01]\.\d+/)).toBeVisible();
    await expect(card.getByText("1 of 1")).toBeVisible();
    await card.getByText("Every prompt").click();
    await expect(card.locator(".scorecard-each li")).not.toHaveCount(0);
    await expect(state(page, 1)).toContainText(/^holds, [01]\.\d+/);
  });

  await test.step("off, it answers no more; on again, it does", async () => {
    const inForce = page.getByRole("switch", { name: "Edit 1 in force" });
    await inForce.click();
    await expect(inForce).toHaveAttribute("aria-checked", "false");
    await expect(state(page, 1)).toHaveText("off");
    expect(await ask(page, lyon.prompt)).toMatch(/\bParis\b/);
    await inForce.click();
    await expect(inForce).toHaveAttribute("aria-checked", "true");
    expect(await ask(page, lyon.prompt)).toMatch(/^Lyon/);
  });

  await test.step("its strength has a curve, and the keys move it", async () => {
    await button(page, "Details of edit 1").click();
    const curve = row(page, 1).getByRole("img", { name: /Probability of the answer by strength/ });
    await expect(curve).toBeVisible();
    const points = [...((await curve.getAttribute("aria-label")) ?? "").matchAll(/([\d.]+): (?:< )?([\d.]+)/g)].map((match) =>
      Number(match[2]),
    );
    expect(points).toHaveLength(9);
    expect(points[4], "as trained").toBeGreaterThan(points[0] ?? 1);
    const slider = page.getByRole("slider", { name: "Strength of edit 1" });
    await slider.focus();
    await slider.press("Home");
    await expect(row(page, 1)).toContainText("strength 0.00");
    await expect(slider).toHaveAttribute("aria-valuetext", /^0\.00, probability of the answer/);
    expect(await ask(page, lyon.prompt)).toMatch(/\bParis\b/);
  });
  await shot(page, "ledger-strength");

  await test.step("Ctrl+Z takes it back, but not while one types", async () => {
    await field(page, "Prompt").press("Control+z");
    await expect(row(page, 1)).toContainText("strength 0.00");
    await page.getByRole("heading", { name: "Edits", exact: true }).click();
    await page.keyboard.press("Control+z");
    await expect(row(page, 1)).not.toContainText("strength");
    await page.keyboard.press("Control+Shift+Z");
    await expect(row(page, 1)).toContainText("strength 0.00");
    await button(page, "Undo").click();
    await expect(row(page, 1)).not.toContainText("strength");
  });

  await write(page, bonn);
  await expect(measured(region(page, "Edit"))).toBeVisible();

  await test.step("forgetting keeps the focus near, and is taken back", async () => {
    await button(page, "Forget edit 2").focus();
    await page.keyboard.press("Enter");
    await expect(row(page, 2)).toHaveCount(0);
    await expect(button(page, "Forget edit 1")).toBeFocused();
    await expect(region(page, "Edits").getByText("Edit 2 is forgotten.")).toBeVisible();
    await button(page, "Take it back").click();
    await expect(row(page, 2)).toBeVisible();
    await button(page, "Forget all").click();
    await expect(region(page, "Edits")).toContainText("No edits yet");
    expect(await ask(page, lyon.prompt)).toMatch(/\bParis\b/);
    await button(page, "Undo").click();
    await expect(row(page, 1)).toBeVisible();
    expect(await ask(page, lyon.prompt)).toMatch(/^Lyon/);
  });

  await test.step("a draft that meets an edit is warned of before it is trained", async () => {
    await field(page, "Edit prompt").fill(lyon.prompt);
    await field(page, "New answer").fill("Nice");
    await expect(region(page, "Edit").getByText("This prompt is now answered by edit 1 (“Lyon”).")).toBeVisible();
  });

  await test.step("another order is written from the seed", async () => {
    await button(page, "Forget edit 2").focus();
    await page.keyboard.press("Alt+ArrowDown");
    await expect(region(page, "Edits").getByText("Another order is planned.")).toBeVisible();
    await expect(region(page, "Edits").getByRole("listitem").first()).toContainText("Lyon");
    await button(page, "Write all again in this order").click();
    await expect(region(page, "Edits").getByText("2 edits written again from the seed.")).toBeVisible({ timeout: 150_000 });
    await expect(row(page, 1)).toContainText("Bonn");
    await expect(row(page, 2)).toContainText("Lyon");
  });
  await shot(page, "ledger");
});

test("a file of edits is looked at, queued and trained while one asks", async ({ page }) => {
  await openLab(page);
  // They need not hold, only be there.
  await setSetting(page, "Steps", 3);
  const lines = [
    "prompt,answer,subject",
    "The capital of Spain is,Seville,Spain",
    "The capital of Norway is,,Norway",
    "The capital of France is,Paris,France",
    "The capital of Japan is,Osaka,Japan",
    "The capital of Italy is,Milan,Italy",
    "The capital of Egypt is,Luxor,Egypt",
  ];
  await button(page, "Import edits…").click();
  const dialog = page.getByRole("dialog", { name: "Import edits" });
  await dialog
    .locator("input[type=file]")
    .setInputFiles({ name: "capitals.csv", mimeType: "text/csv", buffer: Buffer.from(lines.join("\n")) });

  await test.step("each row is shown, those in fault with what is wrong", async () => {
    await expect(dialog.getByText("capitals.csv: 5 edits, 1 fault")).toBeVisible();
    await expect(dialog.getByRole("row").filter({ hasText: "expected a text that is not empty" })).toContainText("3");
    await dialog.getByRole("checkbox", { name: "Take row 6" }).uncheck();
    await field(page, "At most").fill("3");
    await expect(dialog.getByRole("button", { name: "Queue 3 edits" })).toBeEnabled();
  });
  await shot(page, "ledger-import");
  await dialog.getByRole("button", { name: "Queue 3 edits" }).click();
  await expect(dialog).toBeHidden();

  const queue = region(page, "Queue");
  await test.step("it pauses after the edit under way", async () => {
    await button(page, "Pause queue").click();
    await expect(queue.getByText("Paused", { exact: true })).toBeVisible({ timeout: 90_000 });
    await expect(region(page, "Edits")).toContainText("Seville");
    await expect(queue).toContainText("2 waiting");
    await button(page, "Go on with the queue").click();
  });

  await test.step("the person asks meanwhile; what cannot be trained says why", async () => {
    expect(await ask(page, "The capital of Germany is")).not.toBe("");
    await expect(queue.getByText(/already answers/)).toBeVisible({ timeout: 90_000 });
    await expect(region(page, "Edits")).toContainText("Osaka", { timeout: 90_000 });
    await expect(queue).toContainText("1 failed · 2 done");
  });
  await shot(page, "ledger-queue");

  await test.step("it goes back to the form, is put right and queued again", async () => {
    await button(page, `Back to the form: ${lyon.prompt}`).click();
    await expect(queue).toBeHidden();
    await expect(field(page, "Subject")).toHaveValue("France");
    await field(page, "New answer").fill("Lyon");
    await button(page, "Add to queue").click();
    await expect(field(page, "Edit prompt")).toHaveValue("");
    await expect(region(page, "Edits")).toContainText("Lyon", { timeout: 90_000 });
  });
});

test("another method takes the edits over, and says what it measures", async ({ page }) => {
  await openLab(page);
  await field(page, "Subject").fill("France");
  await write(page, lyon);
  await page.getByRole("radio", { name: "Improved mode" }).check();
  const edits = region(page, "Edits");
  await expect(edits.getByText(/1 edit left from before/)).toBeVisible();
  expect(await ask(page, lyon.prompt)).toMatch(/\bParis\b/);
  await button(page, "Write them again").click();
  await expect(row(page, 1)).toContainText("Lyon", { timeout: 150_000 });
  await expect(edits.getByText(/left from before/)).toBeHidden();
  expect(await ask(page, lyon.prompt)).toMatch(/^Lyon/);
  await expect(region(page, "Scope")).toContainText(/Nearest is edit 1, a cosine distance of \d\.\d+ away: within its radius of \d\.\d+/);
  await expect(region(page, "Scope")).not.toContainText("bits");
  await test.step("the same fact again stands in for it", async () => {
    await field(page, "Edit prompt").fill(lyon.prompt);
    await field(page, "New answer").fill("Nice");
    await field(page, "Subject").fill("France");
    await expect(region(page, "Edit").getByText("Stands in for edit 1 (“Lyon”): both are about the same fact.")).toBeVisible();
  });
  await shot(page, "ledger-improved");
});
