import { test as base, expect } from "@playwright/test";
import { servePreview } from "../tools/lib/preview.mjs";

/** What a page said that nobody asked for. */
export interface Complaints {
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

/** Every test runs on the production build, and fails on console errors, uncaught errors and requests to other origins. */
export const test = base.extend<Tests>({
  base: ["/", { option: true }],
  baseURL: ({ base: path }, provide) => serveBuild(path, provide),
  complaints: [
    async ({ page, baseURL }, provide) => {
      const said: string[] = [];
      // The page asks for its service worker; only stories of it let it in (playwright.config.ts).
      const allowed: RegExp[] = [/Service Worker registration blocked by Playwright/];
      const origin = new URL(baseURL ?? "").origin;
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) said.push(`console ${message.type()}: ${message.text()}`);
      });
      page.on("pageerror", (error) => said.push(`uncaught: ${error.message}`));
      page.on("request", (request) => {
        const url = new URL(request.url());
        if (url.origin !== origin && !["blob:", "data:"].includes(url.protocol)) said.push(`request to another origin: ${url.href}`);
      });
      await provide({ allow: (pattern) => void allowed.push(pattern) });
      expect(said.filter((line) => !allowed.some((pattern) => pattern.test(line)))).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
