import { describe, expect, test } from "vitest";
import { createLabStore } from "./labStore.ts";
import { createLessonsActions } from "./lessonsActions.ts";
import { keepLessons } from "./lessonsKeeping.ts";

function storageOf(kept: Record<string, string> = {}) {
  return { kept, getItem: (key: string) => kept[key] ?? null, setItem: (key: string, value: string) => void (kept[key] = value) };
}

function visit(storage: Parameters<typeof keepLessons>[1]) {
  const store = createLabStore();
  keepLessons(store, storage);
  return { actions: createLessonsActions(store), lessons: () => store.getState().lessons };
}

describe("what was learned", () => {
  test("is there at the next visit", () => {
    const storage = storageOf();
    const { actions } = visit(storage);
    actions.nameLearner("Ada");
    actions.predict("edit", "stays", "base");
    actions.passStep("edit", "stays", "base");
    const { passed, predictions, name, at } = visit(storage).lessons();
    expect({ passed, name, at }).toEqual({ passed: ["edit/stays"], name: "Ada", at: null });
    expect(predictions).toEqual([{ name: "Ada", lesson: "edit", step: "stays", choice: "base", right: true }]);
  });

  test("begins anew where the browser keeps nothing, or something else", () => {
    const blocked = {
      getItem: () => {
        throw new DOMException("blocked", "SecurityError");
      },
      setItem: () => {
        throw new DOMException("full", "QuotaExceededError");
      },
    };
    const wrong = ["{", "3", '{"passed":[1],"predictions":[],"name":""}', '{"passed":[],"predictions":[{"lesson":"other"}],"name":""}'];
    const stores = [undefined, blocked, ...wrong.map((text) => storageOf({ "elder-lab.lessons": text }))];
    for (const storage of stores) {
      const { actions, lessons } = visit(storage);
      expect(lessons()).toMatchObject({ passed: [], predictions: [], name: "" });
      actions.passStep("fact", "one", null);
      expect(lessons().passed).toEqual(["fact/one"]);
    }
  });
});
