import { expect, test } from "./fixtures.ts";
import { ask, button, modelLoaded, region } from "./lab.ts";

const shard = "shard-0001.bin";
const manifest = "**/models/atlas/int8/manifest.json";

test("a shard that fails its hash is refused with its name, and loading again works", async ({ page }) => {
  await page.route(`**/models/atlas/int8/${shard}`, async (route) => {
    const response = await route.fetch();
    const body = await response.body();
    body[Math.floor(body.length / 2)] = (body[Math.floor(body.length / 2)] ?? 0) ^ 1;
    await route.fulfill({ response, body });
  });
  await page.goto("./");
  const alert = page.getByRole("alert").filter({ hasText: "The model could not be loaded" });
  await expect(alert).toContainText(/SHA-256|hash/i);
  await expect(alert).toContainText(shard);
  await expect(button(page, "Generate"), "the recording stays").toHaveCount(0);

  await page.unroute(`**/models/atlas/int8/${shard}`);
  await alert.getByRole("button").click();
  await modelLoaded(page);
  expect(await ask(page, "The capital of France is")).toMatch(/\bParis\b/);
});

test("a truncated manifest is refused with a clear message", async ({ page }) => {
  await page.route(manifest, async (route) => {
    const response = await route.fetch();
    const text = await response.text();
    await route.fulfill({ response, body: text.slice(0, text.length / 2) });
  });
  await page.goto("./");
  await expect(page.getByRole("alert").filter({ hasText: "The model could not be loaded" })).toContainText(/manifest/i);
  await expect(region(page, "Model")).toBeVisible();
});

test("a model that is not there is said to be missing", async ({ page, complaints }) => {
  // The browser itself reports the 404.
  complaints.allow(/Failed to load resource.*404/);
  await page.route(manifest, (route) => route.fulfill({ status: 404, body: "Not found." }));
  await page.goto("./");
  await expect(page.getByRole("alert").filter({ hasText: "The model could not be loaded" })).toContainText(/404|not found/i);
});
