/** One parser of bytes or text from strangers, as the fuzzer tries it. */
import type { ErrorCode } from "../../src/lib/errors.ts";
import type { Draw } from "./draw.ts";

/** Files by name; a text alone is the file "". */
export type Input = ReadonlyMap<string, Uint8Array>;

export interface FuzzTarget<T = unknown> {
  /** All that it may refuse with. */
  readonly codes: readonly ErrorCode[];
  /** Each is accepted as it is. */
  readonly sound: readonly Input[];
  /** A sound input with some damage; no two draws need differ. */
  mutate(draw: Draw): Input | Promise<Input>;
  /** The parser as it ships. @throws EngineError, or it is a finding */
  read(input: Input): T | Promise<T>;
  /** Looks at what was accepted without the parser's help. @returns what is wrong */
  check(input: Input, read: T): string | undefined | Promise<string | undefined>;
}

export interface FuzzSource {
  readonly name: string;
  /** Of the mutants, as a weight among the targets: cheap parsers take more. */
  readonly share: number;
  /** Faults that can be put in its parser's place, by name. */
  readonly plants?: readonly string[];
  /** Makes its sound inputs. */
  open(plant?: string): Promise<FuzzTarget>;
}

const encoder = new TextEncoder();

export const alone = (content: string | Uint8Array): Input =>
  new Map([["", typeof content === "string" ? encoder.encode(content) : content]]);

/** The one file of an input, in a buffer of its own. */
export const bytesOf = (input: Input, name = ""): Uint8Array<ArrayBuffer> => Uint8Array.from(input.get(name) ?? []);

/** As a page reads what it is given: bytes that are no UTF-8 become U+FFFD. */
export const textOf = (input: Input, name = ""): string => new TextDecoder("utf-8", { ignoreBOM: true }).decode(input.get(name));

export const sizeOf = (input: Input): number => [...input.values()].reduce((sum, { length }) => sum + length, 0);
