import type { Command } from "../command.ts";
import { askCommands } from "./askCommands.ts";
import { editCommands } from "./editCommands.ts";
import { learnCommands } from "./learnCommands.ts";
import { ledgerCommands } from "./ledgerCommands.ts";
import { lookCommands } from "./lookCommands.ts";
import { modelCommands } from "./modelCommands.ts";
import { pageCommands } from "./pageCommands.ts";

/** Everything that can be done on the page, in the order of the palette. A new command is one more value in the list of its part. */
export const commands: readonly Command[] = [
  ...askCommands,
  ...editCommands,
  ...ledgerCommands,
  ...lookCommands,
  ...learnCommands,
  ...modelCommands,
  ...pageCommands,
];
