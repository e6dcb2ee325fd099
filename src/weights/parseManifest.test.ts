import { describe, expect, test } from "vitest";
import { EngineError, errorFacts } from "../lib/errors.ts";
import { createPrng } from "../lib/prng.ts";
import { encodedModel } from "./fixtures.ts";
import { manifestRevision, type Manifest } from "./manifest.ts";
import { parseManifest } from "./parseManifest.ts";

const { manifest } = await encodedModel();
const text = JSON.stringify(manifest);

test("a written manifest is read as it was, and its revision follows from it", async () => {
  expect(parseManifest(text)).toEqual(manifest);
  expect(await manifestRevision(parseManifest(text))).toBe(manifest.revision);
  expect(manifest.shards.map(({ bytes }) => bytes)).toEqual([1000, 1000, 1000, 76]);
});

test("the revision changes with config, spans and hashes, not with the name", async () => {
  const revisionOf = (part: Partial<Manifest>) => manifestRevision({ ...manifest, ...part });
  expect(await revisionOf({ name: "other" })).toBe(manifest.revision);
  const others = [
    revisionOf({ config: {} }),
    revisionOf({ tokenizerConfig: {} }),
    revisionOf({ tensors: manifest.tensors.slice(1) }),
    revisionOf({ tokenizer: { ...manifest.tokenizer, sha256: "0".repeat(64) } }),
  ];
  expect(new Set([manifest.revision, ...(await Promise.all(others))]).size).toBe(5);
});

interface Draft {
  [key: string]: unknown;
  tensors: Record<string, unknown>[];
  shards: Record<string, unknown>[];
  tokenizer: Record<string, unknown>;
  quantization: Record<string, unknown>;
}

/** The manifest's text after a change to it. */
function changed(change: (draft: Draft) => void): string {
  const draft = JSON.parse(text) as Draft;
  change(draft);
  return JSON.stringify(draft);
}

const tensor = (index: number, fields: object) => changed((draft) => Object.assign(draft.tensors[index] ?? {}, fields));
const shard = (index: number, fields: object) => changed((draft) => Object.assign(draft.shards[index] ?? {}, fields));
const top = (fields: object) => changed((draft) => Object.assign(draft, fields));

/** What is wrong, the text, and what the message must say. */
const badManifests: readonly [string, string, RegExp][] = [
  ["an empty text", " \n", /empty text, expected JSON/],
  ["a text cut at half", text.slice(0, text.length / 2), /broken JSON at character \d+: got .*, expected/],
  ["a text cut before its last brace", text.slice(0, -1), /got the end of the text, expected "}"/],
  ["a list", "[]", /the whole text: got \[\], expected an object/],
  ["a number", "7", /got 7, expected an object/],
  ["duplicate keys", text.replace('"name":"tiny"', '"name":"tiny","name":"other"'), /duplicate JSON key "name"/],
  ["__proto__", text.replace('"config":{', '"config":{"__proto__":{},'), /forbidden JSON key/],
  ["no format", top({ format: undefined }), /format nothing, expected "elder-shards\/1"/],
  ["another format", top({ format: "elder-shards/2" }), /format "elder-shards\/2", expected/],
  ["a Hugging Face index", '{"metadata":{},"weight_map":{}}', /format nothing/],
  ["an empty name", top({ name: "" }), /name: got "", expected a name/],
  ["a name with control characters", top({ name: "a\u0007" }), /expected a name of 1 to 200/],
  ["a revision that is no hash", top({ revision: "v1" }), /revision: got "v1", expected 64/],
  ["no config", top({ config: undefined }), /config: got nothing, expected an object/],
  ["a config that is a list", top({ config: [] }), /config: got \[\]/],
  ["a tokenizer config that is a text", top({ tokenizerConfig: "x" }), /tokenizerConfig: got "x"/],
  ["5 bits", top({ quantization: { bits: 5, group: 32 } }), /quantization\.bits: got 5, expected 4 or 8/],
  ["a group of 12", top({ quantization: { bits: 4, group: 12 } }), /quantization\.group: got 12, expected a multiple of 8/],
  ["no quantization", top({ quantization: null }), /quantization: got null/],
  ["no shards", top({ shards: [] }), /shards: got \[\], expected a list that is not empty/],
  ["shards that are an object", top({ shards: {} }), /shards: got \{\}/],
  ["5,000 shards", top({ shards: Array(5000).fill(manifest.shards[0]) }), /5000 entries, expected at most 4096/],
  [
    "a shard in another folder",
    shard(0, { file: "../secret.bin" }),
    /shards\[0\]\.file: got "\.\.\/secret\.bin", expected a plain file name/,
  ],
  ["a shard on another server", shard(0, { file: "https://example.com/x" }), /expected a plain file name/],
  ["a shard with a Windows path", shard(0, { file: "a\\b.bin" }), /expected a plain file name/],
  ["a shard with a query", shard(0, { file: "a.bin?x=1" }), /expected a plain file name/],
  ["a hidden shard", shard(0, { file: ".htaccess" }), /expected a plain file name/],
  ["two shards of one name", shard(1, { file: "shard-0000.bin" }), /file name "shard-0000\.bin" twice/],
  ["a tokenizer of a shard's name", changed((draft) => (draft.tokenizer.file = "shard-0000.bin")), /file name "shard-0000\.bin" twice/],
  ["a shard of 9 GB", shard(0, { bytes: 9e9 }), /shards\[0\]\.bytes: got 9000000000, expected an integer from 1 to 8388608/],
  ["a shard of 0 bytes", shard(0, { bytes: 0 }), /got 0, expected an integer from 1/],
  ["a shard of 2.5 bytes", shard(0, { bytes: 2.5 }), /got 2\.5/],
  ["a shard of 998 bytes", shard(0, { bytes: 998 }), /shards\[0\]: got 998 bytes, expected a multiple of 4/],
  ["a shard of more bytes than its tensors", shard(3, { bytes: 80 }), /tensors that end at byte 3076 of all shards, expected 3080/],
  ["a short hash", shard(2, { sha256: "abc" }), /shards\[2\]\.sha256: got "abc", expected 64/],
  ["an upper-case hash", shard(2, { sha256: "A".repeat(64) }), /64 lower-case hex digits/],
  ["no tokenizer", top({ tokenizer: undefined }), /tokenizer: got nothing/],
  ["a tokenizer of 1 GB", changed((draft) => (draft.tokenizer.bytes = 1e9)), /tokenizer\.bytes: got 1000000000/],
  ["no tensors", top({ tensors: [] }), /tensors: got \[\]/],
  ["a tensor that is a text", top({ tensors: ["w"] }), /tensors\[0\]: got "w", expected an object/],
  ["a tensor named __proto__", tensor(0, { name: "__proto__" }), /expected a tensor name/],
  ["a tensor name with markup", tensor(0, { name: "<img>" }), /expected a tensor name/],
  ["two tensors of one name", tensor(1, { name: "a.weight" }), /tensor name "a\.weight" twice/],
  [
    "an unknown tensor format",
    tensor(0, { format: "int2" }),
    /tensors\[0\] \(a\.weight\)\.format: got "int2", expected f32, f16, int8, int4 or int4m/,
  ],
  ["no shape", tensor(0, { shape: [] }), /shape: got \[\]/],
  ["a negative size", tensor(0, { shape: [-24, 32] }), /shape\[0\]: got -24/],
  ["five sizes", tensor(2, { shape: [1, 1, 1, 4, 25] }), /5 entries, expected at most 4/],
  ["an absurd shape", tensor(2, { shape: [2 ** 31, 2 ** 31] }), /expected at most 8589934592 elements/],
  ["three sizes of int4", tensor(0, { shape: [2, 12, 32] }), /expected two sizes for int4/],
  ["columns off the group", tensor(0, { shape: [32, 24] }), /24 columns, expected a multiple of the group, 32/],
  ["no group", tensor(0, { group: undefined }), /group: got nothing/],
  ["bytes that do not fit the shape", tensor(0, { bytes: 388 }), /bytes: got 388, expected 384 for its shape and format/],
  ["scales that do not fit the shape", tensor(0, { scales: { shard: 0, offset: 384, bytes: 44 } }), /scales\.bytes: got 44, expected 48/],
  ["no scales", tensor(0, { scales: undefined }), /scales: got nothing/],
  ["an unaligned offset", tensor(0, { offset: 2 }), /offset: got 2, expected a multiple of 4/],
  ["a negative offset", tensor(0, { offset: -4 }), /offset: got -4/],
  ["a shard that is not there", tensor(2, { shard: 4 }), /shard 4, offset 676, expected a place inside one of the 4 shards/],
  [
    "an offset past its shard",
    tensor(2, { offset: 1000 }),
    /offset 1000, expected a place inside one of the 4 shards \(that one has 1000 bytes\)/,
  ],
  ["an overlap", tensor(1, { offset: 428 }), /tensor b\.weight: got an overlap, it begins at byte 428 of all shards, expected 432/],
  ["a hole", tensor(1, { offset: 436 }), /tensor b\.weight: got a hole|overlap/],
  ["a tensor missing", changed((draft) => draft.tensors.pop()), /tensors that end at byte 2676 of all shards, expected 3076/],
];

describe("a bad manifest is refused:", () => {
  test.each(badManifests)("%s", (_what, bad, says) => {
    expect(() => parseManifest(bad)).toThrow(EngineError);
    expect(() => parseManifest(bad)).toThrow(says);
    try {
      parseManifest(bad);
    } catch (thrown) {
      expect(errorFacts(thrown)).toMatchObject({ code: "bad-manifest", hint: expect.stringMatching(/\S{3}/) as string });
    }
  });
});

test("4,000 damaged manifests give typed errors, or a manifest that adds up", () => {
  const prng = createPrng(8);
  const signs = '{}[]",:0123456789.-e\\a';
  for (let i = 0; i < 4000; i++) {
    const letters = Array.from(text);
    for (let edits = 1 + prng.below(2); edits > 0; edits--)
      letters.splice(prng.below(letters.length), prng.below(3), signs[prng.below(signs.length)] ?? "");
    try {
      const read = parseManifest(letters.join(""));
      const bytes = read.tensors.reduce((sum, part) => sum + part.bytes + ("scales" in part ? part.scales.bytes : 0), 0);
      expect(bytes).toBe(read.shards.reduce((sum, part) => sum + part.bytes, 0));
    } catch (thrown) {
      expect(errorFacts(thrown).code).toBe("bad-manifest");
    }
  }
});
