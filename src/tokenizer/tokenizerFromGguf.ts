import { badTokenizer } from "./tokenizerJson.ts";

/** @throws EngineError `bad-tokenizer` */
export function tokenizerFromGguf(_metadata: ReadonlyMap<string, unknown>): {
  tokenizerJson: string;
  tokenizerConfig: Record<string, unknown>;
} {
  throw badTokenizer("got the tokenizer of a GGUF file, expected tokenizer.json");
}
