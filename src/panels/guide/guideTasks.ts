import type { GuideTaskId } from "../../texts/guideTexts.ts";

/** Pictures of the film strip, by the names of their files in docs/film. */
export type FilmFrame =
  | "ask"
  | "edit"
  | "reach"
  | "ledger"
  | "routing"
  | "scope"
  | "evaluate"
  | "model"
  | "learn"
  | "share"
  | "commands"
  | "phone";

export interface GuideTask {
  /** Ids of the commands that lead there. */
  readonly commands: readonly string[];
  readonly frame?: FilmFrame;
}

export const guideTasks: Readonly<Record<GuideTaskId, GuideTask>> = {
  ask: { commands: ["write-prompt", "generate"], frame: "ask" },
  edit: { commands: ["write-edit", "go-edits"], frame: "edit" },
  reach: { commands: ["compare", "go-answers", "compare-methods"], frame: "reach" },
  ledger: { commands: ["go-edits", "undo", "check-edits", "import-edits"], frame: "ledger" },
  routing: { commands: ["go-routing", "microscope"], frame: "routing" },
  scope: { commands: ["go-scope", "lower-threshold", "raise-threshold"], frame: "scope" },
  evaluate: { commands: ["set-up-evaluation"], frame: "evaluate" },
  model: { commands: ["change-model", "mixture-settings", "go-storage"], frame: "model" },
  learn: { commands: ["learn", "present"], frame: "learn" },
  share: { commands: ["share"], frame: "share" },
  keep: { commands: ["go-projects"] },
  keys: { commands: ["palette", "keyboard"], frame: "commands" },
  stays: { commands: ["go-device", "prove"], frame: "phone" },
};
