import { describe, expect, test } from "vitest";
import { EngineError, errorFacts } from "../lib/errors.ts";
import { byteLevelTokenizer, metaspaceTokenizer } from "./fixtures.ts";
import { IncrementalDecoder } from "./incrementalDecoder.ts";
import { loadTokenizer, type Tokenizer } from "./tokenizer.ts";

const byteLevel = loadTokenizer(JSON.stringify(byteLevelTokenizer()), { eos_token: "<|endoftext|>" });
const metaspace = loadTokenizer(JSON.stringify(metaspaceTokenizer()), { eos_token: { content: "</s>" } });

function stream(tokenizer: Tokenizer, text: string): string[] {
  const decoder = new IncrementalDecoder(tokenizer);
  return [...tokenizer.encode(text).map((id) => decoder.push(id)), decoder.flush()];
}

describe("pieces", () => {
  test("are exact bytes, and U+FFFD where they are part of a character", () => {
    const pieces = byteLevel.encode("🐢").map((id) => byteLevel.piece(id));
    expect(pieces.flatMap(({ bytes }) => [...bytes])).toEqual([0xf0, 0x9f, 0x90, 0xa2]);
    expect(pieces.every(({ text }) => text.includes("\ufffd"))).toBe(true);
  });

  test("of byte fallback are one byte each", () => {
    const pieces = metaspace.encode("🐢").map((id) => metaspace.piece(id));
    expect(pieces.slice(1).map(({ bytes }) => [...bytes])).toEqual([[0xf0], [0x9f], [0x90], [0xa2]]);
  });

  test("keep their blank", () => {
    expect(
      byteLevel
        .encode(" of")
        .map((id) => byteLevel.piece(id).text)
        .join(""),
    ).toBe(" of");
    expect(metaspace.piece(metaspace.encode("of")[0] ?? -1).text.startsWith(" ")).toBe(true);
  });

  test("are empty outside the vocabulary", () => {
    expect(byteLevel.piece(1e9)).toEqual({ text: "", bytes: new Uint8Array(0) });
    expect(byteLevel.decode([1e9])).toBe("");
  });
});

describe("special tokens", () => {
  test("are known by id, end a text, and give no text", () => {
    expect(byteLevel.isSpecial(0)).toBe(true);
    expect(byteLevel.isSpecial(1)).toBe(false);
    expect(byteLevel.endTokens).toEqual([0]);
    expect(metaspace.endTokens).toEqual([2]);
    expect(byteLevel.decode([0, ...byteLevel.encode("a")])).toBe("a");
  });

  test("are added only when asked for", () => {
    const ids = metaspace.encode("Paris");
    expect(metaspace.encode("Paris", { specialTokens: true })).toEqual([1, ...ids]);
    expect(byteLevel.encode("Paris", { specialTokens: true })).toEqual(byteLevel.encode("Paris"));
  });

  test("count in the size of the vocabulary", () => {
    const json = byteLevelTokenizer();
    const padded = { ...json, added_tokens: [...json.added_tokens, { id: 5000, content: "<pad>", special: true }] };
    expect(loadTokenizer(JSON.stringify(padded)).vocabularySize).toBe(5001);
  });
});

describe("the incremental decoder", () => {
  test("holds a character back until it is whole", () => {
    const parts = stream(byteLevel, "a🐢b");
    expect(parts.join("")).toBe("a🐢b");
    expect(parts.filter((part) => part !== "")).toEqual(["a", "🐢", "b"]);
  });

  test("gives U+FFFD for what stays unfinished", () => {
    const decoder = new IncrementalDecoder(byteLevel);
    for (const id of byteLevel.encode("🐢").slice(0, -1)) expect(decoder.push(id)).toBe("");
    expect(decoder.flush()).toBe("\ufffd");
    expect(decoder.flush()).toBe("");
  });

  test("keeps the blank of a continuation, and drops it at the start of a text", () => {
    const ids = metaspace.encode("Paris");
    const join = (decoder: IncrementalDecoder) => ids.map((id) => decoder.push(id)).join("") + decoder.flush();
    expect(join(new IncrementalDecoder(metaspace))).toBe(" Paris");
    expect(join(new IncrementalDecoder(metaspace, { startsText: true }))).toBe("Paris");
    expect(metaspace.decode(metaspace.encode("  two"))).toBe("  two");
  });

  test("of no tokens gives no text", () => {
    expect(byteLevel.decode([])).toBe("");
    expect(byteLevel.encode("")).toEqual([]);
  });
});

type Edit = (json: ReturnType<typeof byteLevelTokenizer>) => unknown;
const withModel =
  (model: object): Edit =>
  (json) => ({ ...json, model: { ...json.model, ...model } });

/** What is wrong, the file, and what the message must say. */
const badFiles: readonly [string, string | Edit, RegExp][] = [
  ["an empty text", "", /empty text.*tokenizer\.json/],
  ["an HTML page", "<!doctype html><html>", /no JSON.*<!doctype/],
  ["a truncated file", JSON.stringify(byteLevelTokenizer()).slice(0, 500), /no JSON/],
  ["a list", "[]", /expected a JSON object/],
  ["null", "null", /got null/],
  ["no model", () => ({}), /got model nothing/],
  ["a WordPiece model", withModel({ type: "WordPiece" }), /"WordPiece", expected "BPE"/],
  ["no vocabulary", withModel({ vocab: undefined }), /model\.vocab/],
  ["a vocabulary list", withModel({ vocab: [["a", 0]] }), /model\.vocab/],
  ["an empty vocabulary", withModel({ vocab: {} }), /empty vocabulary/],
  ["an id that is a text", withModel({ vocab: { a: "1" } }), /id "1" for token "a"/],
  ["a negative id", withModel({ vocab: { a: -1 } }), /id -1/],
  ["a fractional id", withModel({ vocab: { a: 0.5 } }), /id 0\.5/],
  ["an absurd id", withModel({ vocab: { a: 4e9 } }), /id 4000000000.*expected an integer from 0/],
  ["one id for two tokens", withModel({ vocab: { a: 1, b: 1 } }), /id 1 for both "a" and "b"/],
  ["no merges", withModel({ merges: undefined }), /model\.merges nothing/],
  ["a merge of one part", withModel({ merges: ["ab"] }), /merge 0 "ab".*two texts/],
  ["a merge of three parts", withModel({ merges: [["a", "b", "c"]] }), /merge 0.*a pair/],
  ["merges of two kinds", withModel({ merges: [["a", "b"], "c d"] }), /merge 1 "c d"/],
  ["an added token without an id", (json) => ({ ...json, added_tokens: [{ content: "x" }] }), /added token/],
  ["an empty added token", (json) => ({ ...json, added_tokens: [{ id: 1, content: "" }] }), /added token/],
  ["added tokens that are no list", (json) => ({ ...json, added_tokens: {} }), /added_tokens.*expected a list/],
  ["no decoder", (json) => ({ ...json, decoder: null }), /decoder null/],
  ["an unknown decoder", (json) => ({ ...json, decoder: { type: "CTC" } }), /decoder .*CTC.*expected ByteLevel/],
  [
    "a chain without a sign for blanks",
    (json) => ({ ...json, decoder: { type: "Sequence", decoders: [{ type: "Fuse" }] } }),
    /how blanks are written/,
  ],
  ["an unknown pre-tokenizer", (json) => ({ ...json, pre_tokenizer: { type: "Magic" } }), /cannot be used.*Magic/],
  ["an unknown normalizer", (json) => ({ ...json, normalizer: { type: "Magic" } }), /cannot be used.*Magic/],
  [
    "a post-processor with an unknown token",
    (json) => ({
      ...json,
      post_processor: { type: "TemplateProcessing", single: [{ SpecialToken: { id: "<x>", type_id: 0 } }], pair: [], special_tokens: {} },
    }),
    /vocabulary lacks/,
  ],
];

describe("a bad tokenizer.json is refused:", () => {
  test.each(badFiles)("%s", (_what, file, says) => {
    const text = typeof file === "string" ? file : JSON.stringify(file(byteLevelTokenizer()));
    expect(() => loadTokenizer(text)).toThrow(EngineError);
    try {
      loadTokenizer(text);
    } catch (thrown) {
      expect(errorFacts(thrown)).toMatchObject({
        code: "bad-tokenizer",
        message: expect.stringMatching(says) as string,
        hint: expect.stringContaining("tokenizer.json") as string,
      });
    }
  });

  test("a config that is no object", () => {
    expect(() => loadTokenizer(JSON.stringify(byteLevelTokenizer()), [])).toThrow(/tokenizer_config\.json/);
  });
});

test("an older file without type, added tokens and pre-tokenizer is read", () => {
  const { decoder, model } = byteLevelTokenizer();
  const untyped = Object.fromEntries(Object.entries(model).filter(([name]) => name !== "type"));
  const older = loadTokenizer(JSON.stringify({ decoder, model: { ...untyped, merges: model.merges.map((pair) => pair.join(" ")) } }));
  expect(older.piece(1).bytes).toEqual(Uint8Array.of(0));
});
