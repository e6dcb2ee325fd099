/** Text to token ids and back, on the core of Hugging Face's tokenizers for JavaScript. */
import { Tokenizer as Core } from "@huggingface/tokenizers";
import { IncrementalDecoder } from "./incrementalDecoder.ts";
import { tokenBytes } from "./tokenBytes.ts";
import { badTokenizer, isObject, parseTokenizerJson, type TokenizerJson } from "./tokenizerJson.ts";

/** One token as it is. */
export interface Piece {
  /** U+FFFD where the bytes are only part of a character. */
  readonly text: string;
  readonly bytes: Uint8Array;
}

export interface EncodeOptions {
  /** Adds what the tokenizer.json's post-processor adds, e.g. Llama's `<s>` in front. False by default. */
  readonly specialTokens?: boolean;
}

export interface Tokenizer {
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
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * @param tokenizerJson text of tokenizer.json
 * @param tokenizerConfig tokenizer_config.json, parsed
 * @throws EngineError `bad-tokenizer`
 */
export function loadTokenizer(tokenizerJson: string, tokenizerConfig: unknown = {}): Tokenizer {
  const parsed = parseTokenizerJson(tokenizerJson);
  if (!isObject(tokenizerConfig)) throw badTokenizer("got a tokenizer_config.json that is no object, expected a JSON object");
  const core = createCore(parsed, tokenizerConfig);
  const bytes = tokenBytes(parsed);
  const special = specialIds(parsed, tokenizerConfig);
  const tokenizer: Tokenizer = {
    encode: (text, { specialTokens = false } = {}) => core.encode(text, { add_special_tokens: specialTokens }).ids,
    decode: (ids) => decodeAll(tokenizer, ids),
    piece: (id) => pieceOf(bytes.get(id)),
    isSpecial: (id) => special.has(id),
    endTokens: endIds(parsed, tokenizerConfig),
    vocabularySize: [...bytes.keys()].reduce((size, id) => Math.max(size, id + 1), 0),
    leadingSpaces: parsed.scheme.kind === "metaspace" ? parsed.scheme.leadingSpaces : 0,
  };
  return tokenizer;
}

/** The core, tried once with and without special tokens: some faults of a file show only then. */
function createCore(parsed: TokenizerJson, config: object): Core {
  try {
    const core = new Core(parsed.json, config);
    const ids = [core.encode("A test, 1.").ids, core.encode("A test, 1.", { add_special_tokens: false }).ids].flat();
    if (!ids.every((id) => Number.isInteger(id))) throw new Error("the post-processor adds a token that the vocabulary lacks");
    return core;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw badTokenizer(`got a file that cannot be used (${reason}), expected a working tokenizer.json`, cause);
  }
}

function pieceOf(bytes: Uint8Array | undefined): Piece {
  return bytes ? { text: utf8.decode(bytes), bytes } : nothing;
}

function decodeAll(tokenizer: Tokenizer, ids: readonly number[]): string {
  const decoder = new IncrementalDecoder(tokenizer, { startsText: true });
  return ids.map((id) => decoder.push(id)).join("") + decoder.flush();
}

function specialIds({ addedTokens }: TokenizerJson, config: Readonly<Record<string, unknown>>): ReadonlySet<number> {
  const named: unknown = config.additional_special_tokens;
  const more = new Set<unknown>(Array.isArray(named) ? named.map(tokenName) : []);
  return new Set(addedTokens.filter(({ special, content }) => special || more.has(content)).map(({ id }) => id));
}

/** A token in tokenizer_config.json: its text, or an object with it. */
function tokenName(value: unknown): unknown {
  return isObject(value) ? value.content : value;
}

function endIds({ vocabulary, addedTokens }: TokenizerJson, config: Readonly<Record<string, unknown>>): readonly number[] {
  const ids = new Set(addedTokens.filter(({ special, content }) => special && endNames.includes(content)).map(({ id }) => id));
  const named = tokenName(config.eos_token);
  for (const { id, content } of addedTokens) if (content === named) ids.add(id);
  for (const [id, token] of vocabulary) if (token === named) ids.add(id);
  return [...ids].sort((a, b) => a - b);
}
