import { EngineError } from "../lib/errors.ts";

/** @throws EngineError `bad-config`, always */
export function missingTensor(name: string): never {
  throw new EngineError(
    "bad-config",
    `The weights have no tensor ${JSON.stringify(name)}, expected it by the configuration.`,
    "The files are incomplete, or config.json belongs to another model.",
  );
}
