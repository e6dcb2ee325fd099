import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { answer, answered, button, field, openLab, region, takeScreens } from "./lab.ts";

const palette = (page: Page) => page.getByRole("dialog", { name: "All commands" });
const search = (page: Page) => palette(page).getByRole("combobox");

/** Opens the palette, types, and runs what is first. */
async function command(page: Page, typed: string): Promise<void> {
  await page.keyboard.press("ControlOrMeta+K");
  await expect(search(page)).toBeFocused();
  await page.keyboard.type(typed);
  await page.keyboard.press("Enter");
  await expect(palette(page)).toBeHidden();
}

const shoot = (page: Page, story: string): Promise<void> =>
  takeScreens(page, story, async (path) => void (await page.screenshot({ path: `${path}.png`, animations: "disabled" })));

test("everything by name: asked, gone to, chosen and read, without the pointer", async ({ page }) => {
  await openLab(page);
  await field(page, "Prompt").focus();

  await test.step("all commands are listed, and Escape leads back", async () => {
    await page.keyboard.press("ControlOrMeta+K");
    await expect(search(page)).toBeFocused();
    expect(await palette(page).getByRole("option").count()).toBeGreaterThan(30);
    await expect(palette(page).getByRole("option", { name: /Generate/ })).toContainText("Ctrl");
    await shoot(page, "palette");
    await page.keyboard.type("xyzzy");
    await expect(palette(page).getByRole("status")).toContainText("No such command");
    await page.keyboard.press("Escape");
    await expect(field(page, "Prompt")).toBeFocused();
  });

  await test.step("a prompt is answered twice", async () => {
    await command(page, "compare");
    await expect(answered(page, "Edited model")).toBeVisible();
    await expect(answer(page, "Base model")).toContainText("Paris");
    await expect(field(page, "Prompt")).toBeFocused();
  });

  await test.step("what cannot be done now says so, and stays undone", async () => {
    await page.keyboard.press("ControlOrMeta+K");
    await page.keyboard.type("train edit");
    const option = palette(page).getByRole("option", { name: /Train edit/ });
    await expect(option).toHaveAttribute("aria-disabled", "true");
    await page.keyboard.press("Enter");
    await expect(option).toBeVisible();
    await page.keyboard.press("Escape");
  });

  await test.step("a panel is gone to, and the keys go on from there", async () => {
    await command(page, "go to routing");
    await expect(region(page, "Routing")).toBeFocused();
    await expect(region(page, "Routing")).toBeInViewport();
    await command(page, "write an edit");
    await expect(field(page, "Edit prompt")).toBeFocused();
  });

  await test.step("keys of their own", async () => {
    await region(page, "Routing").focus();
    await page.keyboard.press("ControlOrMeta+Enter");
    await expect(region(page, "Prompt").getByRole("button", { name: "Stop" })).toBeVisible();
    await page.keyboard.press("ControlOrMeta+.");
    await expect(button(page, "Generate")).toBeEnabled();
    await page.keyboard.press("ControlOrMeta+/");
    await expect(page.getByRole("dialog", { name: "Keyboard" })).toContainText("Compare base and edited model");
    await shoot(page, "keyboard");
    await page.keyboard.press("Escape");
  });

  await test.step("the page itself: its theme, its language", async () => {
    await command(page, "dark");
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
    await command(page, "deutsch");
    await expect(region(page, "Vorher und nachher")).toBeVisible();
    await page.keyboard.press("ControlOrMeta+K");
    const german = page.getByRole("dialog", { name: "Alle Befehle" });
    await page.keyboard.type("anleitung");
    await expect(german.getByRole("option")).toHaveCount(1);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("dialog", { name: "Anleitung" })).toBeVisible();
  });
});

test("the guide says how, and leads there", async ({ page }) => {
  await openLab(page);
  await command(page, "user guide");
  const guide = page.getByRole("dialog", { name: "User guide" });
  await expect(guide.getByText("Press “Generate”, or Ctrl+Enter.")).toBeVisible();
  await guide.getByText("Change a fact", { exact: true }).click();
  await expect(guide.getByText("Press “Train edit”")).toBeVisible();
  await expect(guide.getByText("Press “Generate”, or Ctrl+Enter."), "one part is open at a time").toBeHidden();
  await shoot(page, "guide");
  await guide.getByRole("button", { name: "Write an edit" }).click();
  await expect(guide).toBeHidden();
  await expect(field(page, "Edit prompt")).toBeFocused();
});
