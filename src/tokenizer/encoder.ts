/** Texts to token ids: added tokens are cut out here, the core does what is between them. */
import { Tokenizer as Core } from "@huggingface/tokenizers";
import { AddedTokenFinder } from "./addedTokens.ts";
import { badTokenizer } from "./fields.ts";
import type { TextSteps, TokenizerJson } from "./tokenizerJson.ts";

/** @param continues the text goes on from other text: no blank is put before it */
export type Encoder = (text: string, continues: boolean) => number[];

interface Pieces {
  normalize(text: string): string;
  /** @param first whether the text begins the whole */
  split(text: string, first: boolean): readonly string[];
}

const noParts = { added_tokens: [], normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null };
const noModel = { type: "BPE", vocab: {}, merges: [] };

/** @throws EngineError `bad-tokenizer` */
export function createEncoder(parsed: TokenizerJson): Encoder {
  try {
    const encode = encoderOf(parsed);
    // Some faults of a file show only in use.
    for (const continues of [true, false]) encode("A test, 1.", continues);
    return encode;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw badTokenizer(`got a file that cannot be used (${reason}), expected a working tokenizer.json`, { cause });
  }
}

function encoderOf({ model, addedTokens, steps }: TokenizerJson): Encoder {
  const core = new Core({ ...noParts, model: model.json }, {}).model;
  const [starting, continuing] = [piecesOf(steps.starting), piecesOf(steps.continuing)];
  const find = (normalized: boolean, contentOf: (content: string) => string): AddedTokenFinder =>
    new AddedTokenFinder(
      addedTokens.filter((token) => token.normalized === normalized).map((token) => [contentOf(token.content), token] as const),
    );
  const raw = find(false, (content) => content);
  const normal = find(true, (content) => starting.normalize(content));
  const { ids, json } = model;
  // Without a token for them, characters that the vocabulary lacks are left out, and what is on both sides of them may merge: SmolLM2 has
  // no token for some control characters. The core leaves them out too late for that.
  const known = json.unk_token || json.byte_fallback ? (word: string) => word : (word: string) => knownPart(word, ids);
  // One word at a time: the core would fuse unknown tokens across words.
  const idsOf = (words: readonly string[]): number[] =>
    words.flatMap((word) => core?._call([known(word)]) ?? []).map((token) => ids.get(token) ?? -1);
  return (text, continues) =>
    raw.split(text.toWellFormed()).flatMap((section) => {
      if ("id" in section) return [section.id];
      const pieces = continues && section.start === 0 ? continuing : starting;
      return normal
        .split(pieces.normalize(section.text))
        .flatMap((part) => ("id" in part ? [part.id] : idsOf(pieces.split(part.text, section.start + part.start === 0))));
    });
}

function knownPart(word: string, ids: ReadonlyMap<string, number>): string {
  const characters = [...word];
  return characters.every((character) => ids.has(character)) ? word : characters.filter((character) => ids.has(character)).join("");
}

/** The core makes normalizers and pre-tokenizers only as parts of a whole tokenizer. */
function piecesOf({ normalizers, preTokenizers }: TextSteps): Pieces {
  const { normalizer, pre_tokenizer: preTokenizer } = new Core(
    {
      ...noParts,
      model: noModel,
      normalizer: { type: "Sequence", normalizers },
      pre_tokenizer: { type: "Sequence", pretokenizers: preTokenizers },
    },
    {},
  );
  return {
    normalize: (text) => normalizer?.normalize(text) ?? text,
    split: (text, first) => preTokenizer?.pre_tokenize(text, { section_index: first ? 0 : 1 }) ?? [text],
  };
}
