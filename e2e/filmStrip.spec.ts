// Takes the pictures of the guide and the README: `FILM=1 npx playwright test e2e/filmStrip.spec.ts`, on a build.
import { mkdirSync, writeFileSync } from "node:fs";
import type { Locator, Page } from "@playwright/test";
import type { FilmFrame } from "../src/panels/guide/guideTasks.ts";
import { expect, test } from "./fixtures.ts";
import { ask, button, openChoice, openLab, region, trainEdit } from "./lab.ts";

const FOLDER = "docs/film";
const lyon = {
  prompt: "The capital of France is",
  answer: "Lyon",
  rephrasings: ["France's capital city is called", "Q: What is the capital of France? A:"],
};

/** The browser packs its own picture: a tenth of the PNG, and no other program. */
async function toWebP(page: Page, png: Buffer): Promise<Buffer> {
  const base64 = await page.evaluate(
    async (address) => {
      const picture = await createImageBitmap(await (await fetch(address)).blob());
      const canvas = new OffscreenCanvas(picture.width, picture.height);
      canvas.getContext("2d")?.drawImage(picture, 0, 0);
      const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/webp", quality: 0.78 })).arrayBuffer());
      return btoa(Array.from(bytes, (byte) => String.fromCodePoint(byte)).join(""));
    },
    `data:image/png;base64,${png.toString("base64")}`,
  );
  return Buffer.from(base64, "base64");
}

/** Takes what the parts cover together, with a page that is at its top; without parts, what the window shows. */
async function take(page: Page, frame: FilmFrame, ...parts: Locator[]): Promise<void> {
  await page.evaluate(() => window.scrollTo(0, 0));
  const boxes = await Promise.all(parts.map((part) => part.boundingBox()));
  const seen = boxes.flatMap((box) => (box ? [box] : []));
  const [left, top] = [Math.min(...seen.map(({ x }) => x)), Math.min(...seen.map(({ y }) => y))];
  const [right, bottom] = [Math.max(...seen.map(({ x, width }) => x + width)), Math.max(...seen.map(({ y, height }) => y + height))];
  const clip = { x: left, y: top, width: right - left, height: bottom - top };
  // A dialog moves where the window grows to the whole page.
  const fullPage = bottom > (page.viewportSize()?.height ?? 0);
  const png = await page.screenshot({ animations: "disabled", ...(parts.length === 0 ? {} : { clip, fullPage }) });
  writeFileSync(`${FOLDER}/${frame}.webp`, await toWebP(page, png));
}

// It checks nothing that other stories do not, so that without being asked there is nothing to run, and nothing to skip.
if (process.env["FILM"] !== undefined) {
  test.beforeAll(() => void mkdirSync(FOLDER, { recursive: true }));

  test("an edit from the first question to the link", async ({ page }) => {
    await openLab(page);
    await ask(page, lyon.prompt);
    await page.locator(".chip").first().focus();
    await expect(page.getByText("Most probable here")).toBeVisible();
    await take(page, "ask", region(page, "Prompt"), region(page, "Before and after"), page.getByRole("tooltip"));
    await page.keyboard.press("Escape");

    await trainEdit(page, lyon);
    await expect(region(page, "Edit").getByText("Every prompt")).toBeVisible();
    await take(page, "edit", region(page, "Edit"));
    await button(page, "Details of edit 1").click();
    await expect(region(page, "Edits").getByRole("img", { name: /Probability of the answer by strength/ })).toBeVisible();
    await take(page, "ledger", region(page, "Edits"));
    await button(page, "Details of edit 1").click();
    await ask(page, "The city that serves as the capital of France is");
    await take(page, "routing", region(page, "Routing"));
    await take(page, "scope", region(page, "Scope"));
    await page.getByRole("textbox", { name: "Prompt", exact: true }).fill("The capital of Germany is");
    await button(page, "Compare").click();
    await expect(page.getByText("Deferred to the base model").first()).toBeVisible();
    await expect(button(page, "Compare")).toBeEnabled();
    await take(page, "reach");

    await button(page, "Set up an evaluation").click();
    await expect(region(page, "Evaluation").getByText("Atlas facts (atlas.json)")).toBeVisible();
    await take(page, "evaluate", region(page, "Evaluation"));
    await take(page, "model", await openChoice(page));
    await page.keyboard.press("Escape");
    await button(page, "Share…").click();
    const share = page.getByRole("dialog", { name: "Share this lab" });
    await expect(share.getByRole("img")).toBeVisible();
    await take(page, "share", share);
    await page.keyboard.press("Escape");
    await button(page, "Learn").click();
    await region(page, "Learn")
      .getByRole("button", { name: /^Begin / })
      .nth(1)
      .click();
    await take(page, "learn", region(page, "Learn"));
    await page.keyboard.press("ControlOrMeta+K");
    await expect(page.getByRole("combobox", { name: "What would you like to do?" })).toBeFocused();
    await page.keyboard.type("edit");
    await take(page, "commands", page.getByRole("dialog", { name: "All commands" }));
  });

  test("a phone, where the recording plays", async ({ page }) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.route(/shard-0001\.bin$/, () => new Promise(() => undefined));
    await page.goto("./");
    await button(page, "Next scene").click();
    await button(page, "Next scene").click();
    await take(page, "phone");
  });
}
