import type { Page } from "@playwright/test";
import { expectAccessible } from "./accessible.ts";
import { expect, test } from "./fixtures.ts";
import { ask, button, modelLoaded, openLab, region, takeScreens, trainEdit } from "./lab.ts";

const lyon = { prompt: "The capital of France is", answer: "Lyon", rephrasings: [] };
const iron = { prompt: "The chemical symbol of iron is", answer: "Zz", rephrasings: [] };

/** Sets how many bytes the page may keep from now on; undefined: as many as the browser gives. */
async function quotaOf(page: Page): Promise<(bytes?: number) => Promise<void>> {
  // Ends with its session.
  const session = await page.context().newCDPSession(page);
  return async (bytes) => {
    const origin = new URL(page.url()).origin;
    await session.send("Storage.overrideQuotaForOrigin", { origin, ...(bytes === undefined ? {} : { quotaSize: bytes }) });
  };
}

const status = (page: Page, text: RegExp) => region(page, "Projects").getByRole("status").filter({ hasText: text });

test("a disk that fills up loses nothing: what could not be saved is said, stays, and is saved once there is room", async ({ page }) => {
  const projects = region(page, "Projects");
  const unsaved = projects.getByRole("alert").filter({ hasText: "The last change is not saved" });
  const setQuota = await quotaOf(page);
  await openLab(page);
  await trainEdit(page, lyon);
  await expect(status(page, /^Saved$/)).toBeVisible();

  await test.step("a page that is opened on the full disk has all that was saved", async () => {
    await setQuota(1);
    await page.reload();
    await modelLoaded(page);
    await expect(region(page, "Edits").getByText("Lyon").first()).toBeVisible();
    await expect(status(page, /^Saved$/)).toBeVisible();
  });

  await test.step("the next edit finds no room", async () => {
    await trainEdit(page, iron);
    await expect(unsaved).toBeVisible();
    await expect(region(page, "Edits").getByText("Not saved")).toBeVisible();
    await expectAccessible(page, "disk-full");
    await takeScreens(page, "disk-full", async (path) => {
      await projects.evaluate((element) => element.scrollIntoView({ block: "center" }));
      await page.screenshot({ path: `${path}.png`, animations: "disabled" });
    });
  });

  let answered = "";
  await test.step("it is in use all the same, and can be taken along", async () => {
    await expect(region(page, "Edits").getByRole("listitem", { name: /^Edit \d+$/ })).toHaveCount(2);
    answered = await ask(page, iron.prompt);
    expect(answered).toMatch(/^Zz/);
    const downloading = page.waitForEvent("download");
    await unsaved.getByRole("button", { name: "Export what is here" }).click();
    expect((await downloading).suggestedFilename()).toMatch(/\.elder$/);
  });

  await test.step("while there is no room another try says the same", async () => {
    await unsaved.getByRole("button", { name: "Save again" }).click();
    await expect(unsaved).toBeVisible();
    await expect(unsaved.getByRole("button", { name: "Save again" })).toBeEnabled();
  });

  await test.step("with room again it is saved, and there after a reload", async () => {
    await setQuota();
    await unsaved.getByRole("button", { name: "Save again" }).click();
    await expect(status(page, /^Saved$/)).toBeVisible();
    await expect(unsaved).toBeHidden();
    await page.reload();
    await modelLoaded(page);
    await expect(region(page, "Edits").getByRole("listitem", { name: /^Edit \d+$/ })).toHaveCount(2);
    expect(await ask(page, iron.prompt)).toBe(answered);
  });
});

test("on a disk that is full from the beginning the first edit is kept in memory, and saved once there is room", async ({ page }) => {
  const setQuota = await quotaOf(page);
  await openLab(page);
  await setQuota(1);
  await trainEdit(page, lyon);
  await expect(status(page, /^Not saved$/)).toBeVisible();
  await setQuota();
  await button(page, "Save again").click();
  await expect(status(page, /^Saved$/)).toBeVisible();
  await expect(region(page, "Edits").getByText("Lyon").first()).toBeVisible();
  await page.reload();
  await modelLoaded(page);
  expect(await ask(page, lyon.prompt)).toContain("Lyon");
});
