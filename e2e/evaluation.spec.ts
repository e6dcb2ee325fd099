import { readFileSync, writeFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import type { EvaluationResult } from "../src/evaluation/results.ts";
import { expect, test } from "./fixtures.ts";
import { answer, ask, button, field, openLab, pixelsOf, region, takeScreens } from "./lab.ts";

const csv = [
  "prompt,answer,subject,rephrasings,held_out,near,far",
  "The capital of France is,Lyon,France,France's capital city is called|Q: What is the capital of France? A:,The city that serves as the capital of France is,The capital of Germany is,The plural of life is",
  "The capital of Japan is,Osaka,Japan,Japan's capital city is called|Q: What is the capital of Japan? A:,The city that serves as the capital of Japan is,The capital of Germany is,The plural of life is",
  "The capital of Peru is,,Peru,,,,",
  "The capital of Egypt is,Luxor,Egypt,Egypt's capital city is called|Q: What is the capital of Egypt? A:,The city that serves as the capital of Egypt is,The capital of Germany is,The plural of life is",
].join("\n");

const panel = (page: Page) => region(page, "Evaluation");
const method = (page: Page) => panel(page).getByRole("combobox", { name: "Method", exact: true });

/** Takes the panel's screens, with the page's head where it is written and not over the picture of a panel that is taller than the screen. */
async function takePanelScreens(page: Page, story: string): Promise<void> {
  const place = (position: string) => page.getByRole("banner").evaluate((head, value) => void (head.style.position = value), position);
  await place("static");
  await takeScreens(page, story, async (path) => void (await panel(page).screenshot({ path: `${path}.png`, animations: "disabled" })));
  await place("");
}

async function setNumbers(page: Page, numbers: Record<string, string>): Promise<void> {
  for (const [name, value] of Object.entries(numbers)) await panel(page).getByRole("textbox", { name, exact: true }).fill(value);
}

/** What the desktop does when a file is dragged onto the edits and let go. */
async function dropOnPanel(page: Page, path: string): Promise<void> {
  const place = panel(page).getByText("Or drop it here");
  await place.scrollIntoViewIfNeeded();
  const { x, y } = (await place.boundingBox()) ?? { x: 0, y: 0 };
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const)
    await session.send("Input.dispatchDragEvent", { type, x: x + 8, y: y + 4, data });
}

test("an evaluation in the page: previewed, paused, asked beside, and taken away as a file", async ({ page }, info) => {
  await openLab(page);
  await ask(page, "The capital of Germany is");

  await test.step("the setup opens by keyboard and says what the built-in edits are", async () => {
    await button(page, "Set up an evaluation").focus();
    await page.keyboard.press("Enter");
    await expect(panel(page).getByText("Atlas facts (atlas.json)")).toBeVisible();
    await expect(panel(page).getByRole("alert")).toContainText("software adapter");
    await takePanelScreens(page, "evaluation-setup");
  });

  await test.step("a CSV with a bad row is shown with its problem", async () => {
    const file = { name: "capitals.csv", mimeType: "text/csv", buffer: Buffer.from(csv) };
    await panel(page).locator("input[type=file]").setInputFiles(file);
    await expect(panel(page).getByText("1 problem in the file").first()).toBeVisible();
    await expect(panel(page).getByRole("row", { name: /^4 answer/ })).toContainText("a text that is not empty");
    await expect(panel(page).getByRole("row", { name: /The capital of Japan is Osaka/ })).toBeVisible();
  });

  await test.step("a file that is none is refused with the way out, and one that is dropped takes its place", async () => {
    await panel(page)
      .locator("input[type=file]")
      .setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("hello") });
    await expect(panel(page).getByText("These edits cannot be used")).toBeVisible();
    await expect(panel(page).getByText("Waits for edits.")).toBeVisible();
    const path = info.outputPath("capitals.csv");
    writeFileSync(path, csv);
    await dropOnPanel(page, path);
    await expect(panel(page).getByText("1 problem in the file").first()).toBeVisible();
    await expect(page.getByRole("dialog"), "it is no model").toBeHidden();
  });

  await test.step("it pauses, a prompt is answered meanwhile, and it goes on", async () => {
    await setNumbers(page, { "Edits at most": "3", "Measure after every": "2", Seed: "1" });
    await method(page).selectOption({ label: "Improved mode" });
    await button(page, "Start").click();
    await button(page, "Pause").click();
    await expect(panel(page).getByRole("status").filter({ hasText: "Paused" })).toBeVisible();
    await expect(page.getByRole("link", { name: /^evaluating \d of 3$/ })).toBeVisible();
    const untouched = await ask(page, "The capital of Germany is");
    expect(untouched, "the evaluation's edits are its own").toMatch(/\bBerlin\b/);
    await expect(panel(page).getByText("Paused")).toBeVisible();
    await button(page, "Go on").click();
    await field(page, "Prompt").fill("The capital of Spain is");
    await button(page, "Generate").click();
    await expect(answer(page, "Edited model")).toContainText(/\bMadrid\b/);
    await expect(panel(page).getByRole("button", { name: "Stop" })).toBeVisible();
  });

  await test.step("curves, table and matrix stand at the end", async () => {
    await expect(button(page, "Start")).toBeVisible({ timeout: 120_000 });
    const row = panel(page).getByRole("row", { name: /1\. Improved mode/ });
    await expect(row).toContainText("3/3");
    await expect(
      panel(page).getByRole("img", { name: /^Reliability over edits, Free decoding\. 1\. Improved mode: .* after 3 edits/ }),
    ).toBeVisible();
    const picture = panel(page).locator("canvas.heatmap-canvas");
    expect((await pixelsOf(picture)).colours, "held, and not written yet").toBe(2);
    await picture.focus();
    await page.keyboard.press("End");
    await expect(panel(page).getByText(/^Edit 3 \(\d\), after 3 edits: holds$/)).toBeVisible();
    await button(page, "Show as table").last().click();
    await expect(panel(page).getByRole("row", { name: /holds after 3/ })).toHaveCount(1);
    await button(page, "Show as picture").click();
    await panel(page).getByLabel("Measured by").selectOption({ label: "Teacher-forced" });
    await expect(panel(page).getByText("The latest state of each run, Teacher-forced")).toBeVisible();
  });

  await test.step("the result is a file as npm run evaluate writes it", async () => {
    const downloading = page.waitForEvent("download");
    await button(page, "Download the result of 1. Improved mode as JSON").click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe("evaluation-improved-mode-capitals-seed-1.json");
    const path = info.outputPath("result.json");
    await download.saveAs(path);
    const result = JSON.parse(readFileSync(path, "utf8")) as EvaluationResult;
    expect(result).toMatchObject({ format: "elder-lab evaluation", version: 1, refused: [] });
    expect(result.run).toMatchObject({ method: "improved", limit: 3, every: 2, seed: 1, shard: { index: 1, of: 1 } });
    expect(result.run.edits.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(result.checkpoints.map(({ afterEdits }) => afterEdits)).toEqual([2, 3]);
    expect(result.checkpoints.at(-1)?.metrics.reliability.free).toEqual({ hits: 3, of: 3 });
    expect(result.edits.map(({ id }) => id).sort()).toEqual(["2", "3", "5"]);
  });

  await test.step("a second method is stopped, and what it measured stays beside the first", async () => {
    await method(page).selectOption({ label: "Paper mode" });
    await setNumbers(page, { "Measure after every": "1" });
    await button(page, "Start").click();
    await expect(panel(page).getByRole("row", { name: /2\. Paper mode/ })).toBeVisible({ timeout: 120_000 });
    await button(page, "Pause").click();
    await expect(panel(page).getByRole("status").filter({ hasText: "Paused" })).toBeVisible();
    await takePanelScreens(page, "evaluation");
    await panel(page).getByRole("button", { name: "Stop" }).click();
    await expect(panel(page).getByText("Stopped. What was measured so far stays below.")).toBeVisible();
    await expect(panel(page).getByRole("row", { name: /2\. Paper mode stopped/ })).toBeVisible();
    await expect(button(page, "Download the result of 2. Paper mode as JSON")).toBeDisabled();
    await button(page, "Remove 2. Paper mode from the page").click();
    await expect(panel(page).getByRole("row", { name: /2\. Paper mode/ })).toHaveCount(0);
    await button(page, "Put back").click();
    await expect(panel(page).getByRole("row", { name: /2\. Paper mode stopped/ })).toBeVisible();
  });
});
