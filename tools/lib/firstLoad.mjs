// What a first visit costs, read from a page that was opened with an empty cache.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { root } from "./commands.mjs";

/** Gzipped bytes of script that a page may ask for before it answers to people. */
export const SCRIPT_BUDGET = 300_000;
/** First contentful paint in milliseconds, as a median of visits. */
export const PAINT_BUDGET = 1000;

/**
 * Scripts whose requests began before the page was interactive, packed as a host would send them. The page marks that moment itself, after
 * its first picture (src/app/openPage.ts): its static imports come before it and everything loaded on demand after it, whatever the machine.
 * @param {import("@playwright/test").Page} page
 * @returns {Promise<{ file: string, bytes: number }[]>}
 */
export async function scriptsBeforeInteractive(page) {
  await page.waitForFunction(() => performance.getEntriesByName("interactive").length > 0);
  const asked = await page.evaluate(() => {
    const interactive = performance.getEntriesByName("interactive")[0]?.startTime ?? Number.NaN;
    const entries = performance.getEntriesByType("resource").filter(({ startTime }) => startTime < interactive);
    return entries.map(({ name }) => new URL(name).pathname).filter((path) => path.endsWith(".js"));
  });
  const base = new URL(page.url()).pathname;
  return asked.map((path) => {
    const file = path.slice(base.length);
    return { file, bytes: gzipSync(readFileSync(join(root, "dist", file)), { level: 9 }).length };
  });
}

/**
 * @param {import("@playwright/test").Page} page
 * @returns {Promise<number>} milliseconds from the navigation
 */
export function firstContentfulPaint(page) {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const observer = new PerformanceObserver((list) => {
          const paint = list.getEntriesByName("first-contentful-paint")[0];
          if (paint) resolve(paint.startTime);
        });
        observer.observe({ type: "paint", buffered: true });
      }),
  );
}
