import { describe, expect, test } from "vitest";
import { seededTexts } from "../tokenizer/testing/texts.ts";
import { tokenLabel, tokenParts, visibleToken } from "./tokenText.ts";

test("white space in tokens is made visible", () => {
  expect(visibleToken(" Paris\n")).toBe("·Paris↵");
  expect(["·", "Paris", "↵"]).toEqual([tokenLabel(" "), tokenLabel(" Paris"), tokenLabel("\n")]);
});

test.each<[string, string, string]>([
  ["blanks, each", "   x", "···x"],
  ["line ends of both kinds", "\r\n", "␍↵"],
  ["tabs", "\tif", "⇥if"],
  ["other blanks", "a\u00a0b\u3000", "a<U+00A0>b<U+3000>"],
  ["control characters", "\u0000\u001b[", "<U+0000><U+001B>["],
  ["zero-width characters", "a\u200b\u200d\ufeff\u00ad", "a<U+200B><U+200D><U+FEFF><U+00AD>"],
  ["variation selectors", "❤\ufe0f", "❤<U+FE0F>"],
  ["characters that turn text round", "\u202eabc\u202c\u2066\u200f", "<U+202E>abc<U+202C><U+2066><U+200F>"],
  ["line separators", "\u2028\u0085", "<U+2028><U+0085>"],
  ["tag characters beyond the first plane", "\u{e0041}", "<U+E0041>"],
  ["bytes that are part of a character", " <0xE2><0x80>", "·<0xE2><0x80>"],
  ["a replacement character as it is", "\ufffd", "\ufffd"],
  ["special tokens as they are", "<|endoftext|>", "<|endoftext|>"],
  ["marks that would sit on the edge", "\u0301a\u0301", "◌\u0301a\u0301"],
  ["marks that would sit on a sign", " \u0301", "·◌\u0301"],
  ["a token of no text", "", "∅"],
])("%s", (_what, text, drawn) => {
  expect(visibleToken(text)).toBe(drawn);
});

describe("letters that run from right to left", () => {
  test.each(["שלום", " مرحبا 12"])("%j: are set apart from what is beside them", (text) => {
    const drawn = visibleToken(text);
    expect([drawn[0], drawn.at(-1)]).toEqual(["\u2066", "\u2069"]);
    expect(drawn.slice(1, -1)).toBe(text.replaceAll(" ", "·"));
  });
});

test("a middle dot of the text's own is ink, a blank's is a sign", () => {
  expect(tokenParts(" ·x\n")).toEqual([
    { text: "·", sign: true },
    { text: "·x", sign: false },
    { text: "↵", sign: true },
  ]);
});

test("whatever the token, nothing drawn is invisible or turns its neighbours round, and nothing is lost", () => {
  const unseen = /[\p{Cc}\p{Z}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]/u;
  const restored = (text: string): string =>
    tokenParts(text)
      .map((part) =>
        part.sign
          ? part.text.replaceAll(/<U\+([0-9A-F]{4,6})>/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
          : part.text,
      )
      .join("");
  for (const text of seededTexts(31)) {
    expect(
      unseen.test(
        tokenParts(text)
          .map((part) => part.text)
          .join(""),
      ),
      text,
    ).toBe(false);
    const marks: Readonly<Record<string, string>> = { " ": "·", "\n": "↵", "\r": "␍", "\t": "⇥" };
    expect(restored(text).replaceAll("◌", ""), text).toBe(text.replaceAll(/[ \n\r\t]/g, (blank) => marks[blank] ?? ""));
  }
});
