/** Reads the `tokenizer.json` layout of Hugging Face tokenizers, checked far enough that nothing later can trip over it. */
import { readAddedTokens, type AddedToken } from "./addedTokens.ts";
import { readScheme, type ByteScheme } from "./byteScheme.ts";
import { badTokenizer, brief, isObject, type Fields } from "./fields.ts";
import { readNormalizers } from "./normalizers.ts";
import { readPostProcessor, type Frame } from "./postProcessor.ts";
import { readPreTokenizers } from "./preTokenizers.ts";
import { readModel, type BpeModel } from "./vocabulary.ts";

/** What is done to a text before it meets the model, in the words of the core. */
export interface TextSteps {
  readonly normalizers: readonly Fields[];
  readonly preTokenizers: readonly Fields[];
}

export interface TokenizerJson {
  readonly model: BpeModel;
  readonly addedTokens: readonly AddedToken[];
  /** For a text that begins here, and for one that goes on from another: nothing is put before that. */
  readonly steps: { readonly starting: TextSteps; readonly continuing: TextSteps };
  readonly frame: Frame;
  readonly scheme: ByteScheme;
}

/** Twice the largest file in use (Gemma's). */
const maxLength = 1 << 26;

/** @throws EngineError `bad-tokenizer` */
export function parseTokenizerJson(text: string): TokenizerJson {
  const root = parseObject(text);
  const model = readModel(root.model);
  const addedTokens = readAddedTokens(root.added_tokens ?? [], model);
  const steps = (starts: boolean): TextSteps => ({
    normalizers: readNormalizers(root.normalizer, starts),
    preTokenizers: readPreTokenizers(root.pre_tokenizer, starts),
  });
  return {
    model,
    addedTokens,
    steps: { starting: steps(true), continuing: steps(false) },
    frame: readPostProcessor(root.post_processor, { ...model, addedTokens }),
    scheme: readScheme(root.decoder),
  };
}

function parseObject(text: string): Fields {
  if (text.length > maxLength)
    throw badTokenizer(`got a text of ${text.length} characters, expected a tokenizer.json of at most ${maxLength}`);
  if (text.trim() === "") throw badTokenizer("got an empty text, expected the JSON of tokenizer.json");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const begin = brief(text.slice(0, 40));
    throw badTokenizer(`got a text that is no JSON (${String(cause)}), beginning ${begin}, expected tokenizer.json`, { cause });
  }
  if (!isObject(value)) throw badTokenizer(`got ${brief(value)}, expected a JSON object`);
  return value;
}
