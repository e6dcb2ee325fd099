import { SCRIPT_BUDGET, scriptsBeforeInteractive } from "../tools/lib/firstLoad.mjs";
import { expect, test } from "./fixtures.ts";
import { modelLoaded, region } from "./lab.ts";

test("the first picture takes little script; the engine, the charts and other languages come when they are needed", async ({ page }) => {
  await page.goto("./");
  const scripts = await scriptsBeforeInteractive(page);
  const bytes = scripts.reduce((sum, script) => sum + script.bytes, 0);
  console.log(`script before interaction: ${bytes} bytes gzipped, of ${SCRIPT_BUDGET}`);
  expect(scripts.length).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(SCRIPT_BUDGET);
  const names = scripts.map(({ file }) => file).join("\n");
  expect(names).not.toMatch(/\/(?:worker|packWorker|LineChart|SeriesPlot|CurvesPlot|EvaluationResults|BenchPage|de)-/);
});

test("charts take their place without moving anything", async ({ page }) => {
  await page.goto("./");
  await expect(region(page, "Recorded run")).toBeVisible();
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  const chart = region(page, "Edit").getByRole("img", { name: /LM loss from/ });
  await expect(chart).toBeVisible();
  const before = await chart.boundingBox();
  await expect(chart.locator("path.recharts-line-curve")).toHaveCount(1);
  expect(await chart.boundingBox()).toEqual(before);
});

test("once everything is there nothing more is asked of the network, and the header says so", async ({ page }) => {
  const asked: string[] = [];
  await page.goto("./");
  await modelLoaded(page);
  const requests = page.getByRole("group", { name: "What this page costs" }).locator(".stat").filter({ hasText: "Requests" });
  await expect(requests.locator("dd")).toHaveText("0");
  page.on("request", (request) => asked.push(request.url()));
  await page.getByRole("button", { name: "Compare", exact: true }).click();
  await expect(page.getByRole("group", { name: "Edited model" }).getByText("Ended by")).toBeVisible();
  await page.getByRole("button", { name: "Set up an evaluation" }).click();
  // The one file that is asked for when it is wanted: the edits to evaluate with. The figure counts it.
  await expect.poll(() => asked.map((url) => new URL(url).pathname)).toEqual(["/edits/atlas.json"]);
  await expect(requests.locator("dd")).toHaveText("1");
});
