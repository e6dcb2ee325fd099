import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect } from "./fixtures.ts";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const SIZES = [
  [1440, 900],
  [1024, 768],
  [390, 844],
] as const;
/** In CSS pixels: success criterion 2.5.8, without its exceptions but for links within a line of text. */
const SMALLEST_TARGET = 24;

/** One line for each fault: the rule, the element, what is wrong. */
export async function violationsOf(page: Page): Promise<string[]> {
  // Legacy: this page has no frames, and another tab for the sums costs more than they do.
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).setLegacyMode(true).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary = "" }) => `${id}: ${target.join(" ")}: ${failureSummary.replaceAll(/\s+/g, " ")}`),
  );
}

/** What can be pressed and is smaller than a fingertip needs. */
function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate((smallest) => {
    const pressed = "button, select, summary, input:not([type=file]), textarea, [role=option], [role=slider], nav a, header a";
    const top = document.querySelector("dialog[open]") ?? document;
    return [...top.querySelectorAll<HTMLElement>(pressed)].flatMap((element) => {
      // The label of a box is pressed as the box is.
      const target = element.closest("label") ?? element;
      const { width, height } = target.getBoundingClientRect();
      const seen = element.checkVisibility({ visibilityProperty: true }) && width > 0 && !element.classList.contains("skip");
      if (!seen || (width >= smallest - 0.5 && height >= smallest - 0.5)) return [];
      // Room around what is drawn counts where it answers to the pointer.
      element.scrollIntoView({ block: "center" });
      const { left, top: above } = target.getBoundingClientRect();
      const reach = (x: number, y: number): boolean =>
        target.contains(document.elementFromPoint(left + width / 2 + x * (smallest / 2 - 1), above + height / 2 + y * (smallest / 2 - 1)));
      if (reach(0, -1) && reach(0, 1) && reach(-1, 0) && reach(1, 0)) return [];
      return [`${element.tagName.toLowerCase()}.${element.className} “${target.textContent.slice(0, 40)}”: ${width} × ${height}`];
    });
  }, SMALLEST_TARGET);
}

/** What reaches over the right edge of the page, where that makes the page scroll. */
function sideways(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    // What holds others is wide because of them; what is cut off or scrolls by itself is not the page's.
    const boxes = [...document.querySelectorAll<HTMLElement>("body *")];
    const over = boxes.filter((element) => element.getBoundingClientRect().right > clientWidth + 0.5);
    const free = over.filter((element) => {
      for (let box = element.parentElement; box; box = box.parentElement)
        if (getComputedStyle(box).overflowX !== "visible") return box === document.body;
      return true;
    });
    const names = free.slice(0, 8).map((element) => `${element.tagName.toLowerCase()}.${element.className}`);
    return [`by ${scrollWidth - clientWidth} px`, ...names];
  });
}

/** No rule is broken, nothing is too small to press, and nothing scrolls sideways: at three sizes, in both themes. */
export async function expectAccessible(page: Page, state: string): Promise<void> {
  const before = page.viewportSize();
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    const place = `${state}, ${width} × ${height}`;
    // Nothing that a pointer would open is part of the state.
    await page.mouse.move(0, 0);
    expect.soft(await sideways(page), `${place}: scrolls sideways`).toEqual([]);
    expect.soft(await smallTargets(page), `${place}: too small to press`).toEqual([]);
    // The search for them leaves the page anywhere: what lies half under the header is not to be pressed there.
    await page.evaluate(() => window.scrollTo(0, 0));
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      expect.soft(await violationsOf(page), `${place}, ${colorScheme}`).toEqual([]);
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
  if (before) await page.setViewportSize(before);
}
