import { defineConfig } from "@playwright/test";
import { findChromium, quietArgs } from "./tools/lib/chromium.mjs";

const executablePath = findChromium();

export default defineConfig({
  testDir: "e2e",
  outputDir: "artifacts/e2e",
  // The software adapter uses every core: one story at a time, and each step may take its time.
  workers: 1,
  timeout: 240_000,
  expect: { timeout: 60_000 },
  forbidOnly: process.env["CI"] !== undefined,
  reporter: [["list"], ["json", { outputFile: process.env["PLAYWRIGHT_JSON_OUTPUT_FILE"] ?? "artifacts/reports/e2e.json" }]],
  use: {
    viewport: { width: 1440, height: 900 },
    // It would answer requests that stories look at and hold up.
    serviceWorkers: "block",
    screenshot: "only-on-failure",
    launchOptions: { args: [...quietArgs], ...(executablePath === undefined ? {} : { executablePath }) },
  },
});
