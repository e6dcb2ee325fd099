import type { LessonId } from "../store/controls.ts";
import type { GlossaryId } from "./glossary.ts";

/** The words of one step. */
export interface StepTexts {
  readonly title: string;
  /** What it is about. */
  readonly text: string;
  /** What to do, with the names of buttons as they stand on the page. */
  readonly act: string;
  /** Said once it is done. */
  readonly done: string;
  /** For those who are stuck; shown on request. */
  readonly hint: string;
  /** Asked before the act; its choices by name. */
  readonly question?: { readonly ask: string; readonly choices: Readonly<Record<string, string>> };
}

export interface LessonTexts {
  readonly title: string;
  readonly about: string;
  /** By the steps' own names. */
  readonly steps: Readonly<Record<string, StepTexts>>;
}

export type LessonsTexts = Readonly<Record<LessonId, LessonTexts>>;
/** A word and what it means. */
export type GlossaryTexts = Readonly<Record<GlossaryId, readonly [term: string, meaning: string]>>;
