/** A tokenizer.json from what a GGUF file says of its tokenizer (keys `tokenizer.ggml.*`, as llama.cpp reads them). */
import { badTokenizer, brief, type Fields } from "./fields.ts";
import { ggufPreTokenizer } from "./ggufPreTokenizers.ts";
import { mergesFromScores } from "./mergesFromScores.ts";
import { maxTokenLength, maxVocabulary } from "./vocabulary.ts";

/** As the weights folder hands it on: lists hold one type each. */
type Metadata = ReadonlyMap<string, number | boolean | string | readonly number[] | readonly boolean[] | readonly string[]>;

export interface GgufTokenizer {
  /** Text of a tokenizer.json. */
  readonly tokenizerJson: string;
  /** As in tokenizer_config.json: which token is which, and the chat template as text. */
  readonly tokenizerConfig: Record<string, unknown>;
}

const normalType = 1;
const unknownType = 2;
const controlType = 3;
const userDefinedType = 4;
const byteType = 6;
const hint = "The file's tokenizer cannot be used: take another conversion of the model, or its Hugging Face repository.";
const wrong = (message: string) => badTokenizer(`GGUF metadata: ${message}`, { hint });

/** What the file says, checked. */
interface Pieces {
  readonly tokens: readonly string[];
  readonly types: readonly number[];
  /** Ids of the tokens with a part to play, where the file has them. */
  readonly roles: { readonly [role in Role]: number | undefined };
}

type Role = keyof typeof roleKeys;
const roleKeys = {
  bos: "bos_token_id",
  eos: "eos_token_id",
  eot: "eot_token_id",
  unk: "unknown_token_id",
  pad: "padding_token_id",
} as const;

const keyOf = (role: Role): string => `tokenizer.ggml.${roleKeys[role]}`;

/** @throws EngineError `bad-tokenizer` */
export function tokenizerFromGguf(metadata: Metadata): GgufTokenizer {
  const kind = textAt(metadata, "model") ?? "nothing";
  if (kind !== "gpt2" && kind !== "llama")
    throw wrong(`got tokenizer.ggml.model ${brief(kind)}, expected gpt2 (byte-level BPE) or llama (SentencePiece BPE)`);
  const pieces = readPieces(metadata, kind === "llama");
  const parts = kind === "gpt2" ? byteLevelParts(metadata, pieces) : sentencePieceParts(metadata, pieces);
  const { addsBos, ...json } = parts;
  const bos = bosToken(metadata, pieces, addsBos);
  const root = { version: "1.0", truncation: null, padding: null, added_tokens: addedTokens(pieces), ...json };
  return {
    tokenizerJson: JSON.stringify({ ...root, post_processor: bos === undefined ? null : templateOf(pieces, bos) }),
    tokenizerConfig: configOf(metadata, pieces, bos !== undefined),
  };
}

function byteLevelParts(metadata: Metadata, { tokens }: Pieces) {
  const { normalizer, preTokenizer, ignoreMerges, addsBos } = ggufPreTokenizer(
    textAt(metadata, "pre"),
    metadata.get("general.architecture"),
  );
  const merges = textsAt(metadata, "merges");
  const model = bpeModel(tokens, merges, { unk_token: null, fuse_unk: false, byte_fallback: false, ignore_merges: ignoreMerges });
  const decoder = { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true };
  return { normalizer, pre_tokenizer: preTokenizer, decoder, model, addsBos };
}

function sentencePieceParts(metadata: Metadata, { tokens, types, roles }: Pieces) {
  const scores = numbersAt(metadata, "scores", tokens.length);
  if (!scores) throw wrong("got no tokenizer.ggml.scores, expected one a token");
  const apart = [unknownType, controlType, userDefinedType, byteType];
  const mergeable = new Map(tokens.flatMap((token, id) => (apart.includes(types[id] ?? normalType) ? [] : [[token, id] as const])));
  const prefixed = flagAt(metadata, "add_space_prefix") ?? true;
  const unknown = roles.unk === undefined ? null : (tokens[roles.unk] ?? null);
  const normalizers = [
    ...(prefixed ? [{ type: "Prepend", prepend: "▁" }] : []),
    { type: "Replace", pattern: { String: " " }, content: "▁" },
  ];
  const decoders = [
    { type: "Replace", pattern: { String: "▁" }, content: " " },
    { type: "ByteFallback" },
    { type: "Fuse" },
    ...(prefixed ? [{ type: "Strip", content: " ", start: 1, stop: 0 }] : []),
  ];
  return {
    normalizer: { type: "Sequence", normalizers },
    pre_tokenizer: null,
    decoder: { type: "Sequence", decoders },
    model: bpeModel(tokens, mergesFromScores(mergeable, scores), { unk_token: unknown, fuse_unk: true, byte_fallback: true }),
    addsBos: true,
  };
}

function bpeModel(tokens: readonly string[], merges: readonly (string | readonly [string, string])[], options: Fields): Fields {
  // Built from entries: a token may be called __proto__.
  return { type: "BPE", dropout: null, ...options, vocab: Object.fromEntries(tokens.map((token, id) => [token, id])), merges };
}

function readPieces(metadata: Metadata, sentencePiece: boolean): Pieces {
  const tokens = textsAt(metadata, "tokens").map((token, id) => (token === "" ? `[EMPTY_${id}]` : token));
  if (tokens.length === 0 || tokens.length > maxVocabulary)
    throw wrong(`got ${tokens.length} tokenizer.ggml.tokens, expected 1 to ${maxVocabulary}`);
  const seen = new Map<string, number>();
  for (const [id, token] of tokens.entries()) {
    const other = seen.get(token);
    if (other !== undefined) throw wrong(`got the token ${brief(token)} with ids ${other} and ${id}, expected each once`);
    if (token.length > maxTokenLength) throw wrong(`got token ${id} of ${token.length} characters, expected at most ${maxTokenLength}`);
    seen.set(token, id);
  }
  const given = numbersAt(metadata, "token_type", tokens.length);
  const roles = readRoles(metadata, tokens.length, sentencePiece);
  const types = given ? [...given] : tokens.map(() => normalType);
  // Some files give these the type of words.
  for (const role of ["bos", "eos", "eot"] as const)
    if (metadata.has(keyOf(role)) && types[roles[role] ?? -1] === normalType) types[roles[role] ?? -1] = controlType;
  return { tokens, types, roles };
}

/** Where a SentencePiece file does not say, Llama's ids count. */
function readRoles(metadata: Metadata, size: number, sentencePiece: boolean): Pieces["roles"] {
  const defaults: Partial<Record<Role, number>> = sentencePiece ? { unk: 0, bos: 1, eos: 2 } : {};
  const idOf = (role: Role): number | undefined => {
    const id = metadata.get(keyOf(role)) ?? defaults[role];
    if (id === undefined) return undefined;
    if (typeof id === "number" && Number.isInteger(id) && id >= 0 && id < size) return id;
    throw wrong(`got ${keyOf(role)} ${brief(id)}, expected an id below ${size}`);
  };
  return { bos: idOf("bos"), eos: idOf("eos"), eot: idOf("eot"), unk: idOf("unk"), pad: idOf("pad") };
}

function addedTokens({ tokens, types }: Pieces): readonly Fields[] {
  return types.flatMap((type, id) => {
    const special = type === controlType || type === unknownType;
    if (!special && type !== userDefinedType) return [];
    return [{ id, content: tokens[id], single_word: false, lstrip: false, rstrip: false, normalized: false, special }];
  });
}

function bosToken(metadata: Metadata, { roles }: Pieces, otherwise: boolean): number | undefined {
  const wanted = flagAt(metadata, "add_bos_token") ?? otherwise;
  if (wanted && roles.bos === undefined) throw wrong("got no tokenizer.ggml.bos_token_id, expected one, since add_bos_token is true");
  return wanted ? roles.bos : undefined;
}

function templateOf({ tokens }: Pieces, bos: number): Fields {
  const name = tokens[bos] ?? "";
  const text = (id: string, type_id: number): Fields => ({ Sequence: { id, type_id } });
  const first = [{ SpecialToken: { id: name, type_id: 0 } }, text("A", 0)];
  return {
    type: "TemplateProcessing",
    single: first,
    pair: [...first, text("B", 1)],
    special_tokens: Object.fromEntries([[name, { id: name, ids: [bos], tokens: [name] }]]),
  };
}

function configOf(metadata: Metadata, { tokens, roles }: Pieces, addsBos: boolean): Record<string, unknown> {
  const named = (Object.keys(roleKeys) as Role[]).flatMap((role) => {
    const id = roles[role];
    return id === undefined ? [] : [[`${role}_token`, tokens[id]] as const];
  });
  const template = metadata.get("tokenizer.chat_template");
  return {
    ...Object.fromEntries(named),
    add_bos_token: addsBos,
    clean_up_tokenization_spaces: false,
    ...(typeof template === "string" ? { chat_template: template } : {}),
  };
}

function textAt(metadata: Metadata, name: string): string | undefined {
  const value = metadata.get(`tokenizer.ggml.${name}`);
  if (value === undefined || typeof value === "string") return value;
  throw wrong(`got tokenizer.ggml.${name} ${brief(value)}, expected a text`);
}

function flagAt(metadata: Metadata, name: string): boolean | undefined {
  const value = metadata.get(`tokenizer.ggml.${name}`);
  if (value === undefined || typeof value === "boolean") return value;
  throw wrong(`got tokenizer.ggml.${name} ${brief(value)}, expected true or false`);
}

function textsAt(metadata: Metadata, name: string): readonly string[] {
  const value: unknown = metadata.get(`tokenizer.ggml.${name}`);
  if (Array.isArray(value) && value.every((text) => typeof text === "string")) return value;
  throw wrong(`got tokenizer.ggml.${name} ${brief(value)}, expected a list of texts`);
}

function numbersAt(metadata: Metadata, name: string, length: number): readonly number[] | undefined {
  const value: unknown = metadata.get(`tokenizer.ggml.${name}`);
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every((number) => typeof number === "number" && Number.isFinite(number)))
    throw wrong(`got tokenizer.ggml.${name} ${brief(value)}, expected a list of numbers`);
  if (value.length !== length) throw wrong(`got ${value.length} of tokenizer.ggml.${name}, expected ${length}, one a token`);
  return value;
}
