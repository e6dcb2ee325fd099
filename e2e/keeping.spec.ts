import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import { expectAccessible } from "./accessible.ts";
import { expect, test } from "./fixtures.ts";
import { ask, button, field, modelLoaded, openLab, region, savedMark, takeScreens, trainEdit } from "./lab.ts";

const lyon = { prompt: "The capital of France is", answer: "Lyon", rephrasings: [] };
const projects = (page: Page): Locator => region(page, "Projects");
const row = (page: Page, name: RegExp | string): Locator => projects(page).getByRole("row", { name });
const saved = async (page: Page): Promise<void> => expect(savedMark(page)).toBeVisible();
const more = async (page: Page, name: string, act: string): Promise<void> => {
  await projects(page)
    .getByRole("combobox", { name: `More for ${name}`, exact: true })
    .selectOption({ label: act });
};

test("what is done is there again: after a reload, in another project, in a file", async ({ page }) => {
  let answered = "";
  const date = new Date().toISOString().slice(0, 10);
  const first = `atlas ${date}`;

  await test.step("an edit is saved before it is said to be", async () => {
    await openLab(page);
    await expect(projects(page).getByText("Nothing to save yet")).toBeVisible();
    await trainEdit(page, lyon);
    await saved(page);
    await expect(row(page, new RegExp(`${first} in use`))).toContainText("1 edit");
    answered = await ask(page, lyon.prompt);
    expect(answered).toContain("Lyon");
  });

  await test.step("a reload brings it back, with its answer", async () => {
    await page.reload();
    await modelLoaded(page);
    await expect(region(page, "Edits").getByText("Lyon").first()).toBeVisible();
    await saved(page);
    expect(await ask(page, lyon.prompt)).toBe(answered);
  });

  await test.step("a new project is empty, and the first stays", async () => {
    await button(page, "New project").click();
    await expect(row(page, /^Project of .* in use/)).toContainText("0 edits");
    await expect(region(page, "Edits").getByText("Lyon")).toHaveCount(0);
    await more(page, first, "Rename…");
    await projects(page).getByRole("textbox", { name: "New name" }).fill("Cities");
    await button(page, "Rename").click();
    await more(page, "Cities", "Duplicate");
    await expect(row(page, /^Cities \(copy\)/)).toContainText("1 edit");
    await more(page, "Cities (copy)", "Remove");
    await expect(row(page, /^Cities \(copy\)/)).toBeHidden();
    await expectAccessible(page, "projects");
    await takeScreens(page, "projects", async (path) => {
      await projects(page).evaluate((element) => element.scrollIntoView({ block: "center" }));
      await page.screenshot({ path: `${path}.png`, animations: "disabled" });
    });
    await button(page, "Put Cities (copy) back").click();
    await projects(page).getByRole("button", { name: "Open Cities", exact: true }).click();
    await expect(row(page, /^Cities in use/)).toBeVisible();
    expect(await ask(page, lyon.prompt)).toBe(answered);
  });

  await test.step("a file holds all of it, and a broken one changes nothing", async () => {
    const downloading = page.waitForEvent("download");
    await more(page, "Cities", "Export as a file");
    const download = await downloading;
    expect(download.suggestedFilename()).toBe("Cities.elder");
    const bytes = await readFile(await download.path());
    const pick = projects(page).getByLabel("Import a project…");
    await pick.setInputFiles({ name: "broken.elder", mimeType: "application/octet-stream", buffer: bytes.subarray(0, bytes.length - 3) });
    await expect(projects(page).getByRole("alert")).toContainText("That did not work");
    await pick.setInputFiles({ name: "Mine.elder", mimeType: "application/octet-stream", buffer: bytes });
    await expect(row(page, /^Mine in use/)).toContainText("1 edit");
    await expect(projects(page).getByRole("alert")).toBeHidden();
    expect(await ask(page, lyon.prompt)).toBe(answered);
  });

  await test.step("what was learned goes out for other programs", async () => {
    const menu = projects(page).getByRole("combobox", { name: "Export what was learned…" });
    for (const [label, name, magic] of [
      ["Mixture, for the released code (safetensors)", "atlas-mixture.safetensors", /^.{8}\{"/s],
      ["Experts, as PEFT folders (zip)", "atlas-peft.zip", /^PK/],
    ] as const) {
      const downloading = page.waitForEvent("download");
      await menu.selectOption({ label });
      const download = await downloading;
      expect(download.suggestedFilename()).toBe(name);
      expect((await readFile(await download.path())).subarray(0, 12).toString("latin1")).toMatch(magic);
    }
  });

  await test.step("what was removed is gone for good at the next visit", async () => {
    await more(page, "Cities (copy)", "Remove");
    await page.reload();
    await modelLoaded(page);
    await expect(row(page, /^Mine in use/)).toBeVisible();
    await expect(projects(page).getByText("Cities (copy)")).toHaveCount(0);
  });
});

test("one tab keeps; another says that it does not, takes over, and goes on with the same", async ({ page, context }) => {
  await openLab(page);
  await trainEdit(page, lyon);
  await saved(page);
  const second = await context.newPage();
  await openLab(second);
  await expect(projects(second).getByText("Another tab keeps the edits")).toBeVisible();
  await expect(region(second, "Edits").getByText("Lyon")).toHaveCount(0);
  await expectAccessible(second, "projects-elsewhere");
  await button(second, "Keep in this tab").click();
  await expect(region(second, "Edits").getByText("Lyon").first()).toBeVisible();
  await saved(second);
  await expect(projects(page).getByText("Another tab keeps the edits")).toBeVisible();
  await expect(projects(page).getByText("Not saved").first()).toBeVisible();
  // What the first does now is its own affair, until it is asked to keep again.
  await region(page, "Edits").getByRole("switch", { name: "Edit 1 in force" }).click();
  await button(page, "Keep in this tab").click();
  await saved(page);
  await expect(projects(second).getByText("Another tab keeps the edits")).toBeVisible();
});

test("a page that crashes loses nothing that was said to be saved", async ({ page, context, complaints }) => {
  complaints.allow(/crash/i);
  await openLab(page);
  await trainEdit(page, lyon);
  await saved(page);
  const answered = await ask(page, lyon.prompt);
  const session = await context.newCDPSession(page);
  const crashed = page.waitForEvent("crash");
  session.send("Page.crash").catch(() => undefined);
  await crashed;
  const next = await context.newPage();
  await openLab(next);
  await saved(next);
  await expect(region(next, "Edits").getByText("Lyon").first()).toBeVisible();
  expect(await ask(next, lyon.prompt)).toBe(answered);
  await expect(field(next, "Prompt")).toHaveValue(lyon.prompt);
});
