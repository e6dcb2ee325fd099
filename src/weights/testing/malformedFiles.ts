/** Every file with one fault, each named for it: what readers must refuse with a typed error, at once, and with no more memory than the file takes. */
import type { Malformed } from "./malformedBase.ts";
import { malformedConfig } from "./malformedConfig.ts";
import { malformedFolder } from "./malformedFolder.ts";
import { malformedGguf } from "./malformedGguf.ts";
import { malformedGgufModels } from "./malformedGgufModels.ts";
import { malformedIndex } from "./malformedIndex.ts";
import { malformedSafetensors } from "./malformedSafetensors.ts";

export const malformedFiles: readonly Malformed[] = [
  ...malformedSafetensors,
  ...malformedGguf,
  ...malformedGgufModels,
  ...malformedIndex,
  ...malformedConfig,
  ...malformedFolder,
];
