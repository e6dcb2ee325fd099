import { describe, expect, test } from "vitest";
import { metaspaceTokenizer } from "../tokenizer/fixtures.ts";
import { styles } from "../tokenizer/testing/styles.ts";
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

/** These put a blank before each text they are given; the answer must not get it besides its own. */
describe.each(["llama2", "llama2Metaspace", "llama2Split"] as const)("a training sample in the style of %s", (style) => {
  const llama = loadTokenizer(JSON.stringify(styles[style]));
  // Blanks, lines, special tokens and half words at the border.
  const pairs = [
    "The capital of France is",
    "The capital of\n",
    "Ends in a par",
    "x  ",
    "is <s>",
    "日本",
    "The",
    "- = -",
    "\n  a\tis",
  ].flatMap((prompt) =>
    ["Paris.", "t.", "日本!", "is the capital of Germany", "\nnext line", "</s>", "- - -"].map((answer) => [prompt, answer] as const),
  );

  test("is read as one text: no blank more, none less", () => {
    for (const [prompt, answer] of pairs) {
      const { ids, promptLength } = encodeSample(llama, prompt, answer, 200);
      const front = prompt.replace(/ +$/, "");
      const bytes = ids.slice(1).flatMap((id) => [...llama.piece(id).bytes]);
      const ended = /[\p{P}\n]$/u.test(answer.trim()) ? answer.trim() : `${answer.trim()}.`;
      const text = `${front}${front.endsWith("\n") ? "" : " "}${ended}`;
      const joined = new TextDecoder().decode(Uint8Array.from(bytes)).replace(/^ /, "");
      // After a special token each text has its blank, as wherever these tokenizers meet one.
      expect(style === "llama2Metaspace" || !/<.?s>/.test(text) ? joined : text, `${prompt}|${answer}`).toBe(text);
      expect(ids.slice(0, promptLength), `${prompt}|${answer}`).toEqual(encodePrompt(llama, prompt, 200));
    }
  });

  test("has the ids of the whole text where that begins with the prompt's", () => {
    let alike = 0;
    for (const [prompt, answer] of pairs) {
      const { ids, promptLength } = encodeSample(llama, prompt, `${answer}!`, 200);
      const front = prompt.replace(/ +$/, "");
      const whole = llama.encode(`${front}${front.endsWith("\n") ? "" : " "}${answer.trim()}!`, { specialTokens: true });
      if (!ids.slice(0, promptLength).every((id, i) => whole[i] === id)) continue;
      alike++;
      expect(ids, `${prompt}|${answer}`).toEqual(whole);
    }
    expect(alike).toBeGreaterThan(pairs.length / 2);
  });
});

test("an answer that merges with the prompt's end gets no second blank", () => {
  // A token over the border of two words, as models have that were trained without splitting at blanks.
  const { model, ...rest } = styles.llama2 as unknown as { model: { vocab: Record<string, number>; merges: unknown[] } };
  const vocab = { ...model.vocab, "s▁": Object.keys(model.vocab).length };
  const crossing = loadTokenizer(JSON.stringify({ ...rest, model: { ...model, vocab, merges: [["s", "▁"], ...model.merges] } }));
  const { ids, promptLength } = encodeSample(crossing, "The capital of France is", "Paris.", 64);
  expect(crossing.encode("The capital of France is Paris.", { specialTokens: true }).slice(0, promptLength)).not.toEqual(
    ids.slice(0, promptLength),
  );
  expect(ids.slice(0, promptLength)).toEqual(encodePrompt(crossing, "The capital of France is", 64));
  expect(crossing.decode(ids)).toBe("The capital of France is Paris.");
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
