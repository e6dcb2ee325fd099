import { describe, expect, test } from "vitest";
import { createPrng } from "../lib/prng.ts";
import { IncrementalDecoder } from "./incrementalDecoder.ts";
import { styles, type StyleName } from "./testing/styles.ts";
import { seededTexts } from "./testing/texts.ts";
import { loadTokenizer, type Tokenizer } from "./tokenizer.ts";

const names: readonly StyleName[] = ["gpt2", "llama3", "qwen2", "llama2", "llama2Metaspace"];
const tokenizers = new Map(names.map((name) => [name, loadTokenizer(JSON.stringify(styles[name]))]));
const tokenizerOf = (name: StyleName): Tokenizer => tokenizers.get(name) ?? loadTokenizer("");

/** The text of tokens by its definition: all their bytes at once. */
function wholeText(tokenizer: Tokenizer, ids: readonly number[], startsText: boolean): string {
  const bytes = ids.filter((id) => !tokenizer.isSpecial(id)).flatMap((id) => [...tokenizer.piece(id).bytes]);
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(bytes));
  return startsText && tokenizer.leadingSpaces === 1 ? text.replace(/^ /, "") : text;
}

/** What becomes certain with each token, and what is left at the end. */
function stream(tokenizer: Tokenizer, ids: readonly number[], startsText = false): string[] {
  const decoder = new IncrementalDecoder(tokenizer, { startsText });
  return [...ids.map((id) => decoder.push(id)), decoder.flush()];
}

/** Ids drawn at random: cut characters, bytes that are none, special tokens in between. */
function randomIds(tokenizer: Tokenizer, seed: number): readonly (readonly number[])[] {
  const prng = createPrng(seed);
  const some = seededTexts(seed).slice(0, 200);
  const any = some.map(() => Array.from({ length: prng.below(20) }, () => prng.below(tokenizer.vocabularySize + 2)));
  const cut = some.map((text) => tokenizer.encode(text).filter(() => prng.below(5) > 0));
  return [...any, ...cut, ...some.map((text) => tokenizer.encode(text))];
}

describe.each(names)("in the style of %s", (name) => {
  const tokenizer = tokenizerOf(name);

  test("a stream gives the whole text, whatever the tokens", () => {
    for (const startsText of [true, false]) {
      const wrong = randomIds(tokenizer, 21).filter(
        (ids) => stream(tokenizer, ids, startsText).join("") !== wholeText(tokenizer, ids, startsText),
      );
      expect(wrong).toEqual([]);
    }
  });

  test("what was given stays as it is: with each token the text so far only grows", () => {
    const wrong = randomIds(tokenizer, 22).filter((ids) => {
      const whole = wholeText(tokenizer, ids, false);
      let text = "";
      return stream(tokenizer, ids).some((part) => !whole.startsWith((text += part)));
    });
    expect(wrong).toEqual([]);
  });

  test("nothing is held back but an unfinished character: of at most three bytes", () => {
    const utf8 = new TextEncoder();
    const late = randomIds(tokenizer, 23).filter((ids) => {
      let given = 0;
      let pushed = 0;
      const decoder = new IncrementalDecoder(tokenizer);
      return ids.some((id) => {
        pushed += tokenizer.isSpecial(id) ? 0 : tokenizer.piece(id).bytes.length;
        given += utf8.encode(decoder.push(id)).length;
        return pushed - given > 3;
      });
    });
    expect(late).toEqual([]);
  });
});

/**
 * Bytes and what comes out with each of them, then at the end. As the Encoding Standard has it: U+FFFD once for what could have begun a
 * character. The original library writes one for each byte of a faulty run, good ones included, which nobody can know before its end.
 */
test.each<[string, number[], string[]]>([
  ["a character with its last byte", [0xe6, 0x97, 0xa5], ["", "", "日", ""]],
  ["an unfinished one at the end", [0x41, 0xe6, 0x97], ["A", "", "", "\ufffd"]],
  ["an unfinished one with the byte that shows it", [0xe6, 0x97, 0x41], ["", "", "\ufffdA", ""]],
  ["a byte that begins none at once", [0x80, 0xff, 0x41], ["\ufffd", "\ufffd", "A", ""]],
  ["too long a form byte by byte", [0xc0, 0xaf], ["\ufffd", "\ufffd", ""]],
  ["half a surrogate pair", [0xed, 0xa0, 0x80], ["", "\ufffd\ufffd", "\ufffd", ""]],
  ["a byte order mark as text", [0xef, 0xbb, 0xbf, 0x41], ["", "", "\ufeff", "A", ""]],
])("byte tokens give %s", (_what, bytes, parts) => {
  const tokenizer = tokenizerOf("llama2");
  const { vocab } = styles.llama2.model as { vocab: Record<string, number> };
  const ids = bytes.map((byte) => vocab[`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`] ?? -1);
  expect(stream(tokenizer, ids)).toEqual(parts);
});

test("a special token inside a character does not end it", () => {
  const tokenizer = tokenizerOf("llama3");
  const [first, ...rest] = tokenizer.encode("𐍈");
  const [special] = tokenizer.encode("<|eot_id|>");
  expect(stream(tokenizer, [first ?? -1, special ?? -1, ...rest]).join("")).toBe("𐍈");
});

describe("the blank that Llama 2 puts in front", () => {
  const tokenizer = tokenizerOf("llama2");
  test.each([
    ["is", "is", " is"],
    [" is", " is", "  is"],
    ["   ", "   ", "    "],
    ["\nis", "\nis", " \nis"],
  ])("%j: goes at the start of a text, stays in a continuation", (text, starting, continuing) => {
    const ids = tokenizer.encode(text);
    expect(stream(tokenizer, ids, true).join("")).toBe(starting);
    expect(stream(tokenizer, ids).join("")).toBe(continuing);
  });

  test("goes behind the token of the beginning too, once", () => {
    const ids = tokenizer.encode("is", { specialTokens: true });
    expect(stream(tokenizer, [...ids, ...ids], true).join("")).toBe("is is");
  });
});
