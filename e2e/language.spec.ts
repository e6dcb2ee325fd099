import type { Page } from "@playwright/test";
import { de } from "../src/texts/de/index.ts";
import { en } from "../src/texts/en/index.ts";
import { expect, test } from "./fixtures.ts";
import { button, field, openLab, region, takeScreens } from "./lab.ts";

function stringsOf(part: unknown): string[] {
  if (typeof part === "string") return [part];
  return typeof part === "object" && part !== null ? Object.values(part).flatMap(stringsOf) : [];
}

const german = new Set(stringsOf(de));
const onlyEnglish = new Set(stringsOf(en).filter((text) => !german.has(text)));

/** Texts and names of what a person reads and works with; engine and model speak English and are marked so. */
async function wordsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const said = [...document.querySelectorAll("h1, h2, h3, p, a, button, label, option, summary, legend, th, dt, .term, strong, caption")]
      .filter((element) => element.closest("[lang]") === document.documentElement)
      .map((element) => element.textContent.trim());
    const named = [...document.querySelectorAll("[aria-label], [title], [placeholder], [aria-roledescription]")].flatMap((element) =>
      ["aria-label", "title", "placeholder", "aria-roledescription"].map((name) => element.getAttribute(name) ?? ""),
    );
    return [...said, ...named].filter((text) => text !== "");
  });
}

/** What is drawn wider than the box that cuts it off. */
async function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const clipped = (element: Element): boolean => {
      const { overflowX, display, clipPath } = getComputedStyle(element);
      return (
        display !== "inline" &&
        clipPath === "none" &&
        ["hidden", "clip"].includes(overflowX) &&
        element.scrollWidth > element.clientWidth + 1
      );
    };
    return [...document.querySelectorAll("main *, header *")]
      .filter((element) => element.textContent !== "" && clipped(element))
      .map((element) => `${element.className}: ${element.textContent}`);
  });
}

test("a reader chooses German, and the page stays German", async ({ page }) => {
  await openLab(page);
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await page.getByRole("combobox", { name: "Language" }).selectOption("Deutsch");
  await expect(region(page, "Vorher und nachher")).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "de");

  await page.reload();
  await expect(page.getByRole("combobox", { name: "Sprache" })).toHaveValue("de");
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await field(page, "Prompt").fill("The capital of France is");
  await expect(button(page, "Erzeugen")).toBeEnabled({ timeout: 120_000 });
  await button(page, "Erzeugen").click();
  await expect(page.getByRole("group", { name: "Geändertes Modell" }).getByText("Ende durch")).toBeVisible();
  await expect(region(page, "Modell").getByText(/^\d,\d\d Mio\.$/)).toBeVisible();

  await page.getByText("Einstellungen der Mischung", { exact: true }).click();
  await button(page, "Auswertung vorbereiten").click();
  const words = await wordsOf(page);
  expect(words.length).toBeGreaterThan(100);
  expect(words.filter((word) => onlyEnglish.has(word))).toEqual([]);
  await takeScreens(page, "german", async (path) => {
    expect(await cutOff(page)).toEqual([]);
    await page.screenshot({ path: `${path}.png`, fullPage: true });
  });

  // What the engine refuses is said in German first, then in its own words.
  await button(page, "Änderung trainieren").click();
  await expect(page.getByText(/^Die neue Antwort ist leer\. Geben Sie eine ein\. The new answer is empty/)).toBeVisible();

  await button(page, "Modell wechseln…").click();
  await expect(page.getByRole("dialog", { name: "Modell wählen" })).toBeVisible();
  expect((await wordsOf(page)).filter((word) => onlyEnglish.has(word))).toEqual([]);
  await takeScreens(page, "german-choice", async (path) => void (await page.screenshot({ path: `${path}.png` })));
});

test.describe("someone whose browser prefers German", () => {
  test.use({ locale: "de-AT" });

  test("is met in German, unless the address asks for English; a choice is told where its words cannot be read", async ({
    page,
    complaints,
  }) => {
    await page.goto("./");
    await expect(region(page, "Vorher und nachher")).toBeVisible();
    await page.goto("./?lang=en");
    await expect(region(page, "Before and after")).toBeVisible();

    complaints.allow(/Failed to load resource/);
    await page.route(/assets\/de-.*\.js$/, (route) => route.abort());
    await page.reload();
    await page.getByRole("combobox", { name: "Language" }).selectOption("Deutsch");
    await expect(page.getByRole("alert").getByText("Deutsch: not loaded")).toBeVisible();
    await expect(page.getByRole("combobox", { name: "Language" })).toHaveValue("en");
  });
});
