/** Chromium with WebGPU on its software adapter, and the build that it opens. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContext, LaunchOptions } from "@playwright/test";
import { EngineError } from "../../src/lib/errors.ts";
import { findChromium, quietArgs } from "../lib/chromium.mjs";
import type * as Preview from "../lib/preview.mjs";
import { installProbe } from "./pageProbe.ts";

/** Without these Chromium gives no GPU any more after its GPU process died a second time. */
const DESPITE_CRASHES = ["--disable-gpu-process-crash-limit", "--disable-domain-blocking-for-3d-apis"];
/** It would answer for files that a plant changes. */
const PAGES = { viewport: { width: 1440, height: 900 }, locale: "en-US", serviceWorkers: "block" } as const;

export interface Served {
  readonly address: string;
  close(): Promise<void>;
}

/** Serves dist with the headers of docs/security.md. @throws EngineError where nothing is built */
export async function serveBuild(): Promise<Served> {
  if (!existsSync("dist/index.html")) {
    throw new EngineError("bad-settings", "Got no build in dist, expected the page's.", "Run `npx vite build` first.");
  }
  // Beside this program, not in its bundle: it finds the project by its own place.
  const file = pathToFileURL(resolve("tools/lib/preview.mjs")).href;
  const { servePreview } = (await import(/* @vite-ignore */ file)) as typeof Preview;
  return servePreview(0, "/");
}

function launchOptions(): LaunchOptions {
  const executablePath = findChromium();
  return { args: [...quietArgs, ...DESPITE_CRASHES], ...(executablePath === undefined ? {} : { executablePath }) };
}

/** A browser whose GPU process may die as often as it likes, with a window of its own. */
export async function openBrowser(): Promise<{ readonly browser: Browser; readonly context: BrowserContext }> {
  const { chromium } = await import("@playwright/test");
  const browser = await chromium.launch(launchOptions());
  const context = await browser.newContext(PAGES);
  await prepare(context);
  return { browser, context };
}

export interface ProfileBrowser {
  readonly context: BrowserContext;
  /** SIGKILL: nothing in it gets to finish anything. */
  kill(): Promise<void>;
}

/** A browser on a profile that outlives it. @param folder empty the first time */
export async function openProfile(folder: string): Promise<ProfileBrowser> {
  const { chromium } = await import("@playwright/test");
  const context = await chromium.launchPersistentContext(folder, { ...launchOptions(), ...PAGES });
  await prepare(context);
  const session = await context.browser()?.newBrowserCDPSession();
  const { processInfo = [] } = (await session?.send("SystemInfo.getProcessInfo")) ?? {};
  const main = processInfo.find(({ type }) => type === "browser")?.id;
  if (main === undefined) throw new Error("This Chromium does not tell its process; set CHROME_PATH to another.");
  return {
    context,
    async kill() {
      const gone = new Promise((done) => context.once("close", done));
      process.kill(main, "SIGKILL");
      await gone;
    },
  };
}

async function prepare(context: BrowserContext): Promise<void> {
  await context.addInitScript(installProbe);
  // The browser's own question before a page is left.
  context.on("dialog", (dialog) => void dialog.accept().catch(() => {}));
}

/** Puts lines before the engine's own script, on every page. */
export async function beginEngineWith(context: BrowserContext, lines: string): Promise<void> {
  await context.route(ENGINE_SCRIPT, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${lines}\n${await response.text()}` });
  });
}

/** Address of the engine's worker in a build. */
export const ENGINE_SCRIPT = /\/worker-[^/]*\.js$/;
