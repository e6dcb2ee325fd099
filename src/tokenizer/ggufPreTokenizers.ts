/** What `tokenizer.ggml.pre` stands for, in the words of the tokenizer.json of the model it was made for. */
import { badTokenizer, type Fields } from "./fields.ts";
import { gpt2Pattern } from "./patterns.ts";

export interface PreTokenizer {
  readonly normalizer: Fields | null;
  readonly preTokenizer: Fields;
  /** A word that is a token is that token, whatever the merges say. */
  readonly ignoreMerges: boolean;
  /** Whether the token of the beginning is put in front where the file does not say. */
  readonly addsBos: boolean;
}

const contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const signsAndSpace = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const wordsOf = (digits: string): string => `${contractions}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}|${signsAndSpace}`;
const upper = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
const lower = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
const tekkenWords = `[^\\r\\n\\p{L}\\p{N}]?${upper}*${lower}+|[^\\r\\n\\p{L}\\p{N}]?${upper}+${lower}*|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;

const byteLevel = (regex: boolean): Fields => ({ type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: regex });
const split = (Regex: string): Fields => ({ type: "Split", pattern: { Regex }, behavior: "Isolated", invert: false });
const digits: Fields = { type: "Digits", individual_digits: true };
const sequence = (...pretokenizers: readonly Fields[]): Fields => ({ type: "Sequence", pretokenizers });
const of = (preTokenizer: Fields, rest: Partial<PreTokenizer> = {}): PreTokenizer => ({
  normalizer: null,
  preTokenizer,
  ignoreMerges: false,
  addsBos: false,
  ...rest,
});

const gpt2 = of(byteLevel(true));
const singleDigits = of(sequence(digits, byteLevel(true)));
const llama3 = of(sequence(split(wordsOf("\\p{N}{1,3}")), byteLevel(false)), { ignoreMerges: true, addsBos: true });
const qwen2 = sequence(split(wordsOf("\\p{N}")), byteLevel(false));
const deepseekCoder = ["[\r\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", "[一-龥ࠀ-一가-퟿]+"].map(split);
/** llama.cpp's own, for files whose writer did not know the model's. */
const unnamed = ["[\\p{P}\\$\\+<=>\\^~\\|]+", gpt2Pattern, "\\p{N}+", "[0-9][0-9][0-9]"].map(split);

const known: ReadonlyMap<string, PreTokenizer> = new Map([
  ["gpt-2", gpt2],
  ["default", of(sequence(...unnamed, byteLevel(false)))],
  ["smollm", singleDigits],
  ["starcoder", singleDigits],
  ["refact", singleDigits],
  ["command-r", singleDigits],
  ["llama-bpe", llama3],
  ["llama3", llama3],
  ["llama-v3", llama3],
  ["qwen2", of(qwen2, { normalizer: { type: "NFC" } })],
  ["deepseek-r1-qwen", of(qwen2)],
  ["deepseek-coder", of(sequence(...deepseekCoder, digits, byteLevel(false)))],
  ["tekken", of(sequence(split(tekkenWords), byteLevel(false)), { ignoreMerges: true, addsBos: true })],
]);

/** Files written before there was such a name: what it is for all models of the architecture, else llama.cpp's own. */
const byArchitecture: ReadonlyMap<unknown, string> = new Map([
  ["gpt2", "gpt-2"],
  ["qwen2", "qwen2"],
]);

/** @throws EngineError `bad-tokenizer` for a name that is not known here */
export function ggufPreTokenizer(name: string | undefined, architecture: unknown): PreTokenizer {
  const wanted = name ?? byArchitecture.get(architecture) ?? "default";
  const found = known.get(wanted);
  if (found) return found;
  throw badTokenizer(`got tokenizer.ggml.pre ${JSON.stringify(wanted.slice(0, 60))}, expected one of ${[...known.keys()].join(", ")}`, {
    hint: "Take the model from its Hugging Face repository, whose tokenizer.json says how it splits text.",
  });
}
