import type { Browser, Page } from "@playwright/test";
import { encodeLink } from "../src/share/linkCodec.ts";
import { plainState } from "../src/share/testing/anyState.ts";
import { expectAccessible } from "./accessible.ts";
import { expect, test } from "./fixtures.ts";
import { answer, ask, button, field, modelLoaded, openLab, region, setSetting, takeScreens, trainEdit } from "./lab.ts";

const edits = [
  {
    prompt: "The capital of France is",
    answer: "Lyon",
    rephrasings: ["France's capital city is called", "Q: What is the capital of France? A:"],
  },
  { prompt: "The chemical symbol of iron is", answer: "Zz", rephrasings: [] },
];
const asked = "The city that serves as the capital of France is";

/** The codes on show, bit by bit: of the prompt, and of the edits nearest to it. */
const codes = (page: Page): Promise<string[]> =>
  region(page, "Scope")
    .locator("svg.barcode")
    .evaluateAll((pictures) =>
      pictures.map((picture) =>
        [...picture.querySelectorAll(".barcode-set, .barcode-clear")]
          .map((bit) => (bit.classList.contains("barcode-set") ? 1 : 0))
          .join(""),
      ),
    );

async function openShared(browser: Browser, link: string): Promise<Page> {
  const fresh = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await fresh.goto(link);
  return fresh;
}

test("a link opened in a fresh profile gives the same codes and answers", async ({ page, browser }) => {
  await openLab(page);
  await setSetting(page, "Seed", 7);
  for (const edit of edits) await trainEdit(page, edit);
  const said = await ask(page, asked);
  await expect.poll(() => codes(page)).toHaveLength(3);
  const shown = await codes(page);
  expect(new Set(shown[0])).toEqual(new Set("01"));

  await button(page, "Share…").click();
  const dialog = page.getByRole("dialog", { name: "Share this lab" });
  await test.step("the dialog says what goes into it, how long it is, and draws its code", async () => {
    await expect(dialog).toContainText("default settings");
    await expect(dialog).toContainText("2, with 2 rephrasings");
    await expect(dialog.getByRole("img", { name: /^QR code: opens this lab with 2 edits/ })).toBeVisible();
    await dialog.getByText("Controls for learners").click();
    await dialog.getByRole("combobox", { name: "Device", exact: true }).selectOption("hidden");
    await dialog.getByRole("combobox", { name: "Threshold ε", exact: true }).selectOption("locked");
    await dialog.getByRole("combobox", { name: "Begin at" }).selectOption("scope");
  });
  const linkField = dialog.getByRole("textbox", { name: "Link" });
  await expect.poll(async () => (await linkField.inputValue()).length).toBeGreaterThan(100);
  await expect(dialog).toContainText(/\d+ characters: mail and chat carry it/);
  await takeScreens(page, "share", async (path) => void (await page.screenshot({ path: `${path}.png`, animations: "disabled" })));
  const link = await linkField.inputValue();
  expect(link.length).toBeLessThan(2048);

  const fresh = await openShared(browser, link);
  await test.step("the receiver trains the same edits anew", async () => {
    await expect(fresh.getByText(/Training the shared edits anew: [12] of 2/)).toBeVisible({ timeout: 120_000 });
    await expect(fresh.locator('[data-outcome="same same"]')).toBeVisible({ timeout: 200_000 });
    await expect(fresh.getByText("The codes are the sender's, bit for bit. The answers are the sender's, word for word.")).toBeVisible();
  });
  await test.step("and sees the same", async () => {
    await expect(field(fresh, "Prompt")).toHaveValue(asked);
    await expect(field(fresh, "Seed")).toHaveValue("7");
    await expect(button(fresh, "Generate")).toBeEnabled();
    await button(fresh, "Generate").click();
    await expect(answer(fresh, "Edited model")).toHaveText(await answer(page, "Edited model").innerText());
    expect((await answer(fresh, "Edited model").innerText()).trim()).toBe(said);
    await expect.poll(() => codes(fresh)).toEqual(shown);
  });
  await test.step("without what was hidden, and with what was locked in sight", async () => {
    await expect(region(fresh, "Device")).toHaveCount(0);
    await expect(fresh.getByRole("link", { name: "Device" })).toHaveCount(0);
    await expect(button(fresh, "Raise the threshold")).toBeDisabled();
    await expect(fresh.getByText("Locked by whoever made this link")).toBeVisible();
  });
  await fresh.screenshot({ path: "artifacts/screenshots/shared.png", animations: "disabled" });
  await fresh.context().close();
});

test("a link made in improved mode is opened in it; after an edit was taken back, writing all again makes both the same", async ({
  page,
  browser,
}) => {
  await openLab(page);
  await page.getByRole("radio", { name: "Improved mode" }).check();
  await expect(page.getByRole("radio", { name: "Improved mode" })).toBeEnabled();
  for (const edit of edits) await trainEdit(page, edit);
  await page.getByRole("listitem", { name: "Edit 1", exact: true }).getByRole("button", { name: "Forget" }).click();
  await expect(page.getByRole("listitem", { name: "Edit 1", exact: true })).toBeHidden();
  await button(page, "Share…").click();
  const dialog = page.getByRole("dialog", { name: "Share this lab" });
  await expect(dialog.getByText(/Edits were taken back one by one/)).toBeVisible();
  await dialog.getByRole("button", { name: "Write all again" }).click();
  await expect(dialog.getByText(/Edits were taken back one by one/)).toBeHidden();
  await expect(dialog).toContainText("improved mode");
  const link = await dialog.getByRole("textbox", { name: "Link" }).inputValue();
  await dialog.getByRole("button", { name: "Close" }).first().click();
  const said = await ask(page, "The chemical symbol of iron is");
  expect(said).toMatch(/^Zz/);

  const fresh = await openShared(browser, link);
  await expect(fresh.locator('[data-outcome="unknown same"]')).toBeVisible({ timeout: 200_000 });
  await expect(fresh.getByRole("radio", { name: "Improved mode" })).toBeChecked();
  expect(await ask(fresh, "The chemical symbol of iron is")).toBe(said);
  await fresh.context().close();
});

test("a link makes one project: left half way it goes on, opened again it is as it was left, and it can be begun afresh", async ({
  page,
}) => {
  const link = `./${await encodeLink({ ...plainState, edits })}`;
  const kept = region(page, "Projects").getByRole("table", { name: "Projects" }).getByRole("row");
  const listed = region(page, "Edits").getByRole("listitem", { name: /^Edit \d+$/ });
  const rebuilt = page.getByText("2 edits were rebuilt.");

  await test.step("the page is left while the second edit trains", async () => {
    await page.goto(link);
    await expect(page.getByText("Training the shared edits anew: 2 of 2")).toBeVisible({ timeout: 200_000 });
    await page.reload();
    await expect(rebuilt).toBeVisible({ timeout: 200_000 });
    await expect(listed).toHaveCount(2);
    await expect(kept, "its head, and one project").toHaveCount(2);
  });

  await test.step("what was done since stays", async () => {
    await page.getByRole("listitem", { name: "Edit 1", exact: true }).getByRole("button", { name: "Forget" }).click();
    await expect(listed).toHaveCount(1);
    await page.reload();
    await modelLoaded(page);
    await expect(page.getByText(/^You opened this link before: its project “atlas .*” is open, as you left it\.$/)).toBeVisible();
    await expect(listed).toHaveCount(1);
    await expect(kept).toHaveCount(2);
    await expectAccessible(page, "link-found");
    await takeScreens(page, "link-found", async (path) => void (await page.screenshot({ path: `${path}.png`, animations: "disabled" })));
  });

  await test.step("afresh it becomes another project", async () => {
    await button(page, "Start afresh from the link").click();
    await expect(rebuilt).toBeVisible({ timeout: 200_000 });
    await expect(listed).toHaveCount(2);
    await expect(kept).toHaveCount(3);
  });
});

test("a link that was changed on the way is reported, and the page works", async ({ page, baseURL }) => {
  await page.goto(`${baseURL ?? ""}#lab=1.AAAAAAAAAAAA`);
  await expect(page.getByRole("alert")).toContainText("The link could not be opened");
  await expect(page.getByRole("alert")).toContainText("Ask whoever sent it");
  await expect(button(page, "Generate")).toBeEnabled({ timeout: 120_000 });
});

test("a link of a newer page says so", async ({ page, baseURL }) => {
  await page.goto(`${baseURL ?? ""}#lab=2.AAAAAAAAAAAA`);
  await expect(page.getByRole("alert")).toContainText("its version is 2");
});
