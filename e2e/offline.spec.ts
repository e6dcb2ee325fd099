import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { listKept, SERVICE_WORKER, withKept } from "../tools/bundle/keptFiles.ts";
import { root } from "../tools/lib/commands.mjs";
import { test as base, expect } from "./fixtures.ts";
import { answer, button, field, modelLoaded, trainEdit } from "./lab.ts";
import { serveFolder } from "./staticFolder.ts";
import type { StaticFolder } from "./staticFolder.ts";

const lyon = { prompt: "The capital of France is", answer: "Lyon", rephrasings: ["France's capital city is called"] };

/** A host with a copy of the build of its own. */
const test = base.extend<{ readonly folder: string; readonly host: StaticFolder }>({
  folder: async ({ browserName: _ }, provide) => {
    const folder = mkdtempSync(join(tmpdir(), "elder-lab-"));
    cpSync(join(root, "dist"), folder, { recursive: true });
    await provide(folder);
    rmSync(folder, { recursive: true });
  },
  host: async ({ folder }, provide) => {
    const host = await serveFolder(folder);
    await provide(host);
    await host.close();
  },
  baseURL: ({ host }, provide) => provide(host.address),
});
test.use({ serviceWorkers: "allow" });

const kept = (page: Page) => page.getByText("Works offline", { exact: true });

async function openKept(page: Page): Promise<void> {
  await page.goto("./");
  await modelLoaded(page);
  await expect(kept(page)).toBeVisible();
}

/** Writes another version of the page into the host's folder, as a new build would. */
function deploy(folder: string, title: string): void {
  const page = join(folder, "index.html");
  writeFileSync(page, readFileSync(page, "utf8").replace(/<title>.*<\/title>/, `<title>${title}</title>`));
  const worker = join(folder, SERVICE_WORKER);
  const code = readFileSync(worker, "utf8").replace(/^const KEPT_FILES=\[.*?\]\];/, "");
  writeFileSync(worker, withKept(code, listKept(folder)));
}

test("after one visit the page opens without network and host, and an edit works", async ({ page, context, host }) => {
  await openKept(page);
  const onceLoaded = host.asked.length;
  await button(page, "Compare").click();
  await expect(answer(page, "Edited model")).toContainText("Paris");
  expect(host.asked.slice(onceLoaded), "asked for after the load").toEqual([]);

  await context.setOffline(true);
  await host.close();
  await page.reload();
  await modelLoaded(page);
  await trainEdit(page, lyon);
  await expect(answer(page, "Base model")).toContainText("Paris");
  await expect(answer(page, "Edited model")).toContainText("Lyon");
});

test("the page can be installed: a manifest with icons that are there", async ({ page, host }) => {
  await page.goto("./");
  const address = await page.locator("link[rel=manifest]").getAttribute("href");
  const manifest = await (await page.request.get(`${host.address}${address ?? ""}`)).json();
  expect(manifest).toMatchObject({ start_url: "./", scope: "./", display: "standalone" });
  for (const { src, sizes, type } of manifest.icons) {
    const icon = await page.request.get(`${host.address}${src}`);
    expect(icon.headers()["content-type"]).toBe(type);
    if (type !== "image/png") continue;
    // A PNG's own width and height stand at the head of the file.
    const [width, height] = [(await icon.body()).readUInt32BE(16), (await icon.body()).readUInt32BE(20)];
    expect(`${width}x${height}`, src).toBe(sizes);
  }
  const purposes = manifest.icons.map(({ sizes, purpose }: Record<string, string>) => `${sizes} ${purpose ?? "any"}`);
  expect(purposes).toEqual(expect.arrayContaining(["192x192 any", "512x512 any", "512x512 maskable"]));
});

test("a new version waits until it is let in, and what was made comes along", async ({ page, folder, host }) => {
  await openKept(page);
  deploy(folder, "ELDER Lab, the next");
  const before = host.asked.length;
  await page.reload();
  const notice = page.getByText("A new version of this page is here");
  await expect(notice).toBeVisible();
  expect(await page.title()).toBe("ELDER Lab");
  await modelLoaded(page);
  const models = host.asked.slice(before).filter((path) => path.startsWith("/models/"));
  expect(models, "what did not change is not fetched again").toEqual([]);

  await trainEdit(page, lyon);
  await field(page, "New answer").fill("Bonn");
  await button(page, "Reload with the new version").click();
  await expect(page).toHaveTitle("ELDER Lab, the next");
  await expect(page.getByRole("listitem", { name: "Edit 1" }), "the edit is made anew").toBeVisible({ timeout: 120_000 });
  await expect(button(page, "Generate")).toBeEnabled();
  await expect(field(page, "New answer")).toHaveValue("Bonn");
  await button(page, "Generate").click();
  await expect(answer(page, "Edited model")).toContainText("Lyon");
  await expect(notice).toHaveCount(0);
});
