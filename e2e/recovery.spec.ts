import { expectAccessible } from "./accessible.ts";
import { expect, test } from "./fixtures.ts";
import { ask, button, openLab, region, trainEdit } from "./lab.ts";

const lyon = { prompt: "The capital of France is", answer: "Lyon", rephrasings: [] };

// Without these Chromium gives a page no more WebGPU after its GPU process died twice.
const more = ["--disable-gpu-process-crash-limit", "--disable-domain-blocking-for-3d-apis"];
test.use({
  launchOptions: async ({ launchOptions }, provide) => provide({ ...launchOptions, args: [...(launchOptions.args ?? []), ...more] }),
});

test("a GPU process that dies takes nothing with it", async ({ page, browser, complaints }) => {
  complaints.allow(/lost|GPU|WebGPU|context/i);
  await openLab(page);
  await trainEdit(page, lyon);
  const answered = await ask(page, lyon.prompt);
  const session = await browser.newBrowserCDPSession();
  await session.send("Browser.crashGpuProcess");
  await expect(page.getByText("The GPU was lost and is back: model and edits are as they were after the last change.")).toBeVisible();
  await expect(button(page, "Generate")).toBeEnabled();
  expect(await ask(page, lyon.prompt)).toBe(answered);
  await expect(
    region(page, "Projects")
      .getByRole("status")
      .filter({ hasText: /^Saved$/ }),
  ).toBeVisible();
  await expectAccessible(page, "recovered");
  // Once more right away: now it is the person's to ask.
  await session.send("Browser.crashGpuProcess");
  await expect(page.getByRole("alert").filter({ hasText: "The GPU was lost" })).toBeVisible();
  await expectAccessible(page, "lost");
  await button(page, "Try again").click();
  await expect(button(page, "Generate")).toBeEnabled();
  expect(await ask(page, lyon.prompt)).toBe(answered);
});
