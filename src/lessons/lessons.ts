import type { LessonId } from "../store/controls.ts";
import { deferralLesson } from "./deferralLesson.ts";
import { editLesson } from "./editLesson.ts";
import { factLesson } from "./factLesson.ts";
import { forgettingLesson } from "./forgettingLesson.ts";
import { keysLesson } from "./keysLesson.ts";
import type { Lesson } from "./lesson.ts";
import { routerLesson } from "./routerLesson.ts";

/** In the order of learning. */
export const lessons: readonly Lesson[] = [factLesson, editLesson, keysLesson, routerLesson, forgettingLesson, deferralLesson];

export function lessonOf(id: LessonId): Lesson {
  const found = lessons.find((lesson) => lesson.id === id);
  if (!found) throw new Error(`There is no lesson ${id}.`);
  return found;
}
