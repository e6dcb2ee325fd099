/** Ids and texts of the original library (Hugging Face tokenizers, in Rust), and of SentencePiece itself, on more than 1,000 texts a style. */
import { describe, expect, test, vi } from "vitest";
import { digest, goldensOf } from "./testing/goldens.ts";
import { styles, type StyleName } from "./testing/styles.ts";
import { loadTokenizer, type Tokenizer } from "./tokenizer.ts";

vi.setConfig({ testTimeout: 30_000 });
const names = Object.keys(styles) as StyleName[];
const tokenizerOf = (name: StyleName): Tokenizer => loadTokenizer(JSON.stringify(styles[name]));

describe.each(names)("the style of %s", (name) => {
  test("gives the ids and texts of the original", () => {
    const tokenizer = tokenizerOf(name);
    const goldens = goldensOf(name);
    expect(goldens.length).toBeGreaterThan(1000);
    const wrong = goldens.filter(([text, expected]) => {
      const ids = tokenizer.encode(text);
      return digest(ids, tokenizer.decode(ids)) !== expected;
    });
    expect(wrong.map(([text]) => text)).toEqual([]);
  });
});

test("the style of Llama 2 gives the ids of SentencePiece, where no special token is written out", () => {
  const tokenizer = tokenizerOf("llama2");
  const goldens = goldensOf("sentencePiece").filter(([text]) => text !== "" && !/<s>|<\/s>|<unk>/.test(text));
  expect(goldens.length).toBeGreaterThan(1000);
  expect(goldens.filter(([text, expected]) => digest(tokenizer.encode(text), "") !== expected).map(([text]) => text)).toEqual([]);
});

/** Added tokens and white space where JavaScript's own ways would differ, written out; ids are the original's. */
test.each<[StyleName, string, number[]]>([
  ["gpt2", "a  \u0085b", [97, 256, 371, 98]],
  ["gpt2", "x\ufeff  y", [120, 454, 32, 32, 121]],
  ["smollm", "a  ²", [97, 256, 350]],
  ["llama2Split", "The capital  of", [503, 415, 1073, 346]],
  ["llama2Metaspace", "<s> is", [1, 335]],
  ["llama2Metaspace", "is</s>is", [335, 2, 267]],
  ["fussy", " <|im_end|> x", [1159, 120]],
  ["fussy", "Frances France", [469, 475, 115, 32, 1160]],
  ["fussy", "is this is", [284, 32, 116, 104, 284, 284]],
  ["fussy", "x \u1112\u1161\u11ab", [120, 32, 1161]],
  ["fussy", "\u212b", [1162]],
  ["fussy", "<|im_start|> \n user", [1158, 384, 114]],
  ["fussy", "Wort wort Worte Wort\t x", [305, 119, 111, 304, 32, 305, 101, 32, 305, 120]],
  ["fussy", "a [INST] b", [97, 388, 32, 98]],
])("%s: %j", (name, text, ids) => {
  expect(tokenizerOf(name).encode(text)).toEqual(ids);
});

/** A byte that the vocabulary lacks is left out before anything merges, so that what is around it can. */
test("bytes that a vocabulary lacks, as SmolLM2's does", () => {
  const { model, ...rest } = styles.gpt2 as { model: { vocab: Record<string, number> } };
  const vocab = Object.fromEntries(Object.entries(model.vocab).filter(([token]) => token !== "Ė"));
  const poorer = loadTokenizer(JSON.stringify({ ...rest, model: { ...model, vocab } }));
  expect(tokenizerOf("gpt2").encode("&&")).toHaveLength(1);
  expect(poorer.encode("&\u0016&")).toEqual(tokenizerOf("gpt2").encode("&&"));
});

/** The original's decoder (0.23) takes them for bytes, or does not know them as special any more. */
describe("two kinds of added tokens are decoded otherwise than by the original", () => {
  test("one of letters that stand for bytes is its own text", () => {
    const { added_tokens: added, ...rest } = styles.gpt2 as unknown as { added_tokens: { id: number }[] };
    const id = (added[0]?.id ?? 0) + 1;
    const tokenizer = loadTokenizer(JSON.stringify({ ...rest, added_tokens: [...added, { id, content: "éé", special: false }] }));
    expect(tokenizer.decode(tokenizer.encode("caféé"))).toBe("caféé");
  });

  test("a special one that is looked for in normalized text gives no text", () => {
    const { added_tokens: added, ...rest } = styles.llama2 as unknown as { added_tokens: object[] };
    const tokenizer = loadTokenizer(JSON.stringify({ ...rest, added_tokens: added.map((token) => ({ ...token, normalized: true })) }));
    expect(tokenizer.encode("<s> is")).toEqual([1, ...tokenizer.encode(" is", { continues: true })]);
    expect(tokenizer.decode(tokenizer.encode("<s> is"))).toBe("is");
  });
});

test("half surrogate pairs are read as U+FFFD", () => {
  for (const name of names) {
    const tokenizer = tokenizerOf(name);
    expect(tokenizer.encode("a\ud800b\udc00")).toEqual(tokenizer.encode("a\ufffdb\ufffd"));
  }
});

describe("a text that goes on from another", () => {
  test.each(["llama2", "llama2Metaspace", "llama2Split"] as const)("%s: has no blank put before it", (name) => {
    const tokenizer = tokenizerOf(name);
    const joined = [...tokenizer.encode("The capital"), ...tokenizer.encode(" of France", { continues: true })];
    expect(tokenizer.decode(joined)).toBe("The capital of France");
    expect(tokenizer.decode([...tokenizer.encode("The capi"), ...tokenizer.encode("tal", { continues: true })])).toBe("The capital");
  });

  test("after a special token it is as it always is", () => {
    const tokenizer = tokenizerOf("llama2");
    expect(tokenizer.encode("</s>is", { continues: true })).toEqual(tokenizer.encode("</s>is"));
  });

  test("is no other where nothing is put before a text", () => {
    const tokenizer = tokenizerOf("llama3");
    for (const text of [" of France", "of", "\n x"]) expect(tokenizer.encode(text, { continues: true })).toEqual(tokenizer.encode(text));
  });
});
