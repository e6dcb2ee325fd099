import { readdirSync, statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { guide as guideDe } from "../../texts/de/guide.ts";
import { de } from "../../texts/de/index.ts";
import { guide as guideEn } from "../../texts/en/guide.ts";
import { en } from "../../texts/en/index.ts";
import { guideTaskIds } from "../../texts/guideTexts.ts";
import type { GuideTexts } from "../../texts/guideTexts.ts";
import type { Texts } from "../../texts/texts.ts";
import { guideTasks } from "./guideTasks.ts";

const FILM = "docs/film";
/** Bytes of all pictures together: they are part of the page that is kept. */
const FILM_BUDGET = 400_000;

function stringsOf(part: unknown): string[] {
  if (typeof part === "string") return [part];
  return typeof part === "object" && part !== null ? Object.values(part).flatMap(stringsOf) : [];
}

/** What the guide says that the page says, by its quotation marks. */
const quoted = (words: GuideTexts): string[] =>
  stringsOf(words.tasks).flatMap((text) => [...text.matchAll(/[“„]([^“”„]+)[”“]/gu)].map(([, name = ""]) => name));

describe("the guide", () => {
  test.each([
    ["English", guideEn, en],
    ["German", guideDe, de],
  ] satisfies [string, GuideTexts, Texts][])("names buttons and panels as they are named, in %s", (_, words, texts) => {
    const said = new Set(stringsOf(texts));
    expect(quoted(words).length).toBeGreaterThan(10);
    expect(quoted(words).filter((name) => !said.has(name))).toEqual([]);
  });

  test("has as many steps in both languages", () => {
    const steps = (words: GuideTexts) => guideTaskIds.map((id) => words.tasks[id].steps.length);
    expect(steps(guideDe)).toEqual(steps(guideEn));
  });

  test("has its pictures, none too many, and not too large", () => {
    const files = readdirSync(FILM).sort();
    const frames = Object.values(guideTasks).flatMap(({ frame }) => (frame === undefined ? [] : [`${frame}.webp`]));
    expect(files).toEqual(frames.sort());
    expect(files.reduce((bytes, file) => bytes + statSync(`${FILM}/${file}`).size, 0)).toBeLessThanOrEqual(FILM_BUDGET);
  });
});
