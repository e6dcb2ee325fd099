import { describe, expect, test } from "vitest";
import { EngineError, errorFacts } from "../lib/errors.ts";
import { byteLevelTokenizer, metaspaceTokenizer } from "./fixtures.ts";
import { IncrementalDecoder } from "./incrementalDecoder.ts";
import { bytesText } from "./tokenBytes.ts";
import { malformedTokenizers } from "./testing/malformed.ts";
import { loadTokenizer, type Tokenizer } from "./tokenizer.ts";

const byteLevel = loadTokenizer(JSON.stringify(byteLevelTokenizer()), { eos_token: "<|endoftext|>" });
const metaspace = loadTokenizer(JSON.stringify(metaspaceTokenizer()), { eos_token: { content: "</s>" } });

function stream(tokenizer: Tokenizer, text: string): string[] {
  const decoder = new IncrementalDecoder(tokenizer);
  return [...tokenizer.encode(text).map((id) => decoder.push(id)), decoder.flush()];
}

describe("pieces", () => {
  test("are exact bytes, shown as such where they are part of a character", () => {
    const pieces = byteLevel.encode("🐢").map((id) => byteLevel.piece(id));
    expect(pieces.flatMap(({ bytes }) => [...bytes])).toEqual([0xf0, 0x9f, 0x90, 0xa2]);
    expect(pieces.map(({ text }) => text).join("")).toBe("<0xF0><0x9F><0x90><0xA2>");
  });

  test.each([
    [[0x20, 0xe2, 0x80], " <0xE2><0x80>"],
    [[0x80, 0x41, 0xc3, 0xa9, 0xc3], "<0x80>Aé<0xC3>"],
    [[0xef, 0xbf, 0xbd], "\ufffd"],
    [[0xed, 0xa0, 0x80], "<0xED><0xA0><0x80>"],
    [[0xc0, 0xaf, 0xff], "<0xC0><0xAF><0xFF>"],
    [[0xf0, 0x9f, 0x90, 0xa2, 0x21], "🐢!"],
    [[0xef, 0xbb, 0xbf], "\ufeff"],
  ])("show %j as %j", (bytes, text) => {
    expect(bytesText(Uint8Array.from(bytes))).toBe(text);
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

describe("a malformed tokenizer.json is refused:", () => {
  test.each(malformedTokenizers)("$name", ({ text, says }) => {
    const file = text();
    const thrown = (() => {
      try {
        return loadTokenizer(file);
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toBeInstanceOf(EngineError);
    expect(errorFacts(thrown)).toMatchObject({
      code: "bad-tokenizer",
      message: expect.stringMatching(says) as string,
      hint: expect.stringContaining("tokenizer.json") as string,
    });
    expect(errorFacts(thrown).message.length).toBeLessThan(600);
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
