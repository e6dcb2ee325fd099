/** Values of a GGUF file's metadata as they are handed on; the parser has checked their types, counts and lengths. */
import { EngineError } from "../lib/errors.ts";

/** Integers beyond 2^53 never get here: the parser refuses them. Lists hold one type each. */
export type GgufValue = number | boolean | string | readonly number[] | readonly boolean[] | readonly string[];
export type GgufMetadata = ReadonlyMap<string, GgufValue>;

/** A fault of a GGUF file. */
export function badGguf(message: string, hint = "The file is damaged, cut short or of another program: download it again."): EngineError {
  return new EngineError("bad-gguf", `GGUF: ${message}.`, hint);
}
