/** What people come to do, in the order of doing. */
export const guideTaskIds = [
  "ask",
  "edit",
  "reach",
  "ledger",
  "routing",
  "scope",
  "evaluate",
  "model",
  "learn",
  "share",
  "keep",
  "keys",
  "stays",
] as const;
export type GuideTaskId = (typeof guideTaskIds)[number];

/** The words of one task. */
export interface GuideTaskTexts {
  readonly title: string;
  /** What to do, in order. */
  readonly steps: readonly string[];
  /** What to know besides. */
  readonly note: string;
}

/** The guide's own words, which come with it. */
export interface GuideTexts {
  readonly about: string;
  readonly picture: (task: string) => string;
  readonly tasks: Readonly<Record<GuideTaskId, GuideTaskTexts>>;
}
