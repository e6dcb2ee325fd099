import { describe, expect, test } from "vitest";
import { lessonIds } from "../store/controls.ts";
import type { LessonId } from "../store/controls.ts";
import type { Lab } from "../store/lab.ts";
import { predictionOf } from "../store/lessonsSlice.ts";
import { createFakeEngine } from "../store/testing/fakeEngine.ts";
import { openLab, trainOne } from "../store/testing/openLab.ts";
import { liveValues } from "./formulas.ts";
import { isPassed } from "./lesson.ts";
import type { Seen, Step } from "./lesson.ts";
import { lessonOf, lessons } from "./lessons.ts";

const seenBy = (lab: Lab): Seen => {
  const state = lab.store.getState();
  return { state, acts: state.lessons.acts, earlier: state.lessons.earlier };
};

/** A lab that watches, at a step of a lesson. */
async function labAt(lesson: LessonId, step: string, prepare: (lab: Lab) => Promise<unknown> = async () => {}): Promise<Lab> {
  const lab = await openLab(createFakeEngine());
  lab.actions.watchActs();
  lab.actions.goToStep(lesson, 0);
  await prepare(lab);
  lab.actions.goToStep(
    lesson,
    lessonOf(lesson).steps.findIndex(({ id }) => id === step),
  );
  return lab;
}

const stepOf = (lesson: LessonId, step: string): Step => {
  const found = lessonOf(lesson).steps.find(({ id }) => id === step);
  if (!found) throw new Error(`no step ${step}`);
  return found;
};

/** Waits for the act, sees it done, and gives what came true. */
async function walked(lab: Lab, lesson: LessonId, step: string, act: () => Promise<unknown>): Promise<string | null> {
  const { done, question } = stepOf(lesson, step);
  expect(done(seenBy(lab)), "before the act").toBe(false);
  await act();
  expect(done(seenBy(lab)), "after the act").toBe(true);
  return question?.right(seenBy(lab)) ?? null;
}

const ask = (lab: Lab, prompt: string) => async (): Promise<void> => {
  lab.actions.typePrompt(prompt);
  await lab.actions.generate();
};

const threshold = (lab: Lab, hammingThreshold: number) => async (): Promise<void> => {
  const settings = lab.store.getState().model.facts?.settings;
  if (settings) await lab.actions.applySettings({ ...settings, hammingThreshold });
};

describe("each step waits for its act and knows it", () => {
  test("what a fact in a model is", async () => {
    const lab = await labAt("fact", "ask");
    await walked(lab, "fact", "ask", () => lab.actions.generate());
    lab.actions.goToStep("fact", 1);
    expect(await walked(lab, "fact", "sure", ask(lab, "The capital of Germany is"))).toBe("middle");
    lab.actions.goToStep("fact", 2);
    await ask(lab, "The capital of Germany is")();
    expect(stepOf("fact", "reworded").done(seenBy(lab)), "the same words are no other wording").toBe(false);
    expect(await walked(lab, "fact", "reworded", ask(lab, "Germany's capital is"))).toBe("other");
    lab.actions.goToStep("fact", 3);
    expect(await walked(lab, "fact", "invented", ask(lab, "The capital of Atlantis is"))).toBe("name");
  });

  test("one edit", async () => {
    const lab = await labAt("edit", "train");
    await walked(lab, "edit", "train", () => trainOne(lab));
    lab.actions.goToStep("edit", 1);
    await walked(lab, "edit", "compare", () => lab.actions.compare());
    lab.actions.goToStep("edit", 2);
    expect(await walked(lab, "edit", "unrelated", ask(lab, "The capital of Germany is"))).toMatch(/kept|changed/);
    lab.actions.goToStep("edit", 3);
    await walked(lab, "edit", "share", async () => lab.store.setState((state) => ({ ...state, link: { ...state.link, copied: 1 } })));
  });

  test("why rephrasings fail with exact keys", async () => {
    const unseen = "France is governed from the city of";
    const lab = await labAt("keys", "exact", trainOne);
    await walked(lab, "keys", "exact", threshold(lab, 1));
    lab.actions.goToStep("keys", 2);
    await walked(lab, "keys", "own", ask(lab, "The capital of France is"));
    lab.actions.goToStep("keys", 3);
    expect(await walked(lab, "keys", "other", ask(lab, unseen))).toBe("base");
    lab.actions.goToStep("keys", 4);
    await threshold(lab, 17)();
    await walked(lab, "keys", "wider", ask(lab, unseen));
  });

  test("the mixture and its router", async () => {
    const lab = await labAt("router", "look");
    await walked(lab, "router", "look", () => lab.actions.tryPrompt("Cairo is the capital of"));
    lab.actions.goToStep("router", 1);
    expect(await walked(lab, "router", "gates", () => lab.actions.tryPrompt("The currency of Poland is the"))).toBe("less");
    lab.actions.goToStep("router", 2);
    expect(await walked(lab, "router", "code", () => lab.actions.tryPrompt("People in Austria speak"))).toBe("picked");
    lab.actions.goToStep("router", 3);
    expect(await walked(lab, "router", "apart", () => lab.actions.tryPrompt("People in Brazil speak"))).toMatch(/none|some|all/);
  });

  test("forgetting", async () => {
    const lab = await labAt("forgetting", "second", trainOne);
    const second = { prompt: "The capital of Germany is", answer: "Bonn", rephrasings: "" };
    await walked(lab, "forgetting", "second", async () => {
      lab.actions.setForm(second);
      await lab.actions.train();
    });
    lab.actions.goToStep("forgetting", 2);
    expect(await walked(lab, "forgetting", "recall", ask(lab, "The capital of France is"))).toBe("holds");
    lab.actions.goToStep("forgetting", 3);
    await walked(lab, "forgetting", "measure", ask(lab, second.prompt));
    expect(liveValues("reliability", seenBy(lab), null)).toEqual([
      { symbol: "n", value: 2, kind: "whole" },
      { symbol: "Σ", value: 2, kind: "whole" },
      { symbol: "R", value: 1, kind: "share" },
    ]);
    lab.actions.goToStep("forgetting", 4);
    await walked(lab, "forgetting", "forget", () => lab.actions.clearEdits());
  });

  test("deferral and its limits", async () => {
    const lab = await labAt("deferral", "deferred", async (fresh) => {
      await trainOne(fresh);
      await threshold(fresh, 1)();
    });
    await walked(lab, "deferral", "deferred", ask(lab, "The chemical symbol of iron is"));
    lab.actions.goToStep("deferral", 2);
    await walked(lab, "deferral", "all", threshold(lab, 17));
    lab.actions.goToStep("deferral", 3);
    expect(await walked(lab, "deferral", "stranger", ask(lab, "The chemical symbol of iron is"))).toBe("edit");
    lab.actions.goToStep("deferral", 4);
    await threshold(lab, 1)();
    await ask(lab, "The capital of France is")();
    await walked(lab, "deferral", "back", ask(lab, "The chemical symbol of iron is"));
  });
});

describe("a prediction", () => {
  const [lesson, step] = ["fact", "invented"] as const;

  test("is asked for before the step counts, stands once made, and is judged by what comes", async () => {
    const lab = await labAt(lesson, step);
    await ask(lab, "The capital of Atlantis is")();
    expect(isPassed(stepOf(lesson, step), seenBy(lab), false)).toBe(false);
    expect(isPassed(stepOf(lesson, step), seenBy(lab), true)).toBe(true);
    lab.actions.predict(lesson, step, "unknown");
    lab.actions.predict(lesson, step, "name");
    lab.actions.passStep(lesson, step, "name");
    lab.actions.passStep(lesson, step, "unknown");
    const { lessons: state } = lab.store.getState();
    expect(predictionOf(state, lesson, step)).toMatchObject({ choice: "unknown", right: false });
    expect(state.passed).toEqual(["fact/invented"]);
  });

  test("of everybody stays when the next one begins", async () => {
    const lab = await labAt(lesson, step);
    lab.actions.nameLearner(" Ada ");
    lab.actions.predict(lesson, step, "name");
    lab.actions.passStep(lesson, step, "name");
    lab.actions.nextLearner("Emmy");
    const { lessons: state } = lab.store.getState();
    expect(state).toMatchObject({ at: null, passed: [], name: "Emmy", predictions: [{ name: "Ada", right: true }] });
    expect(predictionOf(state, lesson, step)).toBeNull();
  });
});

test("the lessons are those that links know, with steps of their own names and choices", () => {
  expect(lessons.map(({ id }) => id)).toEqual([...lessonIds]);
  for (const { steps } of lessons) {
    expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length);
    for (const { question } of steps) if (question) expect(new Set(question.choices).size).toBe(question.choices.length);
  }
  expect(lessons.filter(({ steps }) => steps.some(({ question }) => question))).toHaveLength(6);
});

describe("live numbers", () => {
  test("are those of the page", async () => {
    const lab = await labAt("edit", "train");
    expect(liveValues("token", seenBy(lab), null)).toEqual([]);
    expect(liveValues("loss", seenBy(lab), null)).toEqual([]);
    await trainOne(lab);
    const { edit, model, routing } = lab.store.getState();
    const loss = liveValues("loss", seenBy(lab), null);
    expect(loss[0]).toEqual({ symbol: "L_LM", value: edit.latest?.lmLoss, kind: "number" });
    expect(liveValues("token", seenBy(lab), null)).toEqual([{ symbol: "p", value: 0.83, kind: "share" }]);
    expect(liveValues("answer", seenBy(lab), null)).toEqual([{ symbol: "p", value: 0.83, kind: "share" }]);
    expect(liveValues("scope", seenBy(lab), null)).toEqual([
      { symbol: "d", value: 0, kind: "whole" },
      { symbol: "ε", value: model.facts?.settings.hammingThreshold, kind: "whole" },
    ]);
    const set = routing.scope?.code.filter((bit) => bit === 1).length;
    expect(liveValues("code", seenBy(lab), null).find(({ symbol }) => symbol === "L·k")?.value).toBe(set);
    // 4 layers, 2 of 4 experts: half of 16 bits on average.
    expect(liveValues("apart", seenBy(lab), null)[0]).toEqual({ symbol: "E[H]", value: 8, kind: "number" });
  });

  test("gates of the deciding token: all sum to 1, the picked ones to less", async () => {
    const lab = await labAt("router", "look");
    await lab.actions.generate();
    const values = liveValues("gates", seenBy(lab), lab.frames.read());
    const of = (symbol: string): number => values.find((value) => value.symbol === symbol)?.value ?? NaN;
    expect(of("Σ N")).toBeCloseTo(1, 5);
    expect(of("Σ k")).toBeCloseTo(of("s1") + of("s2"), 6);
    expect(of("Σ k")).toBeLessThan(1);
  });
});

test("what was done is plain data, and bounded", async () => {
  const lab = await labAt("fact", "ask");
  for (let i = 0; i < 80; i++) await ask(lab, `Prompt ${i} is`)();
  const { acts } = lab.store.getState().lessons;
  expect(acts.answers).toHaveLength(64);
  expect(acts.answers.at(-1)?.prompt).toBe("Prompt 79 is");
  expect(structuredClone(acts)).toEqual(JSON.parse(JSON.stringify(acts)));
});
