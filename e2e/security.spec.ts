// The policy of docs/security.md, on the production build: what it must not break, and what it must stop.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { metaPolicy, securityHeaders } from "../tools/bundle/policy.mjs";
import { root } from "../tools/lib/commands.mjs";
import { expect, test } from "./fixtures.ts";
import { intrusions, watchIntrusions } from "./intrusion.ts";
import { answer, button, modelLoaded, openLab, region, trainEdit } from "./lab.ts";
import { serveFolder } from "./staticFolder.ts";

const lyon = { prompt: "The capital of France is", answer: "Lyon", rephrasings: ["France's capital city is called"] };

/** Takes every chart on show away as a picture, drawn from its SVG. */
async function savePictures(page: Page): Promise<void> {
  const menus = await page.getByRole("combobox", { name: "Export…" }).all();
  expect(menus.length).toBeGreaterThan(1);
  for (const menu of menus) {
    const downloading = page.waitForEvent("download");
    await menu.selectOption({ label: "PNG picture" });
    expect((await downloading).suggestedFilename()).toMatch(/\.png$/);
  }
}

test("every answer of the server carries the headers, those of scripts and missing files too", async ({ page, baseURL }) => {
  const scripts: string[] = [];
  page.on("request", (request) => void (request.resourceType() === "script" && scripts.push(request.url())));
  await openLab(page);
  const worker = scripts.find((address) => /assets\/worker-/.test(address));
  expect(worker).toBeDefined();
  const files = ["", "serviceWorker.js", "models/atlas/int8/manifest.json", "manifest.webmanifest"].map(
    (path) => `${baseURL ?? ""}${path}`,
  );
  for (const address of [...files, worker ?? "", `${baseURL ?? ""}nothing-here`]) {
    const headers = (await page.request.get(address)).headers();
    for (const [name, value] of Object.entries(securityHeaders)) expect(headers[name.toLowerCase()], `${name} of ${address}`).toBe(value);
  }
});

test("the page at work does nothing that its policy refuses", async ({ page, complaints }) => {
  await watchIntrusions(page);
  await openLab(page);
  await trainEdit(page, lyon);
  await expect(answer(page, "Edited model")).toContainText("Lyon");
  await test.step("sharing, charts, the microscope, an evaluation, a lesson with its formulas", async () => {
    await button(page, "Share…").click();
    await expect(page.getByRole("img", { name: /^QR code/ })).toBeVisible();
    await page.keyboard.press("Escape");
    await savePictures(page);
    await button(page, "Set up an evaluation").click();
    await expect(region(page, "Evaluation").getByText("Atlas facts (atlas.json)")).toBeVisible();
    await button(page, "Learn").click();
    await button(page, "Begin “One edit”").click();
    await expect(page.locator(".live-formula math").first()).toBeVisible();
  });
  expect(await intrusions(page)).toEqual([]);
  expect(complaints.said.filter((line) => /Content Security|Trusted/i.test(line))).toEqual([]);
});

test("what is put into the page from outside does not run", async ({ page, complaints }) => {
  complaints.allow(/Content Security Policy|Trusted ?(?:Types|HTML|Script)|violates the following|eval|Refused/i);
  await watchIntrusions(page);
  await page.goto("./");
  const tried = await page.evaluate(async () => {
    const attempt = (act: () => unknown): string => {
      try {
        act();
        return "went through";
      } catch (thrown) {
        return thrown instanceof Error ? thrown.name : "thrown";
      }
    };
    const box = document.body.appendChild(document.createElement("div"));
    const inline = (): void => {
      const script = document.createElement("script");
      script.append("globalThis.__pwned = 1");
      document.body.append(script);
    };
    // Not by its name, which linters refuse, and not in this call, where the browser's own tools may.
    const evaluate = (): unknown => (Reflect.get(globalThis, "eval") as (code: string) => unknown)("globalThis.__pwned = 1");
    return {
      evaluated: await new Promise<string>((resolve) => setTimeout(() => resolve(attempt(evaluate)))),
      innerHTML: attempt(() => (box.innerHTML = "<img src=x onerror='__pwned = 1'>")),
      insertAdjacentHTML: attempt(() => box.insertAdjacentHTML("beforeend", "<b>bold</b>")),
      documentWrite: attempt(() => document.write("<b>bold</b>")),
      scriptText: attempt(inline),
      scriptFrom: attempt(() => (document.createElement("script").src = "https://outside.test/a.js")),
      worker: attempt(() => new Worker("data:text/javascript,0")),
      handler: attempt(() => (box.setAttribute("onclick", "globalThis.__pwned = 1"), box.click())),
      policies: attempt(() =>
        (globalThis as unknown as { trustedTypes: { createPolicy(name: string, rules: object): void } }).trustedTypes.createPolicy(
          "mine",
          {},
        ),
      ),
    };
  });
  const refused = (name: string): void => expect(tried, name).toHaveProperty(name, expect.stringMatching(/Error$/));
  for (const name of ["innerHTML", "insertAdjacentHTML", "documentWrite", "scriptFrom", "worker", "evaluated", "policies"]) refused(name);
  expect(await page.evaluate(() => "__pwned" in globalThis)).toBe(false);
  expect(await intrusions(page), "and it is noticed").not.toEqual([]);
});

/** A page of another origin with the lab in a frame. */
async function frameIt(address: string): Promise<{ readonly address: string; close(): void }> {
  const server = createServer((_, response) => {
    response
      .writeHead(200, { "content-type": "text/html" })
      .end(`<!doctype html><iframe src="${address}" width="900" height="600"></iframe>`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `http://localhost:${(server.address() as AddressInfo).port}/`, close: () => void server.close() };
}

test("another site cannot show the page in a frame: by the header, and without one by the page itself", async ({
  page,
  baseURL,
  complaints,
}) => {
  complaints.allow(/request to another origin: http:\/\/(?:localhost|127\.0\.0\.1)|frame-ancestors|Refused to frame|favicon|404/);
  const framed = await frameIt(baseURL ?? "");
  await page.goto(framed.address);
  await expect.poll(() => complaints.said.some((line) => /frame-ancestors/.test(line))).toBe(true);
  await expect(page.frameLocator("iframe").locator("#root")).toHaveCount(0);
  framed.close();

  const plain = await serveFolder(join(root, "dist"));
  const shown = await frameIt(plain.address);
  await page.goto(shown.address);
  const inside = page.frameLocator("iframe");
  await expect(inside.getByText("This page does not run inside another one")).toBeVisible();
  await expect(inside.getByRole("button", { name: "Generate" })).toHaveCount(0);
  expect(plain.asked.filter((path) => path.startsWith("/models/"))).toEqual([]);
  await page.goto(plain.address);
  await modelLoaded(page);
  expect(await page.locator("meta[http-equiv=Content-Security-Policy]").getAttribute("content")).toBe(metaPolicy);
  shown.close();
  await plain.close();
});

test.describe("kept for offline use", () => {
  test.use({ serviceWorkers: "allow" });
  test("the page comes back with its headers", async ({ page }) => {
    await page.goto("./");
    await expect(page.getByText("Works offline", { exact: true })).toBeVisible({ timeout: 120_000 });
    const again = await page.reload();
    expect(again?.fromServiceWorker()).toBe(true);
    expect(again?.headers()["content-security-policy"]).toBe(securityHeaders["Content-Security-Policy"]);
    await modelLoaded(page);
  });
});
