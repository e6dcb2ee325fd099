import { readFileSync } from "node:fs";
import type { Locator, Page } from "@playwright/test";
import { expectAccessible } from "./accessible.ts";
import { expect, test } from "./fixtures.ts";
import { button, openLab, takeScreens, trainEdit } from "./lab.ts";

test.setTimeout(600_000);

const dialog = (page: Page): Locator => page.getByRole("dialog", { name: "Methods side by side" });
const column = (page: Page, name: string | RegExp): Locator => dialog(page).getByRole("region", { name });

test("one prompt answered by several methods, side by side", async ({ page }) => {
  await openLab(page);
  await trainEdit(page, { prompt: "The capital of France is", answer: "Lyon", rephrasings: ["France's capital city is called"] });
  await button(page, "Other methods…").click();
  await expect(dialog(page).getByRole("textbox", { name: "Old answer" })).toHaveValue("Paris");
  await expect(dialog(page).getByRole("textbox", { name: "New answer" })).toHaveValue("Lyon");

  await test.step("the base model and the method in use", async () => {
    await dialog(page).getByRole("button", { name: "Compare", exact: true }).click();
    await expect(column(page, "Base model")).toContainText("Paris");
    await expect(column(page, /as you edit with it/)).toContainText("answered by edit 1");
    await expect(column(page, /as you edit with it/).getByRole("group", { name: "new answer: Lyon" })).toContainText("most probable");
    await expect(column(page, "Base model").getByRole("group", { name: "old answer: Paris" })).toContainText("most probable");
    await expect(column(page, "Base model").getByRole("listitem").first()).toContainText(/·Paris|0\.\d+/);
  });

  await test.step("another place in the text has candidates of its own, in all columns", async () => {
    const tokens = column(page, "Base model").getByRole("button", { name: /^Token \d+,/ });
    await tokens.nth(1).click();
    await expect(column(page, "Base model").getByText(/^Token 2:/)).toBeVisible();
    await expect(column(page, /as you edit with it/).getByText(/^Token 2:/)).toBeVisible();
  });

  await test.step("a third method writes the edits first; it can be stopped, and what is done stays", async () => {
    await dialog(page).getByRole("checkbox", { name: "GRACE", exact: false }).check();
    await dialog(page).getByRole("button", { name: "Compare", exact: true }).click();
    await expect(column(page, /GRACE/).getByRole("status")).toContainText(/waits for its turn|writes the edits|answers/);
    await dialog(page).getByRole("button", { name: "Stop", exact: true }).click();
    await expect(dialog(page).getByRole("button", { name: "Compare", exact: true })).toBeEnabled();
    await dialog(page).getByRole("button", { name: "Compare", exact: true }).click();
    await expect(column(page, /GRACE/).getByRole("group", { name: "new answer: Lyon" })).toBeVisible({ timeout: 150_000 });
  });

  await test.step("it is taken away as a table and as a picture", async () => {
    const save = async (label: string): Promise<string> => {
      const downloading = page.waitForEvent("download");
      await dialog(page).getByLabel("Export…").selectOption({ label });
      return readFileSync(await (await downloading).path(), "utf8");
    };
    expect((await save("CSV table")).split("\r\n").filter((line) => line.startsWith("Base model,candidate,1,"))).toHaveLength(5);
    expect(await save("SVG drawing")).toContain("Methods side by side");
  });
  await expectAccessible(page, "compare");
  await takeScreens(page, "compare", async (path) => void (await page.screenshot({ path: `${path}.png`, animations: "disabled" })));
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toBeHidden();
});
