import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import { expectAccessible } from "./accessible.ts";
import { expect, test } from "./fixtures.ts";
import { ask, button, modelLoaded, openLab, region, takeScreens, trainEdit } from "./lab.ts";

const lyon = { prompt: "The capital of France is", answer: "Lyon", rephrasings: [] };
const projects = (page: Page): Locator => region(page, "Projects");
const current = (page: Page, name: string): Locator => projects(page).getByRole("row", { name: new RegExp(`^${name} in use`) });

async function exported(page: Page, label: string): Promise<Buffer> {
  const downloading = page.waitForEvent("download");
  await projects(page).getByRole("combobox", { name: "Export what was learned…" }).selectOption({ label });
  return readFile(await (await downloading).path());
}

test("what was learned goes out as files and comes back as projects that answer the same", async ({ page, browser }) => {
  await openLab(page);
  await trainEdit(page, lyon);
  const answered = await ask(page, lyon.prompt);
  expect(answered).toContain("Lyon");
  const mixture = await exported(page, "Mixture, for the released code (safetensors)");
  const experts = await exported(page, "Experts, as PEFT folders (zip)");
  const pick = (on: Page): Locator => projects(on).getByLabel("Import adapters…").last();
  const file = (name: string, buffer: Buffer) => ({ name, mimeType: "application/octet-stream", buffer });

  await test.step("in a browser that has never seen it: the edit, its answer, and after a reload still", async () => {
    const context = await browser.newContext();
    const other = await context.newPage();
    await openLab(other);
    await pick(other).setInputFiles(file("Mine.safetensors", mixture));
    await expect(current(other, "Mine")).toContainText("1 edit");
    expect(await ask(other, lyon.prompt)).toBe(answered);
    await other.reload();
    await modelLoaded(other);
    await expect(region(other, "Edits").getByText("Lyon").first()).toBeVisible();
    expect(await ask(other, lyon.prompt)).toBe(answered);
    expect((await exported(other, "Mixture, for the released code (safetensors)")).equals(mixture)).toBe(true);
    await context.close();
  });

  await test.step("a broken file says what is wrong, and nothing changes", async () => {
    await pick(page).setInputFiles(file("broken.safetensors", mixture.subarray(0, mixture.length - 9)));
    await expect(projects(page).getByRole("alert")).toContainText("That did not work");
    await pick(page).setInputFiles(file("notes.txt", Buffer.from("no adapter at all")));
    await expect(projects(page).getByRole("alert")).toContainText("no form that is known here");
    await expect(region(page, "Edits").getByText("Lyon").first()).toBeVisible();
  });

  await test.step("of several adapters one is asked for; it answers every prompt, and the page says so", async () => {
    await pick(page).setInputFiles(file("experts.zip", experts));
    const menu = projects(page).getByRole("combobox", { name: "Import…", exact: true });
    await expect(menu).toBeVisible();
    await expectAccessible(page, "adapters");
    await takeScreens(page, "adapters", async (path) => {
      await projects(page).evaluate((element) => element.scrollIntoView({ block: "center" }));
      await page.screenshot({ path: `${path}.png`, animations: "disabled" });
    });
    await menu.selectOption({ label: "expert-0" });
    await expect(current(page, "expert-0")).toContainText("0 edits");
    await expect(region(page, "Edits").getByText("Imported, without a list of edits")).toBeVisible();
    await expect(menu).toBeHidden();
    await ask(page, lyon.prompt);
    await expect(page.getByText("The imported mixture answers").first()).toBeVisible();
    await button(page, "New project").click();
    await expect(region(page, "Edits").getByText("Imported, without a list of edits")).toBeHidden();
  });
});
