import { expectAccessible } from "./accessible.ts";
import { expect, test } from "./fixtures.ts";
import { crashGpu, gpuIsBack, openLab, region, trainEdit } from "./lab.ts";

test("where the browser gives no GPU any more the page says so, and what was written can be taken along", async ({
  page,
  browser,
  complaints,
}) => {
  complaints.allow(/GPU|WebGPU|context/i);
  await openLab(page);
  await trainEdit(page, { prompt: "The capital of France is", answer: "Lyon", rephrasings: [] });
  await crashGpu(browser);
  await gpuIsBack(page);
  await crashGpu(browser);
  const lost = page.getByRole("alert").filter({ hasText: "The GPU was lost" });
  await expect(lost.getByRole("button", { name: "Try again" })).toBeVisible();
  await expect(region(page, "Edits").getByText("Lyon").first()).toBeVisible();
  const downloading = page.waitForEvent("download");
  await lost.getByRole("button", { name: "Export what is here" }).click();
  expect((await downloading).suggestedFilename()).toMatch(/^atlas .*\.elder$/);
  await expectAccessible(page, "lost");
});
