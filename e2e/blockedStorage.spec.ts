import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { expectAccessible } from "./accessible.ts";
import { expect, test } from "./fixtures.ts";
import { ask, region, trainEdit } from "./lab.ts";

test("where the browser blocks site data the page works, says that nothing is kept, and gives a file", async ({
  launchOptions,
  baseURL,
}, info) => {
  const profile = info.outputPath("profile");
  mkdirSync(join(profile, "Default"), { recursive: true });
  // Chromium's setting "block all cookies": localStorage, files, locks and caches are refused.
  const settings = { profile: { default_content_setting_values: { cookies: 2 } } };
  writeFileSync(join(profile, "Default/Preferences"), JSON.stringify(settings));
  const { args = [], executablePath } = launchOptions;
  const context = await chromium.launchPersistentContext(profile, { args, ...(executablePath === undefined ? {} : { executablePath }) });
  try {
    const page = await context.newPage();
    const faults: string[] = [];
    page.on("pageerror", ({ message }) => faults.push(message));
    await page.goto(baseURL ?? "");
    await expect(region(page, "Projects").getByText("Nothing is kept here")).toBeVisible({ timeout: 120_000 });
    await expect(page.locator("button:enabled", { hasText: /^Generate$/ })).toBeVisible({ timeout: 120_000 });
    await trainEdit(page, { prompt: "The capital of France is", answer: "Lyon", rephrasings: [] });
    await expect(region(page, "Edits").getByText("Not saved")).toBeVisible();
    const answered = await ask(page, "The capital of France is");
    const downloading = page.waitForEvent("download");
    await region(page, "Projects").getByRole("button", { name: "Export what is here" }).click();
    const path = await (await downloading).path();
    await expectAccessible(page, "storage-blocked");
    await page.reload();
    await expect(page.locator("button:enabled", { hasText: /^Generate$/ })).toBeVisible({ timeout: 120_000 });
    await expect(region(page, "Edits").getByText("Lyon")).toHaveCount(0);
    await region(page, "Projects").getByLabel("Import a project…").setInputFiles(path);
    await expect(region(page, "Edits").getByText("Lyon").first()).toBeVisible();
    expect(await ask(page, "The capital of France is")).toBe(answered);
    expect(faults).toEqual([]);
  } finally {
    await context.close();
  }
});
