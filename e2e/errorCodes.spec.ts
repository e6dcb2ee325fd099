// Every error that the engine knows is read in the page: what it said, what to do, and in German what happened (goal 12 of the reliability table).
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { de } from "../src/texts/de/index.ts";
import type { ErrorCode } from "../src/lib/errors.ts";
import { root } from "../tools/lib/commands.mjs";
import { expect, test } from "./fixtures.ts";

test.use({ locale: "de" });

/** From the type itself: a code that is added is asked for here at once. */
function errorCodes(): ErrorCode[] {
  const source = readFileSync(join(root, "src/lib/errors.ts"), "utf8");
  const [, union = ""] = /export type ErrorCode =([^;]*);/.exec(source) ?? [];
  return [...union.matchAll(/"([a-z-]+)"/g)].map(([, code]) => code as ErrorCode);
}

/** The device cannot be made, for the reason that the address names. */
const failing = `
const code = CODE;
onmessage = ({ data: { id, kind } }) => {
  if (kind === "cancel" || kind === "pause" || kind === "resume") return;
  postMessage({ id, kind: "error", error: { code, message: "What failed: " + code + ".", hint: "What to do: " + code + "." } });
};`;

async function openFailing(page: Page, code: ErrorCode): Promise<void> {
  await page.unroute(/assets\/worker.*\.js$/);
  await page.route(/assets\/worker.*\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: failing.replace("CODE", JSON.stringify(code)) });
  });
  await page.goto("./");
}

test("each is told in the page's language and in the engine's own words", async ({ page, complaints }) => {
  const codes = errorCodes();
  expect(codes.length).toBeGreaterThan(40);
  const unread: string[] = [];
  for (const code of codes.filter((each) => each !== "cancelled")) {
    await openFailing(page, code);
    const message = page.getByText(`What failed: ${code}.`).first();
    await expect(message).toBeAttached();
    // Where a screen has words of its own, the engine's are under its details.
    await page.evaluate(() => document.querySelectorAll("details").forEach((each) => (each.open = true)));
    const hint = page.getByText(`What to do: ${code}.`).first();
    const own = ["no-webgpu", "no-adapter"].includes(code) ? page.getByRole("alert") : page.getByText(de.problems.lead(code)).first();
    for (const part of [message, hint, own]) if (!(await part.isVisible())) unread.push(code);
  }
  expect(unread).toEqual([]);
  // A person's own wish is no error: nothing is said.
  await openFailing(page, "cancelled");
  await expect(page.getByText("What failed")).toHaveCount(0);
  console.log(`${codes.length} codes of errors, ${unread.length} that the page does not tell`);
  expect(complaints.said.filter((line) => line.startsWith("uncaught"))).toEqual([]);
});
