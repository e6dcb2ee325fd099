import { canChangeModel } from "../../../store/selectors.ts";
import type { Command } from "../command.ts";
import { goTo } from "../goTo.ts";
import { hasModel } from "./conditions.ts";

export const modelCommands: readonly Command[] = [
  {
    id: "change-model",
    group: "model",
    part: "model",
    name: ({ model }) => model.change,
    when: canChangeModel,
    run: ({ actions }) => actions.openChoice(),
  },
  {
    id: "mixture-settings",
    group: "model",
    part: "settings",
    name: ({ settings }) => settings.title,
    when: hasModel,
    run() {
      goTo("model", ".settings summary");
      document.activeElement?.closest("details")?.setAttribute("open", "");
    },
  },
  {
    id: "cancel-load",
    group: "model",
    name: ({ loading }) => loading.cancel,
    there: ({ model }) => model.status === "loading",
    run: ({ actions }) => actions.cancelLoad(),
  },
  {
    id: "prove",
    group: "model",
    part: "device",
    name: ({ device }) => device.proof.run,
    when: ({ device, proof }) => device.status === "ready" && proof.status !== "running",
    run({ actions }) {
      void actions.prove(true);
      goTo("device");
    },
  },
  {
    id: "stop-proof",
    group: "model",
    part: "device",
    name: ({ palette }) => palette.stopProof,
    there: ({ proof }) => proof.status === "running",
    run: ({ actions }) => actions.stopProof(),
  },
];
