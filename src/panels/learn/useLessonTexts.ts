import { useSyncExternalStore } from "react";
import type { GlossaryTexts, LessonsTexts } from "../../lessons/lessonTexts.ts";
import { glossary as glossaryDe } from "../../texts/de/glossary.ts";
import { lessons as lessonsDe } from "../../texts/de/lessons.ts";
import { glossary as glossaryEn } from "../../texts/en/glossary.ts";
import { lessons as lessonsEn } from "../../texts/en/lessons.ts";
import { currentLanguage, subscribeLanguage } from "../../texts/language.ts";
import type { Language } from "../../texts/language.ts";

export interface LessonWords {
  readonly lessons: LessonsTexts;
  readonly glossary: GlossaryTexts;
}

const words: Readonly<Record<Language, LessonWords>> = {
  en: { lessons: lessonsEn, glossary: glossaryEn },
  de: { lessons: lessonsDe, glossary: glossaryDe },
};

/** The lessons' own words, which come with the panel that shows them. */
export function useLessonTexts(): LessonWords {
  return words[useSyncExternalStore(subscribeLanguage, currentLanguage)];
}

/** The same outside components. */
export const lessonWords = (): LessonWords => words[currentLanguage()];
