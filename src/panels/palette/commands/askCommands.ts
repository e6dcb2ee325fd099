import { activityOf } from "../../../store/selectors.ts";
import type { Command } from "../command.ts";
import { goTo } from "../goTo.ts";
import { isIdle } from "./conditions.ts";

export const askCommands: readonly Command[] = [
  {
    id: "write-prompt",
    group: "ask",
    part: "prompt",
    name: ({ palette }) => palette.writePrompt,
    run: () => goTo("prompt", "textarea"),
  },
  {
    id: "generate",
    group: "ask",
    part: "prompt",
    name: ({ prompt }) => prompt.generate,
    when: isIdle,
    run: ({ actions }) => void actions.generate(),
    keys: ["Mod+Enter"],
  },
  {
    id: "compare",
    group: "ask",
    part: "prompt",
    name: ({ palette }) => palette.compare,
    when: isIdle,
    run: ({ actions }) => void actions.compare(),
    keys: ["Mod+Shift+Enter"],
  },
  {
    id: "stop",
    group: "ask",
    name: ({ palette }) => palette.stop,
    when: (state) => ["generating", "training"].includes(activityOf(state)),
    run({ actions }) {
      actions.stop();
      actions.cancelTraining();
    },
    keys: ["Mod+."],
  },
  {
    id: "greedy",
    group: "ask",
    part: "decoding",
    name: ({ palette }) => palette.greedy,
    when: ({ prompt }) => prompt.options.decoding !== "greedy",
    run: ({ actions }) => actions.setOptions({ decoding: "greedy" }),
  },
  {
    id: "sampled",
    group: "ask",
    part: "decoding",
    name: ({ palette }) => palette.sampled,
    when: ({ prompt }) => prompt.options.decoding !== "sampled",
    run: ({ actions }) => actions.setOptions({ decoding: "sampled" }),
  },
];
