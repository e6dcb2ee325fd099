import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { answer, answered, button, field, openLab, region } from "./lab.ts";

/** Presses Tab until the element has the focus. */
async function tabTo(page: Page, selector: string, presses = 60): Promise<void> {
  for (let pressed = 0; pressed < presses; pressed++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
  }
  throw new Error(`${selector} was not reached with ${presses} presses of Tab.`);
}

test("the whole way from prompt to routing by keyboard alone", async ({ page }) => {
  await openLab(page);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the prompt" })).toBeFocused();
  await page.keyboard.press("Enter");
  await tabTo(page, "textarea");
  await expect(field(page, "Prompt")).toBeFocused();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("The capital of France is");
  await page.keyboard.press("ControlOrMeta+Enter");
  await expect(answered(page, "Edited model")).toBeVisible();
  await expect(answer(page, "Edited model")).toContainText(/\bParis\b/);
  await expect(button(page, "Generate")).toBeEnabled();

  await tabTo(page, ".chip");
  await expect(page.getByText("Most probable here")).toBeVisible();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Escape");
  await expect(page.getByText("Most probable here")).toBeHidden();

  await tabTo(page, "canvas");
  const readout = region(page, "Routing").getByText(/Token “.+” · layer/);
  await expect(readout).toBeVisible();
  const first = await readout.innerText();
  await page.keyboard.press("ArrowLeft");
  await expect(readout).not.toHaveText(first);

  await tabTo(page, "input[type=text], textarea, button");
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle);
  expect(outline, "the focus is seen").not.toBe("none");
});
