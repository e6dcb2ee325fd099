import { describe, expect, test } from "vitest";
import { metaspaceTokenizer } from "../tokenizer/fixtures.ts";
import { loadTokenizer } from "../tokenizer/tokenizer.ts";
import { tinyTokenizer } from "../model/testing/tinyModel.ts";
import { encodePrompt, encodeSample, givesAnswer } from "./promptText.ts";

const tokenizer = tinyTokenizer();
const withCode = (code: string) => expect.objectContaining({ code });

describe("a prompt", () => {
  test("is the same with and without blanks at its end", () => {
    const ids = encodePrompt(tokenizer, "The capital of France is", 64);
    expect(encodePrompt(tokenizer, "The capital of France is   ", 64)).toEqual(ids);
    expect(tokenizer.decode(ids)).toBe("The capital of France is");
  });
  test("keeps blanks at its beginning and line ends at its end", () => {
    expect(tokenizer.decode(encodePrompt(tokenizer, "  The capital\n", 64))).toBe("  The capital\n");
  });
  test("has in front what the tokenizer puts there", () => {
    const other = loadTokenizer(JSON.stringify(metaspaceTokenizer()));
    const ids = encodePrompt(other, "The world", 64);
    expect(other.isSpecial(ids[0] ?? -1)).toBe(true);
    expect(ids.slice(1).some((id) => other.isSpecial(id))).toBe(false);
  });
  test.each(["", "   ", "\n\t "])("of blanks alone is refused: %j", (prompt) => {
    expect(() => encodePrompt(tokenizer, prompt, 64)).toThrow(withCode("empty-prompt"));
  });
  test("leaves room for one token at least", () => {
    const { length } = encodePrompt(tokenizer, "The capital of France is", 64);
    expect(encodePrompt(tokenizer, "The capital of France is", length + 1)).toHaveLength(length);
    expect(() => encodePrompt(tokenizer, "The capital of France is", length)).toThrow(withCode("text-too-long"));
  });
});

describe("a training sample", () => {
  test.each([
    ["The capital of France is", "Paris."],
    ["The capital of France is ", " Paris. "],
    ["The capital of France is", "the city of Berlin!"],
    ["The capital of\n", "France?"],
    ["Ends in a par", "t."],
  ])("%j, %j: begins with the prompt's own tokens, and the answer is the rest", (prompt, answer) => {
    const { ids, promptLength } = encodeSample(tokenizer, prompt, answer, 64);
    expect(ids.slice(0, promptLength)).toEqual(encodePrompt(tokenizer, prompt, 64));
    expect(tokenizer.decode(ids.slice(promptLength))).toBe(prompt.endsWith("\n") ? answer.trim() : ` ${answer.trim()}`);
  });
  test.each(["", "  ", "\n"])("without an answer is refused: %j", (answer) => {
    expect(() => encodeSample(tokenizer, "The capital", answer, 64)).toThrow(withCode("empty-answer"));
  });
  test("without a prompt is refused", () => {
    expect(() => encodeSample(tokenizer, " ", "Paris", 64)).toThrow(withCode("empty-prompt"));
  });
  test("may fill the context, and no more", () => {
    const { ids } = encodeSample(tokenizer, "The capital of France is", "Berlin.", 64);
    expect(encodeSample(tokenizer, "The capital of France is", "Berlin.", ids.length).ids).toEqual(ids);
    expect(() => encodeSample(tokenizer, "The capital of France is", "Berlin.", ids.length - 1)).toThrow(withCode("text-too-long"));
  });
});

describe("a continuation gives the answer", () => {
  test.each([
    [" Paris.", "Paris", true],
    ["Paris", "Paris", true],
    ["\n Paris, of course", " Paris ", true],
    [" New York is", "New York", true],
    [" Parisian", "Paris", false],
    [" Paris2", "Paris", false],
    [" Parisé", "Paris", false],
    [" paris", "Paris", false],
    [" in Paris", "Paris", false],
    ["", "Paris", false],
  ])("%j, %j: %s", (continuation, answer, expected) => {
    expect(givesAnswer(continuation, answer)).toBe(expected);
  });
});
