/** Reads the `tokenizer.json` layout of Hugging Face tokenizers, checked far enough that nothing later can trip over it. */
import { EngineError } from "../lib/errors.ts";

export interface AddedTokenJson {
  readonly id: number;
  readonly content: string;
  readonly special: boolean;
}

/** How token texts become bytes. */
export type ByteScheme =
  /** Each character of a token stands for one byte (GPT-2, Llama 3). */
  | { readonly kind: "byte-level" }
  /** `space` stands for a blank, `<0xNN>` for a byte (Llama 2); decoding drops `leadingSpaces` blanks at the start of a text. */
  | { readonly kind: "metaspace"; readonly space: string; readonly leadingSpaces: number };

export interface TokenizerJson {
  /** As parsed, with the parts that older files leave out. */
  readonly json: Readonly<Record<string, unknown>>;
  readonly vocabulary: ReadonlyMap<number, string>;
  readonly addedTokens: readonly AddedTokenJson[];
  readonly scheme: ByteScheme;
}

type Fields = Readonly<Record<string, unknown>>;

/** Beyond every vocabulary in use, and a guard against ids that would make arrays of gigabytes. */
const maxVocabulary = 1 << 22;

export function badTokenizer(message: string, cause?: unknown): EngineError {
  const hint =
    "Use the tokenizer.json that belongs to the model, of a byte-level or SentencePiece BPE tokenizer; download it again if it is damaged.";
  return new EngineError("bad-tokenizer", `Tokenizer: ${message}.`, hint, cause === undefined ? undefined : { cause });
}

export function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @throws EngineError `bad-tokenizer` */
export function parseTokenizerJson(text: string): TokenizerJson {
  const root = parseObject(text);
  const model = root.model;
  if (!isObject(model)) throw badTokenizer(`got model ${brief(model)}, expected an object`);
  if (model.type !== undefined && model.type !== "BPE") throw badTokenizer(`got a model of type ${brief(model.type)}, expected "BPE"`);
  const vocabulary = readVocabulary(model.vocab);
  checkMerges(model.merges);
  const addedTokens = readAddedTokens(root.added_tokens ?? []);
  const empty = { normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null };
  const json = { ...empty, ...root, added_tokens: root.added_tokens ?? [], model: { ...model, type: "BPE" } };
  return { json, vocabulary, addedTokens, scheme: readScheme(root.decoder) };
}

function parseObject(text: string): Fields {
  if (text.trim() === "") throw badTokenizer("got an empty text, expected the JSON of tokenizer.json");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw badTokenizer(
      `got a text that is no JSON (${String(cause)}), beginning ${brief(text.slice(0, 40))}, expected tokenizer.json`,
      cause,
    );
  }
  if (!isObject(value)) throw badTokenizer(`got ${brief(value)}, expected a JSON object`);
  return value;
}

/** A value as it is quoted in a message. */
function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function isTokenId(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < maxVocabulary;
}

function readVocabulary(vocab: unknown): ReadonlyMap<number, string> {
  if (!isObject(vocab)) throw badTokenizer(`got model.vocab ${brief(vocab)}, expected an object of token texts to ids`);
  const texts = new Map<number, string>();
  for (const [token, id] of Object.entries(vocab)) {
    if (!isTokenId(id))
      throw badTokenizer(`got id ${brief(id)} for token ${brief(token)}, expected an integer from 0 to ${maxVocabulary - 1}`);
    if (texts.has(id)) throw badTokenizer(`got id ${id} for both ${brief(texts.get(id))} and ${brief(token)}, expected one token an id`);
    texts.set(id, token);
  }
  if (texts.size === 0) throw badTokenizer("got an empty vocabulary, expected at least one token");
  return texts;
}

function checkMerges(merges: unknown): void {
  if (!Array.isArray(merges)) throw badTokenizer(`got model.merges ${brief(merges)}, expected a list`);
  const paired = Array.isArray(merges[0]);
  const fits = (merge: unknown) =>
    paired
      ? Array.isArray(merge) && merge.length === 2 && merge.every((part) => typeof part === "string")
      : typeof merge === "string" && /^[^ ]+ [^ ]+$/.test(merge);
  const wrong = merges.findIndex((merge) => !fits(merge));
  if (wrong >= 0)
    throw badTokenizer(
      `got merge ${wrong} ${brief(merges[wrong])}, expected ${paired ? "a pair of texts" : "two texts parted by a space"}`,
    );
}

function readAddedTokens(list: unknown): readonly AddedTokenJson[] {
  if (!Array.isArray(list)) throw badTokenizer(`got added_tokens ${brief(list)}, expected a list`);
  return list.map((token: unknown) => {
    if (!isObject(token) || !isTokenId(token.id) || typeof token.content !== "string" || token.content === "") {
      throw badTokenizer(`got the added token ${brief(token)}, expected an id and a content`);
    }
    return { id: token.id, content: token.content, special: token.special === true };
  });
}

/** The decoder chains in use by GPT-2 and Llama models; any other would decode wrongly, so it is refused. */
function readScheme(decoder: unknown): ByteScheme {
  const chain =
    isObject(decoder) && decoder.type === "Sequence" && Array.isArray(decoder.decoders) ? (decoder.decoders as unknown[]) : [decoder];
  let scheme: ByteScheme | undefined;
  for (const step of chain) {
    const fields: Fields = isObject(step) ? step : {};
    if (fields.type === "ByteLevel") scheme = { kind: "byte-level" };
    else if (fields.type === "Metaspace") scheme = { kind: "metaspace", space: spaceOf(fields.replacement), leadingSpaces: 1 };
    else if (fields.type === "Replace" && fields.content === " ")
      scheme = { kind: "metaspace", space: spaceOf(isObject(fields.pattern) ? fields.pattern.String : undefined), leadingSpaces: 0 };
    else if (fields.type === "Strip" && fields.content === " " && scheme?.kind === "metaspace")
      scheme = { ...scheme, leadingSpaces: Number(fields.start) || 0 };
    else if (fields.type !== "ByteFallback" && fields.type !== "Fuse")
      throw badTokenizer(`got the decoder ${brief(step)}, expected ByteLevel, Metaspace, or Replace with ByteFallback, Fuse and Strip`);
  }
  if (!scheme) throw badTokenizer(`got the decoder ${brief(decoder)}, expected one that says how blanks are written`);
  return scheme;
}

function spaceOf(value: unknown): string {
  if (value === undefined) return "\u2581";
  if (typeof value !== "string" || value === "") throw badTokenizer(`got ${brief(value)} as the sign for a blank, expected a text`);
  return value;
}
