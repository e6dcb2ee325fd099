/** Text to token ids and back, on the core of Hugging Face's tokenizers for JavaScript. */
import { createEncoder } from "./encoder.ts";
import { badTokenizer, isObject, type Fields } from "./fields.ts";
import { IncrementalDecoder } from "./incrementalDecoder.ts";
import { withBosToken } from "./postProcessor.ts";
import { bytesText, tokenBytes } from "./tokenBytes.ts";
import { parseTokenizerJson, type TokenizerJson } from "./tokenizerJson.ts";

/** One token as it is. */
export interface Piece {
  /** `<0xE2>` for a byte that is part of a character. */
  readonly text: string;
  readonly bytes: Uint8Array;
}

export interface EncodeOptions {
  /** Adds what the tokenizer's post-processor adds, e.g. Llama's `<s>` in front. False by default. */
  readonly specialTokens?: boolean;
  /** The text goes on from other text: no blank is put before it, as some tokenizers do at the start. False by default. */
  readonly continues?: boolean;
}

export interface Tokenizer {
  /** Half surrogate pairs are read as U+FFFD. */
  encode(text: string, options?: EncodeOptions): number[];
  /** The text of tokens that begin a text; special tokens and unknown ids give none. Never tidies spaces. */
  decode(ids: readonly number[]): string;
  /** Empty for an id outside the vocabulary: models pad theirs. */
  piece(id: number): Piece;
  isSpecial(id: number): boolean;
  /** Ids that end a text. */
  readonly endTokens: readonly number[];
  /** The largest id + 1. */
  readonly vocabularySize: number;
  /** Blanks that decoding drops at the start of a text. */
  readonly leadingSpaces: number;
}

/** Ends of text and of turn in models of the supported architectures, where tokenizer_config.json does not say. */
const endNames = ["<|endoftext|>", "</s>", "<|end_of_text|>", "<|eot_id|>", "<|im_end|>"];
const nothing: Piece = { text: "", bytes: new Uint8Array(0) };

/**
 * @param tokenizerJson text of tokenizer.json
 * @param tokenizerConfig tokenizer_config.json, parsed
 * @throws EngineError `bad-tokenizer`
 */
export function loadTokenizer(tokenizerJson: string, tokenizerConfig: unknown = {}): Tokenizer {
  const parsed = parseTokenizerJson(tokenizerJson);
  if (!isObject(tokenizerConfig)) throw badTokenizer("got a tokenizer_config.json that is no object, expected a JSON object");
  const encode = createEncoder(parsed);
  const bytesOf = tokenBytes(parsed);
  const special = specialIds(parsed, tokenizerConfig);
  const { before, after } = withBosToken(parsed.frame, tokenizerConfig, (content) => idOf(parsed, tokenName(content)));
  const tokenizer: Tokenizer = {
    encode: (text, { specialTokens = false, continues = false } = {}) => {
      const ids = encode(text, continues);
      return specialTokens ? [...before, ...ids, ...after] : ids;
    },
    decode: (ids) => decodeAll(tokenizer, ids),
    piece: (id) => pieceOf(bytesOf(id)),
    isSpecial: (id) => special.has(id),
    endTokens: endIds(parsed, tokenizerConfig),
    vocabularySize: sizeOf(parsed),
    leadingSpaces: parsed.scheme.kind === "metaspace" ? parsed.scheme.leadingSpaces : 0,
  };
  return tokenizer;
}

function pieceOf(bytes: Uint8Array | undefined): Piece {
  return bytes ? { text: bytesText(bytes), bytes } : nothing;
}

function decodeAll(tokenizer: Tokenizer, ids: readonly number[]): string {
  const decoder = new IncrementalDecoder(tokenizer, { startsText: true });
  return ids.map((id) => decoder.push(id)).join("") + decoder.flush();
}

function sizeOf({ model, addedTokens }: TokenizerJson): number {
  let size = addedTokens.reduce((most, { id }) => Math.max(most, id + 1), 0);
  for (const id of model.texts.keys()) size = Math.max(size, id + 1);
  return size;
}

function idOf({ model, addedTokens }: TokenizerJson, content: unknown): number | undefined {
  if (typeof content !== "string") return undefined;
  return addedTokens.find((token) => token.content === content)?.id ?? model.ids.get(content);
}

function specialIds({ addedTokens }: TokenizerJson, config: Fields): ReadonlySet<number> {
  const named: unknown = config.additional_special_tokens;
  const more = new Set<unknown>(Array.isArray(named) ? named.map(tokenName) : []);
  return new Set(addedTokens.filter(({ special, content }) => special || more.has(content)).map(({ id }) => id));
}

/** A token in tokenizer_config.json: its text, or an object with it. */
function tokenName(value: unknown): unknown {
  return isObject(value) ? value.content : value;
}

function endIds(parsed: TokenizerJson, config: Fields): readonly number[] {
  const known = parsed.addedTokens.filter(({ special, content }) => special && endNames.includes(content)).map(({ id }) => id);
  const named = [config.eos_token, config.eot_token].map((token) => idOf(parsed, tokenName(token)));
  return [...new Set([...known, ...named])].filter((id) => id !== undefined).sort((a, b) => a - b);
}
