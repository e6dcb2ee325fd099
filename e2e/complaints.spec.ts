// What every story fails on is really noticed: each kind of fault is planted once, in the page and in its worker.
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";

/** Runs first in the engine's worker. */
async function plantInWorker(page: Page, code: string): Promise<void> {
  await page.route(/assets\/worker.*\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${code}\n${await response.text()}` });
  });
}

/** The worker is under the policy that came with its script. */
const evaluates = `
addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => console.error("the policy refused " + effectiveDirective + " " + blockedURI));
try { (0, eval)("1"); console.error("planted code ran") } catch {}`;
const invalidBuffer = `
const { requestDevice } = GPUAdapter.prototype;
GPUAdapter.prototype.requestDevice = async function (...args) {
  const device = await requestDevice.apply(this, args);
  setTimeout(() => device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE, label: "planted" }), 100);
  return device;
};`;

test("faults of a page are noticed", async ({ page, browser, complaints }) => {
  complaints.allow(/planted|outside\.test|net::ERR/);
  await page.goto("./");
  const fresh = await (await browser.newContext()).newPage();
  await fresh.goto(page.url());
  for (const each of [page, fresh]) {
    await each.evaluate(() => {
      console.error("planted error");
      console.warn("planted warning");
      void Promise.reject(new Error("planted rejection"));
      setTimeout(() => {
        throw new Error("planted throw");
      });
      alert("planted dialog");
    });
  }
  await page.evaluate(() => fetch("https://outside.test/planted").catch(() => undefined));
  const planted = [
    "console error: planted error",
    "console warning: planted warning",
    "uncaught: planted rejection",
    "uncaught: planted throw",
    "dialog: planted dialog",
  ];
  for (const line of planted) await expect.poll(() => complaints.said.filter((each) => each === line)).toHaveLength(2);
  await expect.poll(() => complaints.said).toContain("request to another origin: https://outside.test/planted");
  await fresh.context().close();
});

test("faults of the engine's worker are noticed", async ({ page, complaints }) => {
  complaints.allow(/planted|MapRead|policy refused|Content Security/i);
  await plantInWorker(
    page,
    `console.error("planted error"); void Promise.reject(new Error("planted rejection")); ${evaluates} ${invalidBuffer}`,
  );
  await page.goto("./");
  await expect(page.getByText("The GPU reported errors")).toBeVisible({ timeout: 120_000 });
  await expect.poll(() => complaints.said).toContain("console error: planted error");
  for (const pattern of [/planted rejection/, /MapRead/, /the policy refused/])
    await expect.poll(() => complaints.said.filter((line) => pattern.test(line)), String(pattern)).not.toEqual([]);
  expect(complaints.said.filter((line) => line.includes("planted code ran"))).toEqual([]);
});
