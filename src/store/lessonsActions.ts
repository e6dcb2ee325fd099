import { actsAfter } from "./acts.ts";
import type { LessonId, RegionId } from "./controls.ts";
import { patch, update } from "./labStore.ts";
import type { LabStore } from "./labStore.ts";
import { learnerChanged, predicted, stepPassed, wentTo } from "./lessonsSlice.ts";

export interface LessonsActions {
  openLearn(open: boolean): void;
  /** To a step of a lesson, from its beginning; null for the list. */
  goToStep(lesson: LessonId | null, step?: number): void;
  predict(lesson: LessonId, step: string, choice: string): void;
  /** @param right the choice that came true; null where the step asks nothing */
  passStep(lesson: LessonId, step: string, right: string | null): void;
  nameLearner(name: string): void;
  /** Begins anew for the next one; answers so far stay. */
  nextLearner(name: string): void;
  /** Large type for a class; ending it ends the spotlight. */
  present(presenting: boolean): void;
  shine(region: RegionId | null): void;
  /** Notes what is done on the page from now on. @returns how to stop */
  watchActs(): () => void;
}

export function createLessonsActions(store: LabStore): LessonsActions {
  return {
    openLearn: (open) => patch(store, "lessons", open ? { open } : { open, presenting: false, spotlight: null }),
    goToStep: (lesson, step = 0) => update(store, "lessons", (state) => wentTo(state, lesson === null ? null : { lesson, step })),
    predict: (lesson, step, choice) => update(store, "lessons", (state) => predicted(state, lesson, step, choice)),
    passStep: (lesson, step, right) => update(store, "lessons", (state) => stepPassed(state, lesson, step, right)),
    nameLearner: (name) => patch(store, "lessons", { name }),
    nextLearner: (name) => update(store, "lessons", (state) => learnerChanged(state, name)),
    present: (presenting) => patch(store, "lessons", presenting ? { presenting } : { presenting, spotlight: null }),
    shine: (spotlight) => patch(store, "lessons", { spotlight }),
    watchActs: () =>
      store.subscribe((state, before) => {
        const acts = actsAfter(state.lessons.acts, before, state);
        if (acts !== state.lessons.acts) patch(store, "lessons", { acts });
      }),
  };
}
