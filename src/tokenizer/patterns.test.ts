import { describe, expect, test } from "vitest";
import { EngineError } from "../lib/errors.ts";
import { gpt2Pattern, safePattern } from "./patterns.ts";

const contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";

describe("patterns of models in use are read as they are", () => {
  test.each([
    ["GPT-2", gpt2Pattern],
    [
      "Mistral",
      "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*",
    ],
    [
      "DeepSeek",
      "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\r\n]*",
    ],
    ["DeepSeek Coder", "[一-龥ࠀ-一가-퟿]+"],
    ["BLOOM", " ?[^(\\s|[.,!?…。，、।۔،])]+"],
    ["blanks in sizes", "\\s{512}(?!\\S)|\\s{4}(?!\\S)|\\s{1,2}(?!\\S)|\\s{1}"],
    ["brackets in classes", "[[a-z]&&[^aeiou]]+|[()]\\)"],
  ])("%s", (_model, pattern) => {
    expect(safePattern(pattern)).toBe(pattern);
  });
});

test("case-insensitive groups are written out, with what Oniguruma folds beyond ASCII", () => {
  expect(safePattern(`${contractions}?|\\p{L}+`)).toBe("(?:'[sSſ]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])?|\\p{L}+");
  expect(safePattern("'(?i:[sdmk]|ll)")).toBe("'(?:[sSſdDmMkK\u212a]|[lL][lL])");
});

describe("refused:", () => {
  test.each([
    ["(a*)*", "a repeated group"],
    ["(?:a|aa)+$", "a repeated group"],
    ["(a?){20}a{20}", "a repeated group"],
    ["(?=(\\d{3})+(?!\\d))", "a repeated group"],
    ["a*a*b", "something that must match after two loops"],
    ["\\s+\\s+(?!\\S)", "something that must match after two loops"],
    ["a*b*c*", "more than two loops"],
    ["(a*)(a*)?(a*)", "something that must match after two loops"],
    ["a*(?:a*b)", "something that must match after two loops"],
    ["(?:a*b)a*c", "something that must match after two loops"],
    ["a{2,500}a{2,500}b", "something that must match after two loops"],
    ["(?>a+)b", "a kind of group"],
    ["(?<name>a)", "a kind of group"],
    ["(?i)a", "a kind of group"],
    ["(?i:a-z|\\d)", "a kind of group"],
    ["(?#words)", "a kind of group"],
    ["\\k<a>", "not supported there"],
    ["\\X+", "not supported there"],
    ["a**", "not supported there"],
    ["+a", "not supported there"],
    ["a{", "not supported there"],
    ["a{,3}", "not supported there"],
    ["a]", "not supported there"],
    ["a)", "a bracket too many"],
    ["a\\", "not supported there"],
  ])("%s", (pattern, what) => {
    expect(() => safePattern(pattern)).toThrow(EngineError);
    expect(() => safePattern(pattern)).toThrow(what);
  });
});

test("what passes ends: the slowest kind takes a time that grows with the square of the text", () => {
  const pattern = new RegExp(safePattern("a*b+|[ac]+d"), "gu");
  expect("a".repeat(5000).match(pattern)).toBeNull();
});
