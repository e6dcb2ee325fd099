import { malformedFiles } from "../../../src/weights/testing/malformedFiles.ts";
import { hostileAdapters } from "./adapters.ts";
import { hostileDocuments } from "./documents.ts";
import type { Handcrafted } from "./handcrafted.ts";
import { hostileNetwork } from "./network.ts";

/** The catalogue of broken models, each through everything that the page does with one before the GPU. */
const models: readonly Handcrafted[] = malformedFiles.map(({ name, code, says, files }) => ({
  target: "model",
  name,
  code,
  says,
  input: files,
}));

export const handcrafted: readonly Handcrafted[] = [...models, ...hostileAdapters, ...hostileDocuments, ...hostileNetwork];
