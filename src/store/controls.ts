/** Parts of the page that a link may hide or lock, and that a lesson may point at. New ones go to the end: links name them by their place. */
export const controlIds = [
  "prompt",
  "answers",
  "edit",
  "edits",
  "routing",
  "scope",
  "evaluation",
  "model",
  "device",
  "storage",
  // Inside those:
  "threshold",
  "rephrasings",
  "settings",
  "decoding",
  // Areas again:
  "projects",
] as const;
export type ControlId = (typeof controlIds)[number];

/** Areas of the screen. */
export const regionIds = ["prompt", "answers", "edit", "routing", "scope", "edits", "evaluation", "model", "device"] as const;
export type RegionId = (typeof regionIds)[number];

/** The six lessons, in the order of learning. New ones go to the end: links name them by their place. */
export const lessonIds = ["fact", "edit", "keys", "router", "forgetting", "deferral"] as const;
export type LessonId = (typeof lessonIds)[number];
