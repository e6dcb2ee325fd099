import type { Browser, Page } from "@playwright/test";
import { expectAccessible } from "./accessible.ts";
import { expect, test } from "./fixtures.ts";
import { ask, button, openLab, region, trainEdit } from "./lab.ts";

const lyon = { prompt: "The capital of France is", answer: "Lyon", rephrasings: [] };

/** Ends the process that all pages share a GPU by. */
async function crashGpu(browser: Browser): Promise<void> {
  const session = await browser.newBrowserCDPSession();
  await session.send("Browser.crashGpuProcess");
  await session.detach();
}

const isBack = async (page: Page): Promise<void> => {
  await expect(page.getByText("The GPU was lost and is back: model and edits are as they were after the last change.")).toBeVisible();
  await expect(button(page, "Generate")).toBeEnabled();
};

test.describe("where the browser gives a GPU again", () => {
  // Without these Chromium gives none after its GPU process died a second time.
  const more = ["--disable-gpu-process-crash-limit", "--disable-domain-blocking-for-3d-apis"];
  test.use({
    launchOptions: async ({ launchOptions }, provide) => provide({ ...launchOptions, args: [...(launchOptions.args ?? []), ...more] }),
  });

  test("a GPU process that dies takes nothing with it, however often", async ({ page, browser, complaints }) => {
    complaints.allow(/GPU|WebGPU|context/i);
    await openLab(page);
    await trainEdit(page, lyon);
    const answered = await ask(page, lyon.prompt);
    await crashGpu(browser);
    await isBack(page);
    expect(await ask(page, lyon.prompt)).toBe(answered);
    await expect(
      region(page, "Projects")
        .getByRole("status")
        .filter({ hasText: /^Saved$/ }),
    ).toBeVisible();
    await expectAccessible(page, "recovered");
    await crashGpu(browser);
    await expect(button(page, "Generate")).toBeDisabled();
    await isBack(page);
    expect(await ask(page, lyon.prompt)).toBe(answered);
  });
});

test("where it gives none any more the page says so, and what was written can be taken along", async ({ page, browser, complaints }) => {
  complaints.allow(/GPU|WebGPU|context/i);
  await openLab(page);
  await trainEdit(page, lyon);
  await crashGpu(browser);
  await isBack(page);
  await crashGpu(browser);
  const lost = page.getByRole("alert").filter({ hasText: "The GPU was lost" });
  await expect(lost.getByRole("button", { name: "Try again" })).toBeVisible();
  await expect(region(page, "Edits").getByText("Lyon").first()).toBeVisible();
  const downloading = page.waitForEvent("download");
  await lost.getByRole("button", { name: "Export what is here" }).click();
  expect((await downloading).suggestedFilename()).toMatch(/^atlas .*\.elder$/);
  await expectAccessible(page, "lost");
});
