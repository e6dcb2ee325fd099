import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { answered, button, openLab, region, takeScreens } from "./lab.ts";

/** Compiling some ninety kernels takes a software adapter its time. */
const proofTimeout = 150_000;

const takePanel = (page: Page, story: string): Promise<void> =>
  takeScreens(page, story, async (path) => {
    await region(page, "Device")
      .getByText("Kernel proof")
      .evaluate((element) => element.scrollIntoView({ block: "center" }));
    await page.screenshot({ path: `${path}.png`, animations: "disabled" });
  });

test("every kernel in use proves itself once the page is ready, and each one's error can be read", async ({ page }) => {
  await openLab(page);
  const device = region(page, "Device");
  await test.step("what a person asks for does not wait for it", async () => {
    await button(page, "Generate").click();
    await expect(answered(page, "Edited model")).toBeVisible();
  });
  const summary = device.getByText(/(\d+) of \1 kernels agree; largest error [\d.]+e-\d+\./);
  await expect(summary).toBeVisible({ timeout: proofTimeout });
  await expect(device.getByRole("alert").filter({ hasText: "Results may be wrong" })).toHaveCount(0);

  await test.step("the table opens by keyboard and names every kernel with its tolerance", async () => {
    const details = device.getByText("Errors by kernel");
    await details.focus();
    await page.keyboard.press("Enter");
    const rows = device.getByRole("table").getByRole("row");
    const [proven = 0] = ((await summary.innerText()).match(/\d+/g) ?? []).map(Number);
    expect(await rows.count()).toBeGreaterThan(proven);
    await expect(rows.filter({ hasText: /^Norm/ }).first()).toContainText(/plain\s*\S*\d\s*2e-5/);
    await expect(device.getByText("disagrees")).toHaveCount(0);
  });
  await takePanel(page, "proof");

  await test.step("it can be run again, and stopped", async () => {
    await button(page, "Run again").click();
    await expect(device.getByText(/\d+ of \d+ kernels compared…/)).toBeVisible();
    await button(page, "Stop").click();
    await expect(button(page, "Run again")).toBeVisible();
    await expect(summary).toBeVisible();
  });
});

test("a driver at fault is named: what can be done without is, and the rest is said", async ({ page }) => {
  // A driver that adds up wrongly within subgroups, and one kernel that is wrong in any way it is compiled.
  await page.route(/\/worker-[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    const script = await response.text();
    const faulty = script
      .replace("subgroupAdd(value)", "1.5 * subgroupAdd(value)")
      .replace("x[at] * cosine - x[at + half] * sine", "x[at] * cosine + x[at + half] * sine");
    await route.fulfill({ response, body: faulty });
  });
  await openLab(page);
  const device = region(page, "Device");
  await expect(
    device.getByText(/Kernel .+ with subgroups is off by .+ \(tolerance 2e-5\): all kernels do without subgroups\./),
  ).toBeVisible({
    timeout: proofTimeout,
  });
  const problem = device.getByRole("alert").filter({ hasText: "Results may be wrong on this GPU" });
  await expect(problem).toContainText(/a kernel disagrees with the reference: Rope is off by \d.+ \(tolerance 2e-5\)/);
  await expect(page.getByRole("link", { name: "results may be wrong" })).toBeVisible();
  await device.getByText("Errors by kernel").click();
  await expect(device.getByRole("table").getByRole("row").nth(1)).toContainText("disagrees");
  await takePanel(page, "proof-fault");
  await expect(button(page, "Generate"), "the page stays usable").toBeEnabled();
});
