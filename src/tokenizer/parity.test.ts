import { existsSync, readFileSync } from "node:fs";
import { PreTrainedTokenizer } from "@xenova/transformers";
import { describe, expect, test } from "vitest";
import { createPrng } from "../lib/prng.ts";
import { byteCharacters, byteLevelTokenizer, gpt2Words, mergePair, metaspaceTokenizer, randomText } from "./fixtures.ts";
import { IncrementalDecoder } from "./incrementalDecoder.ts";
import { loadTokenizer, type Tokenizer } from "./tokenizer.ts";

const texts = 1200;

interface BpeJson {
  readonly model: { readonly vocab: Readonly<Record<string, number>>; readonly merges: readonly (readonly string[])[] };
}

/** Both libraries on the same seeded texts: ids with and without special tokens, and the text of the ids. */
function expectParity(json: object, config: object, seed: number, accepts: (text: string) => boolean = () => true): Tokenizer {
  const ours = loadTokenizer(JSON.stringify(json), config);
  const theirs = new PreTrainedTokenizer(json, config);
  const prng = createPrng(seed);
  for (let i = 0; i < texts; i++) {
    const text = randomText(prng);
    if (!accepts(text)) continue;
    const ids = ours.encode(text);
    expect(ids, text).toEqual(theirs.encode(text, { add_special_tokens: false }));
    expect(ours.encode(text, { specialTokens: true }), text).toEqual(theirs.encode(text));
    if (ids.length > 0)
      expect(ours.decode(ids), text).toBe(theirs.decode(ids, { skip_special_tokens: true, clean_up_tokenization_spaces: false }));
    expect(streamed(ours, ids), text).toBe(ours.decode(ids));
  }
  return ours;
}

function streamed(tokenizer: Tokenizer, ids: readonly number[]): string {
  const decoder = new IncrementalDecoder(tokenizer, { startsText: true });
  return ids.map((id) => decoder.push(id)).join("") + decoder.flush();
}

/** Half surrogate pairs become U+FFFD, as they do on the way to UTF-8. */
function wellFormed(text: string): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(text));
}

/** Byte-pair encoding by its definition: merge the earliest learnt pair wherever it stands, until none is left. */
function slowEncode(json: BpeJson, text: string): number[] {
  const table = byteCharacters();
  const rank = new Map(json.model.merges.map(([left, right], index) => [`${left} ${right}`, index]));
  return (text.match(gpt2Words) ?? []).flatMap((word) => {
    let parts = Array.from(new TextEncoder().encode(word), (byte) => table[byte] ?? "");
    for (;;) {
      const pairs = parts.slice(1).map((part, i): [string, string] => [parts[i] ?? "", part]);
      const best = pairs
        .filter((pair) => rank.has(pair.join(" ")))
        .sort((a, b) => (rank.get(a.join(" ")) ?? 0) - (rank.get(b.join(" ")) ?? 0))[0];
      if (!best) return parts.map((part) => json.model.vocab[part] ?? -1);
      parts = mergePair(parts, ...best);
    }
  });
}

function expectDefinition(tokenizer: Tokenizer, json: BpeJson, seed: number): void {
  const prng = createPrng(seed);
  for (let i = 0; i < 300; i++) {
    const text = randomText(prng);
    expect(tokenizer.encode(text), text).toEqual(slowEncode(json, text));
  }
}

/** Byte-level tokens lose nothing: every text comes back as it was. */
function expectRoundTrip(tokenizer: Tokenizer, seed: number): void {
  const prng = createPrng(seed);
  for (let i = 0; i < texts; i++) {
    const text = randomText(prng);
    const bytes = tokenizer.encode(text).flatMap((id) => [...tokenizer.piece(id).bytes]);
    expect(bytes, text).toEqual([...new TextEncoder().encode(text)]);
    expect(tokenizer.decode(tokenizer.encode(text)), text).toBe(wellFormed(text));
  }
}

describe("a byte-level tokenizer", () => {
  const json = byteLevelTokenizer();
  const config = { eos_token: "<|endoftext|>", clean_up_tokenization_spaces: false };

  test("gives the ids and texts of transformers.js", () => {
    expectParity(json, config, 1);
  });

  test("gives the ids of the plain definition", () => {
    expectDefinition(loadTokenizer(JSON.stringify(json), config), json, 2);
  });

  test("brings every text back, byte by byte", () => {
    expectRoundTrip(loadTokenizer(JSON.stringify(json), config), 3);
  });
});

describe("a tokenizer with byte fallback", () => {
  const json = metaspaceTokenizer();

  test("gives the ids and texts of transformers.js", () => {
    // Its byte-fallback decoder drops U+FEFF as a byte order mark; here, as in the Rust library, it is text.
    expectParity(json, { eos_token: "</s>" }, 4, (text) => !text.includes("\ufeff"));
  });

  test("brings every text back", () => {
    const tokenizer = loadTokenizer(JSON.stringify(json));
    const prng = createPrng(5);
    for (let i = 0; i < texts; i++) {
      const text = randomText(prng);
      expect(tokenizer.decode(tokenizer.encode(text)), text).toBe(wellFormed(text.replaceAll("▁", " ")));
    }
  });
});

const atlas = ["public/models/atlas/int8", "build/atlas/hf"].find((folder) => existsSync(`${folder}/tokenizer.json`));
if (atlas === undefined) console.warn("Skipped: Atlas tokenizer parity (no tokenizer.json in public/models/atlas/int8 or build/atlas/hf).");

describe.skipIf(atlas === undefined)("the tokenizer of Atlas", () => {
  const read = (): BpeJson => JSON.parse(readFileSync(`${atlas}/tokenizer.json`, "utf8")) as BpeJson;

  test("gives the ids and texts of transformers.js and of the plain definition, and loses nothing", () => {
    const json = read();
    const tokenizer = expectParity(json, { eos_token: "<|endoftext|>", clean_up_tokenization_spaces: false }, 6);
    expectDefinition(tokenizer, json, 7);
    expectRoundTrip(tokenizer, 8);
    expect(tokenizer.endTokens.map((id) => tokenizer.piece(id).text)).toEqual(["<|endoftext|>"]);
  });
});
