import { describe, expect, test } from "vitest";
import { glossary as german } from "../texts/de/glossary.ts";
import { lessons as deutsch } from "../texts/de/lessons.ts";
import { glossary as terms } from "../texts/en/glossary.ts";
import { lessons as english } from "../texts/en/lessons.ts";
import { glossaryIds } from "./glossary.ts";
import { lessons } from "./lessons.ts";

describe.each([
  ["English", english, terms],
  ["German", deutsch, german],
] as const)("the words in %s", (_, texts, glossary) => {
  test("are there for every step, and for nothing else", () => {
    for (const { id, steps } of lessons) {
      expect(Object.keys(texts[id].steps)).toEqual(steps.map((step) => step.id));
      for (const { id: step, question } of steps) {
        const words = texts[id].steps[step];
        expect(Object.keys(words?.question?.choices ?? {}), `${id}/${step}`).toEqual(question?.choices ?? []);
        for (const text of [words?.title, words?.text, words?.act, words?.done, words?.hint]) expect(text).toMatch(/\S/);
      }
    }
  });

  test("explain each term of the glossary once", () => {
    expect(Object.keys(glossary)).toEqual([...glossaryIds]);
    const names = Object.values(glossary).map(([term]) => term.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
  });
});

test("the two languages say different things", () => {
  const flat = (texts: typeof english): string[] =>
    Object.values(texts).flatMap(({ title, steps }) => [title, ...Object.values(steps).flatMap(({ act, done }) => [act, done])]);
  const own = new Set(flat(english));
  expect(flat(deutsch).filter((text) => own.has(text))).toEqual([]);
});
