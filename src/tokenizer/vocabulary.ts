import { badTokenizer, booleanOf, brief, isObject, type Fields } from "./fields.ts";

/** Beyond every vocabulary in use, and a guard against ids that would make arrays of gigabytes. */
export const maxVocabulary = 1 << 22;
/** Characters of one token; the longest in use has 128. */
export const maxTokenLength = 4096;

/** The byte-pair model of a tokenizer.json. */
export interface BpeModel {
  /** As parsed. */
  readonly json: Fields;
  readonly texts: ReadonlyMap<number, string>;
  readonly ids: ReadonlyMap<string, number>;
}

/** @throws EngineError `bad-tokenizer` */
export function readModel(model: unknown): BpeModel {
  if (!isObject(model)) throw badTokenizer(`got model ${brief(model)}, expected an object`);
  if (model.type !== undefined && model.type !== "BPE") throw badTokenizer(`got a model of type ${brief(model.type)}, expected "BPE"`);
  for (const name of ["fuse_unk", "byte_fallback", "ignore_merges"]) booleanOf(model, name, false);
  for (const name of ["continuing_subword_prefix", "end_of_word_suffix", "dropout"])
    if (model[name]) throw badTokenizer(`got ${name} ${brief(model[name])}, expected none: GPT-2 and Llama tokenizers have none`);
  const { texts, ids } = readVocabulary(model.vocab);
  checkMerges(model.merges, ids);
  const { unk_token: unknown = null } = model;
  if (unknown !== null && !(typeof unknown === "string" && ids.has(unknown)))
    throw badTokenizer(`got unk_token ${brief(unknown)}, expected a token of the vocabulary`);
  return { json: { ...model, type: "BPE" }, texts, ids };
}

export function isTokenId(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < maxVocabulary;
}

function readVocabulary(vocab: unknown): Pick<BpeModel, "texts" | "ids"> {
  if (!isObject(vocab)) throw badTokenizer(`got model.vocab ${brief(vocab)}, expected an object of token texts to ids`);
  const texts = new Map<number, string>();
  const ids = new Map<string, number>();
  for (const [token, id] of Object.entries(vocab)) {
    if (!isTokenId(id))
      throw badTokenizer(`got id ${brief(id)} for token ${brief(token)}, expected an integer from 0 to ${maxVocabulary - 1}`);
    if (texts.has(id)) throw badTokenizer(`got id ${id} for both ${brief(texts.get(id))} and ${brief(token)}, expected one token an id`);
    if (token.length > maxTokenLength)
      throw badTokenizer(`got the token ${brief(token)} of ${token.length} characters, expected at most ${maxTokenLength}`);
    texts.set(id, token);
    ids.set(token, id);
  }
  if (texts.size === 0) throw badTokenizer("got an empty vocabulary, expected at least one token");
  return { texts, ids };
}

/** Older files write a merge as one text with a blank between its parts, newer ones as a pair. */
function checkMerges(merges: unknown, ids: ReadonlyMap<string, number>): void {
  if (!Array.isArray(merges)) throw badTokenizer(`got model.merges ${brief(merges)}, expected a list`);
  const paired = Array.isArray(merges[0]);
  for (const [index, merge] of (merges as unknown[]).entries()) {
    const [left, right] = partsOf(merge, paired) ?? [];
    if (left === undefined || right === undefined)
      throw badTokenizer(`got merge ${index} ${brief(merge)}, expected ${paired ? "a pair of texts" : "two texts parted by a space"}`);
    const missing = [left, right, left + right].find((token) => !ids.has(token));
    if (missing !== undefined)
      throw badTokenizer(`got merge ${index} ${brief(merge)} with ${brief(missing)}, expected tokens of the vocabulary`);
  }
}

function partsOf(merge: unknown, paired: boolean): readonly [string, string] | undefined {
  const parts: unknown = !paired && typeof merge === "string" ? merge.split(" ") : paired ? merge : undefined;
  if (!Array.isArray(parts) || parts.length !== 2) return undefined;
  const [left, right] = parts as [unknown, unknown];
  return typeof left === "string" && typeof right === "string" && left !== "" && right !== "" ? [left, right] : undefined;
}
