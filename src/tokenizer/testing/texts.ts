/** Texts of many scripts, signs, blanks and code, for tests. */
import { createPrng, type Prng } from "../../lib/prng.ts";

type TextMaker = (prng: Prng) => string;

const pick = (prng: Prng, list: readonly string[]): string => list[prng.below(list.length)] ?? "";
const point =
  (low: number, high: number): TextMaker =>
  (prng) =>
    String.fromCodePoint(low + prng.below(high - low));
const oneOf =
  (...list: string[]): TextMaker =>
  (prng) =>
    pick(prng, list);

const makers: readonly TextMaker[] = [
  oneOf("The", " capital", " of", " France", " is", " Paris", "isn't", " they're", " I'll", "'S", "."),
  oneOf(" ", "  ", "   \n", "\t\t", "\r\n", "\n\n\n", "\u00a0", "\u3000", "\u2009", "\u0085", "\u200b"),
  oneOf("😀", "👍🏽", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇫🇷", "🇩", "❤️", "\u200d", "\ufe0f"),
  oneOf("if (x >= 0) {", "}\n", "    return", "::<T>", "\\n", "&&", "a_b", "$1", "/* */", "<0x41>", "▁", "<s"),
  oneOf("<|endoftext|>", "<|im_start|>user\n", "<|im_end|>", "<|begin_of_text|>", "<s>", "</s> ", " <unk>", "[INST]", "<|endof"),
  oneOf("'s", "'S", "'Re", "'LL", "'ſ", "'t", "’s", "İ", "ß", "ﬁ", "Å", "A\u030a", "한", "\u1112\u1161\u11ab", "e\u0301", "\u212b"),
  point(0x4e00, 0x9fff),
  point(0x3040, 0x30ff),
  point(0xac00, 0xd7a3),
  point(0x0590, 0x05ff),
  point(0x0600, 0x06ff),
  oneOf("\u200e", "\u200f", "\u202e", "\u2066", "\u2069", "\u061c", "\u00ad", "\u2028", "\ufeff"),
  point(0x0900, 0x097f),
  point(0x0e00, 0x0e7f),
  (prng) => pick(prng, ["a", "e", "n", "Z"]) + String.fromCodePoint(0x300 + prng.below(0x70)).repeat(1 + prng.below(3)),
  (prng) => String(prng.below(1_000_000) / (prng.below(2) === 0 ? 1 : 1000)),
  oneOf("½", "²", "Ⅻ", "٣", "１２", "1,000,000", "3.14", "-7e-9"),
  (prng) => pick(prng, ["a", "ab", "Wort", "é", "=", "-", " ", "\n", "\t", "0", "日", "👍🏽"]).repeat(1 + prng.below(40)),
  point(0x20, 0x7f),
  point(0xa0, 0x250),
  point(0x1, 0x20),
  point(0x1f300, 0x1faff),
  point(0x1d400, 0x1d455),
  point(0x1d7ce, 0x1d800),
  point(0x20000, 0x2a6d0),
  point(0xf0000, 0x10ffff),
  point(0xd800, 0xdfff),
  (prng) => new TextDecoder("latin1").decode(Uint8Array.from({ length: 6 }, () => prng.below(256))),
  (prng) => new TextDecoder().decode(Uint8Array.from({ length: 6 }, () => prng.below(256))),
];

/** A text of up to 12 pieces of many scripts, signs, blanks and code. */
function randomText(prng: Prng): string {
  return Array.from({ length: 1 + prng.below(12) }, () => makers[prng.below(makers.length)]?.(prng) ?? "").join("");
}

/** 1,200 texts, none of which has `parts`. */
export function seededTexts(seed: number, parts?: RegExp): readonly string[] {
  const prng = createPrng(seed);
  const list: string[] = [];
  while (list.length < 1200) {
    const text = randomText(prng).toWellFormed();
    if (!parts?.test(text)) list.push(text);
  }
  return list;
}

/** The texts of the golden values, always the same; a few are long. */
export function goldenTexts(): readonly string[] {
  const prng = createPrng(1408);
  const texts = Array.from({ length: 1400 }, () => randomText(prng).toWellFormed());
  const long = ["a", "Paris", " ", "\n", "x ", "日本", "👩‍👩‍👧‍👦", "1234567890", "e\u0301"].map((text) =>
    text.repeat(Math.ceil(3000 / text.length)),
  );
  return [...texts, ...long];
}
