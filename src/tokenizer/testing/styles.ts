/**
 * Tokenizers in the styles of the supported models, over small vocabularies that goldens.py trained: without any splitting of words, so
 * that a text split at the wrong place gets other tokens.
 */
import { byteCharacters } from "../fixtures.ts";
import byteLevelMerges from "./byteLevelMerges.json" with { type: "json" };
import llama2 from "./llama2.json" with { type: "json" };

type Part = Readonly<Record<string, unknown>>;

const contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const signs = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const words = (numbers: string): string => `${contractions}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${numbers}|${signs}`;
const byteLevel = (use_regex: boolean): Part => ({ type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex });
const split = (Regex: string): Part => ({ type: "Split", pattern: { Regex }, behavior: "Isolated", invert: false });
const sequence = (...pretokenizers: readonly Part[]): Part => ({ type: "Sequence", pretokenizers });

const merged = byteLevelMerges.map((pair) => pair.replace(" ", ""));
/** Words that no merges lead to: tokens only where merges are passed over. */
const whole = ["Ġcapital", "Wort", "return", "Ġthey", "ĠĠĠĠĠĠĠ"].filter((token) => !merged.includes(token));
const tokens = [...new Set([...byteCharacters(), ...merged, ...whole])];

const addedToken = (id: number, content: string, options: Part = {}): Part => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
  ...options,
});
/** One that the vocabulary has keeps its id; the others follow it. */
function added(...list: readonly (readonly [content: string, options?: Part])[]): readonly Part[] {
  const all = [...new Set([...tokens, ...list.map(([content]) => content)])];
  return list.map(([content, options]) => addedToken(all.indexOf(content), content, options));
}

function byteLevelStyle(parts: Part, model: Part = {}): Part {
  return {
    added_tokens: added(["<|endoftext|>"]),
    normalizer: null,
    post_processor: null,
    decoder: byteLevel(true),
    ...parts,
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: "",
      end_of_word_suffix: "",
      fuse_unk: false,
      byte_fallback: false,
      ...model,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: byteLevelMerges,
    },
  };
}

function template(name: string, id: number): Part {
  const text = { Sequence: { id: "A", type_id: 0 } };
  const first = [{ SpecialToken: { id: name, type_id: 0 } }, text];
  return {
    type: "TemplateProcessing",
    single: first,
    pair: [...first, { Sequence: { id: "B", type_id: 1 } }],
    special_tokens: { [name]: { id: name, ids: [id], tokens: [name] } },
  };
}

/** Each option of added tokens, alone and together. */
const fussyTokens = added(
  ["<|endoftext|>"],
  ["<|im_start|>", { rstrip: true }],
  ["<|im_end|>", { lstrip: true, rstrip: true }],
  ["[INST]", { lstrip: true, special: false }],
  ["France", { single_word: true, special: false }],
  ["is", { single_word: true, lstrip: true, special: false, normalized: true }],
  ["한", { special: false, normalized: true }],
  ["\u212b", { special: false }],
  ["Wort", { special: false, single_word: true, rstrip: true, normalized: true }],
);

export const styles = {
  gpt2: byteLevelStyle({ pre_tokenizer: byteLevel(true) }),
  smollm: byteLevelStyle({
    added_tokens: added(["<|endoftext|>"], ["<|im_start|>"], ["<|im_end|>"]),
    pre_tokenizer: sequence({ type: "Digits", individual_digits: true }, byteLevel(true)),
  }),
  llama3: byteLevelStyle(
    {
      added_tokens: added(["<|begin_of_text|>"], ["<|end_of_text|>"], ["<|eot_id|>"]),
      pre_tokenizer: sequence(split(words("\\p{N}{1,3}")), byteLevel(false)),
      post_processor: { type: "Sequence", processors: [byteLevel(true), template("<|begin_of_text|>", tokens.length)] },
    },
    { ignore_merges: true },
  ),
  qwen2: byteLevelStyle({
    added_tokens: added(["<|endoftext|>"], ["<|im_start|>"], ["<|im_end|>"]),
    normalizer: { type: "NFC" },
    pre_tokenizer: sequence(split(words("\\p{N}")), byteLevel(false)),
    post_processor: byteLevel(false),
  }),
  fussy: byteLevelStyle({ added_tokens: fussyTokens, normalizer: { type: "NFC" }, pre_tokenizer: byteLevel(true) }),
  /** Llama 2 and TinyLlama as they are on the Hub. */
  llama2: {
    ...llama2,
    pre_tokenizer: null,
    normalizer: {
      type: "Sequence",
      normalizers: [
        { type: "Prepend", prepend: "▁" },
        { type: "Replace", pattern: { String: " " }, content: "▁" },
      ],
    },
  },
  /** As transformers writes it now: Metaspace, a blank in front of the first word alone. */
  llama2Metaspace: llama2,
  /** Words split at blanks, as older files have it. */
  llama2Split: { ...llama2, pre_tokenizer: { type: "Metaspace", replacement: "▁", add_prefix_space: true, prepend_scheme: "always" } },
} satisfies Readonly<Record<string, Part>>;

export type StyleName = keyof typeof styles;
