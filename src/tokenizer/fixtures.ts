/** Small tokenizers for tests, made in code. */

const corpus =
  "The capital of France is Paris. The capital of Germany is Berlin. It isn't 1,234 or 56 cities; they're all in the world.\n" +
  "Où est la bibliothèque? Straße, naïve café, Ελλάδα, Москва, 日本の首都は東京です。 if (x > 0) { return x + 1; }\n\n    def f(x):\n        return [x]*2 😀👍🏽";

/** Merges learnt from words by plain byte-pair encoding; ties go to the pair that sorts first. */
function learnMerges(words: readonly string[], count: number): [string, string][] {
  let parts = words.map((word) => Array.from(word));
  const merges: [string, string][] = [];
  for (let i = 0; i < count; i++) {
    const counts = new Map<string, number>();
    for (const word of parts)
      for (let j = 1; j < word.length; j++) counts.set(`${word[j - 1]} ${word[j]}`, (counts.get(`${word[j - 1]} ${word[j]}`) ?? 0) + 1);
    const best = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]?.[0];
    const [left, right] = best?.split(" ") ?? [];
    if (left === undefined || right === undefined) break;
    merges.push([left, right]);
    parts = parts.map((word) => mergePair(word, left, right));
  }
  return merges;
}

/** Joins each neighbouring `left`, `right`, from the left. */
export function mergePair(word: readonly string[], left: string, right: string): string[] {
  const result: string[] = [];
  for (let i = 0; i < word.length; i++) {
    if (word[i] === left && word[i + 1] === right) {
      result.push(left + right);
      i++;
    } else result.push(word[i] ?? "");
  }
  return result;
}

/** GPT-2's characters for bytes, by byte. */
export function byteCharacters(): string[] {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    return String.fromCharCode(printable ? byte : next++);
  });
}

/** GPT-2's pre-tokenizer, as printed in its source. */
export const gpt2Words = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

function toByteLevel(text: string): string {
  const table = byteCharacters();
  return Array.from(new TextEncoder().encode(text), (byte) => table[byte] ?? "").join("");
}

function vocabularyOf(tokens: Iterable<string>): Record<string, number> {
  return Object.fromEntries([...new Set(tokens)].map((token, id) => [token, id]));
}

const specialToken = (id: number, content: string) => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
});

/** A byte-level BPE tokenizer like GPT-2's; token 0 ends a text. */
export function byteLevelTokenizer() {
  const merges = learnMerges((corpus.match(gpt2Words) ?? []).map(toByteLevel), 200);
  const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };
  return {
    added_tokens: [specialToken(0, "<|endoftext|>")],
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
    model: {
      type: "BPE",
      unk_token: null,
      fuse_unk: false,
      byte_fallback: false,
      merges,
      vocab: vocabularyOf(["<|endoftext|>", ...byteCharacters(), ...merges.map((pair) => pair.join(""))]),
    },
  };
}

/** A BPE tokenizer like Llama 2's: `▁` for blanks, `<0xNN>` for bytes that no token covers, `<s>` in front. */
export function metaspaceTokenizer() {
  // These stay out of the vocabulary, so that byte fallback has work to do.
  const covered = corpus.replace(/[\n日本😀👍]/gu, "").replaceAll(" ", "▁");
  const words = covered.split(/(?<=[^▁])(?=▁)/);
  const merges = learnMerges(words, 150);
  const bytes = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`);
  return {
    added_tokens: [specialToken(0, "<unk>"), specialToken(1, "<s>"), specialToken(2, "</s>")],
    normalizer: {
      type: "Sequence",
      normalizers: [
        { type: "Prepend", prepend: "▁" },
        { type: "Replace", pattern: { String: " " }, content: "▁" },
      ],
    },
    pre_tokenizer: null,
    post_processor: {
      type: "TemplateProcessing",
      single: [{ SpecialToken: { id: "<s>", type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }],
      pair: [{ Sequence: { id: "A", type_id: 0 } }, { Sequence: { id: "B", type_id: 1 } }],
      special_tokens: { "<s>": { id: "<s>", ids: [1], tokens: ["<s>"] } },
    },
    decoder: {
      type: "Sequence",
      decoders: [
        { type: "Replace", pattern: { String: "▁" }, content: " " },
        { type: "ByteFallback" },
        { type: "Fuse" },
        { type: "Strip", content: " ", start: 1, stop: 0 },
      ],
    },
    model: {
      type: "BPE",
      unk_token: "<unk>",
      fuse_unk: true,
      byte_fallback: true,
      merges,
      vocab: vocabularyOf(["<unk>", "<s>", "</s>", ...bytes, ...Array.from(covered), ...merges.map((pair) => pair.join(""))]),
    },
  };
}
