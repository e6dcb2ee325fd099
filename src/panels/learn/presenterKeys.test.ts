import { expect, test } from "vitest";
import { lessonOf } from "../../lessons/lessons.ts";
import { regionIds } from "../../store/controls.ts";
import { presenterMove } from "./presenterKeys.ts";
import type { Presented } from "./presenterKeys.ts";

const lesson = lessonOf("edit");
const at = (step: number, light: Presented["light"] = null): Presented => ({ lesson, step, light });

test("left and right go through the steps and take the light along", () => {
  expect(presenterMove("ArrowRight", at(0))).toEqual({ kind: "step", step: 1, light: "answers" });
  expect(presenterMove("PageUp", at(2))).toEqual({ kind: "step", step: 1, light: "answers" });
  expect(presenterMove("ArrowLeft", at(0))).toBeNull();
  expect(presenterMove("PageDown", at(lesson.steps.length - 1))).toEqual({ kind: "step", step: lesson.steps.length, light: null });
  expect(presenterMove("ArrowRight", at(lesson.steps.length))).toBeNull();
  expect(presenterMove("ArrowRight", { ...at(0), lesson: null })).toBeNull();
});

test("up and down lead the light over every area once, and back to none", () => {
  let light: Presented["light"] = null;
  const seen: Presented["light"][] = [];
  do {
    const move = presenterMove("ArrowDown", at(0, light));
    light = move?.kind === "light" ? move.light : null;
    seen.push(light);
  } while (light !== null && seen.length < 50);
  expect(seen).toEqual([...regionIds, null]);
  expect(presenterMove("ArrowUp", at(0, null))).toEqual({ kind: "light", light: regionIds.at(-1) });
});

test("other keys stay with the page", () => {
  expect(presenterMove("Escape", at(0))).toEqual({ kind: "end" });
  expect(presenterMove("a", at(0))).toBeNull();
  expect(presenterMove("Tab", at(0))).toBeNull();
});
