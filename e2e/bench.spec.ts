import { expect, test } from "./fixtures.ts";

test("the benchmark's page measures by keyboard, names the adapter, and stops", async ({ page }) => {
  await page.goto("?bench");
  await expect(page.getByRole("heading", { name: "Benchmark" })).toBeVisible();
  const start = page.getByRole("button", { name: "Measure" });
  await start.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText(/^On .*swiftshader.*, in Chrome/i)).toBeVisible();
  await expect(page.getByRole("alert")).toContainText("software adapter: times say little about a GPU");
  const progress = page.getByRole("progressbar", { name: "Progress" });
  await expect(progress).toBeVisible();
  // The first comparison: fused against stock ops, with its counts.
  const row = page.getByRole("row", { name: /forward, T = 1/ }).first();
  await expect(row).toContainText("not judged on a software adapter");
  await expect(page.getByRole("button", { name: "Download JSON" })).toBeDisabled();
  await page.getByRole("button", { name: "Stop" }).focus();
  await page.keyboard.press("Space");
  await expect(page.getByRole("status")).toHaveText("Stopped before the end.");
  await expect(progress).toBeHidden();
  await expect(row).toBeVisible();
  await page.screenshot({ path: "artifacts/screenshots/bench.png", fullPage: true });
});
