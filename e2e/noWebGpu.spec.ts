import { expect, test } from "./fixtures.ts";

// Without --enable-unsafe-webgpu Chromium gives no adapter on a machine without a GPU.
const args = ["--no-sandbox", "--no-first-run", "--disable-background-networking", "--disable-gpu"];

test.use({ launchOptions: async ({ launchOptions }, provide) => provide({ ...launchOptions, args }) });

test("a page without an adapter says that it needs one, why, and what to do", async ({ page }) => {
  await page.goto("./");
  await expect(page.getByRole("heading", { name: "This page needs WebGPU" })).toBeVisible();
  await expect(page.getByRole("alert").getByText("This browser knows WebGPU, but found no GPU it may use.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "What you can do" })).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "chrome://flags/#enable-unsafe-webgpu" })).toBeVisible();
  await page.screenshot({ path: "artifacts/screenshots/no-webgpu-1440x900-light.png" });
});

test("a browser that has no WebGPU at all is told so", async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, "gpu", { get: () => undefined }));
  // The worker has a navigator of its own.
  await page.route(/assets\/.*[wW]orker.*\.js$/, async (route) => {
    const response = await route.fetch();
    const code = 'Object.defineProperty(WorkerNavigator.prototype, "gpu", { get: () => undefined });';
    await route.fulfill({ response, body: `${code}\n${await response.text()}` });
  });
  await page.goto("./");
  await expect(page.getByRole("heading", { name: "This page needs WebGPU" })).toBeVisible();
  await expect(page.getByRole("alert").getByText("This browser does not offer WebGPU to pages.")).toBeVisible();
});
