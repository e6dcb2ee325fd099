import { EngineError } from "../../lib/errors.ts";
import { ConfigReader } from "../config.ts";
import type { Architecture } from "../model.ts";
import { gpt2 } from "./gpt2.ts";
import { llama } from "./llama.ts";

const ARCHITECTURES: readonly Architecture[] = [gpt2, llama];

/** @throws EngineError `unsupported-architecture` naming what is supported. */
export function architectureFor(config: unknown): Architecture {
  const modelType = new ConfigReader(config).text("model_type");
  const found = ARCHITECTURES.find((architecture) => architecture.modelType === modelType);
  if (found) return found;
  const supported = ARCHITECTURES.map((architecture) => architecture.modelType).join(", ");
  throw new EngineError(
    "unsupported-architecture",
    `Models of type ${JSON.stringify(modelType)} are not supported.`,
    `Supported: ${supported}.`,
  );
}
