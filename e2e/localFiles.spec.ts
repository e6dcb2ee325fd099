import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { ask, loadChecked, modelLoaded, openChoice, openLab, region, takeScreens } from "./lab.ts";
import { tinyRepository } from "./tinyRepository.ts";

function writeFolder(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}

/** What the desktop does when something is dragged there and let go. */
async function drop(page: Page, paths: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await session.send("Input.dispatchDragEvent", { type, x: 300, y: 300, data });
    if (type === "dragOver") await expect(page.getByText("Drop a model: a .gguf file, or its files or folder")).toBeVisible();
  }
}

test("a model from this computer: picked, dropped, or refused with the reason", async ({ page }, info) => {
  const folder = info.outputPath("tiny-model");
  writeFolder(folder, tinyRepository(2));
  const broken = info.outputPath("broken.gguf");
  writeFileSync(broken, new TextEncoder().encode(`GGUF${"\0".repeat(60)}`));
  await openLab(page);

  await test.step("a folder that is picked says what it is, and is loaded", async () => {
    const dialog = await openChoice(page);
    await dialog.locator("input[webkitdirectory]").setInputFiles(folder);
    await expect(dialog.getByRole("heading", { name: "tiny-model" })).toBeVisible();
    await expect(dialog.getByText("none, it is here")).toBeVisible();
    await expect(dialog.getByRole("radio", { name: "8-bit" })).toBeChecked();
    await takeScreens(page, "model-checked", async (path) => void (await page.screenshot({ path: `${path}.png`, animations: "disabled" })));
    await dialog.getByRole("checkbox", { name: "Keep in this browser" }).uncheck();
    await loadChecked(page);
    await expect(region(page, "Model")).toContainText("int8");
    expect(await ask(page, "Paris is")).not.toBe("");
  });

  await test.step("a malformed file is refused, and the model stays", async () => {
    const dialog = await openChoice(page);
    await dialog.locator("input[type=file]:not([webkitdirectory])").setInputFiles(broken);
    const alert = dialog.getByRole("alert");
    await expect(alert).toContainText("This model cannot be loaded");
    await expect(alert).toContainText(/got version 0, expected/);
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    expect(await ask(page, "Paris was")).not.toBe("");
  });

  await test.step("a folder that is dropped on the page goes the same way, at another precision", async () => {
    await drop(page, [folder]);
    const dialog = page.getByRole("dialog", { name: "Choose a model" });
    await dialog.getByRole("radio", { name: "4-bit" }).check();
    await dialog.getByRole("checkbox", { name: "Keep in this browser" }).check();
    await loadChecked(page);
    await modelLoaded(page);
    await expect(region(page, "Model")).toContainText("int4");
  });

  await test.step("what was kept of it is listed, and is removed", async () => {
    const storage = region(page, "Storage");
    const row = storage.getByRole("row", { name: /tiny-model/ });
    await expect(row).toBeVisible();
    await storage.getByRole("button", { name: "Remove tiny-model" }).click();
    await expect(row).toBeHidden();
    await expect(storage.getByRole("button", { name: "Put tiny-model back" })).toBeVisible();
  });
});
