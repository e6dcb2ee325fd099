import { test as base, expect } from "@playwright/test";
import type { BrowserContext } from "@playwright/test";
import { servePreview } from "../tools/lib/preview.mjs";

/** What a page said that nobody asked for. */
export interface Complaints {
  /** Everything so far, expected or not. */
  readonly said: readonly string[];
  /** Expects messages that match, in this test only. */
  allow(pattern: RegExp): void;
}

interface Tests {
  readonly complaints: Complaints;
  /** Path that the build is served under. */
  readonly base: string;
}

/** Serves the production build to one test and gives its address. */
async function serveBuild(path: string, provide: (address: string) => Promise<void>): Promise<void> {
  const { address, close } = await servePreview(0, path);
  await provide(address);
  await close();
}

/** In the page: what its worker tells of errors that no call owns. Chromium's console has nothing of those on the GPU. */
function reportWorkers(): void {
  const Plain = globalThis.Worker;
  globalThis.Worker = class extends Plain {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      this.addEventListener("message", ({ data }: MessageEvent<{ notice?: { kind: string; error?: { message: string } } }>) => {
        if (data.notice?.kind === "gpu-error") console.error(`uncaptured: ${data.notice.error?.message ?? ""}`);
      });
    }
  };
}

/** All pages of a profile and their workers; the console has what the policy refused as well. */
function watch(context: BrowserContext, origin: string, say: (line: string) => void): void {
  void context.addInitScript(reportWorkers);
  context.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) say(`console ${message.type()}: ${message.text()}`);
  });
  context.on("weberror", (thrown) => say(`uncaught: ${thrown.error().message}`));
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && !["blob:", "data:"].includes(url.protocol)) say(`request to another origin: ${url.href}`);
  });
  context.on("dialog", (dialog) => {
    // The browser's own question before a page is left.
    if (dialog.type() === "beforeunload") return void dialog.accept();
    say(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
}

/** Every test runs on the production build, and fails on console errors, uncaught errors, dialogs and requests to other origins. */
export const test = base.extend<Tests>({
  base: ["/", { option: true }],
  baseURL: ({ base: path }, provide) => serveBuild(path, provide),
  complaints: [
    async ({ browser, context, baseURL }, provide) => {
      const said: string[] = [];
      // The page asks for its service worker; only stories of it let it in (playwright.config.ts).
      const allowed: RegExp[] = [/Service Worker registration blocked by Playwright/];
      const follow = (each: BrowserContext): void => watch(each, new URL(baseURL ?? "").origin, (line) => void said.push(line));
      follow(context);
      browser.on("context", follow);
      await provide({ said, allow: (pattern) => void allowed.push(pattern) });
      browser.off("context", follow);
      expect(said.filter((line) => !allowed.some((pattern) => pattern.test(line)))).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
