import { describe, expect, test } from "vitest";
import { EngineError, errorFacts } from "../lib/errors.ts";
import { createPrng } from "../lib/prng.ts";
import { openSafetensors, parseSafetensorsHeader } from "./safetensors.ts";
import { writeSafetensors } from "./safetensorsWriter.ts";

const utf8 = new TextEncoder();

/** A file of this header text and `dataBytes` zeros; `length` is what the first 8 bytes say. */
function fileOf(header: string | Uint8Array, dataBytes = 0, length?: bigint): Uint8Array<ArrayBuffer> {
  const text = typeof header === "string" ? utf8.encode(header) : header;
  const file = new Uint8Array(8 + text.length + dataBytes);
  new DataView(file.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  file.set(text, 8);
  return file;
}

const entry = (dtype: unknown, shape: unknown, offsets: unknown) => ({ dtype, shape, data_offsets: offsets });
const ofEntries = (entries: object, dataBytes: number) => fileOf(JSON.stringify(entries), dataBytes);
const one = entry("F32", [2], [0, 8]);

/** What is wrong, the file, and what the message (or hint) must say. */
const badFiles: readonly [string, Uint8Array, RegExp][] = [
  ["an empty file", new Uint8Array(0), /0 bytes, expected at least 10/],
  ["seven bytes", new Uint8Array(7), /7 bytes/],
  [
    "a Git LFS pointer",
    utf8.encode("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 5\n"),
    /Git LFS pointer.*git lfs pull/,
  ],
  ["an HTML page", utf8.encode("\n<!DOCTYPE html><title>404</title>"), /HTML page.*check the address/],
  ["an XML answer", utf8.encode('<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'), /HTML page/],
  ["a zipped pickle", Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0, 0, 0, 0), /pickle.*never read/],
  ["a bare pickle", Uint8Array.of(0x80, 2, 0x7d, 0x71, 0, 0, 0, 0, 0, 0), /pickle.*safe_serialization/],
  ["a GGUF file", utf8.encode("GGUF\u0003\0\0\0\0\0\0\0"), /GGUF.*safetensors/],
  ["a gzip archive", Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0), /gzip/],
  ["bare JSON", utf8.encode('{"error":"not found"}'), /Got JSON text, expected a safetensors file/],
  ["a header over 10 MB", fileOf("{}", 0, 10_000_001n), /10000001 bytes, expected at most/],
  ["a header of 2^64 - 1 bytes", fileOf("{}", 0, 0xffffffffffffffffn), /expected at most 10000000/],
  ["a header beyond the file", fileOf("{}", 0, 3n), /header of 3 bytes in a file of 10/],
  ["an empty header", fileOf("", 8, 0n), /got nothing at its start, expected "\{"/],
  ["a header with a byte order mark", fileOf("\ufeff{}"), /got byte 239/],
  ["a header that is no UTF-8", fileOf(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d)), /no UTF-8/],
  ["a header with half a surrogate pair in UTF-8", fileOf(Uint8Array.of(0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x7d)), /no UTF-8/],
  ["broken JSON", fileOf('{"a":'), /broken JSON at character 5/],
  ["a header with something after it", fileOf("{}x"), /expected the end of the text/],
  ["a duplicate tensor", fileOf(`{"a":${JSON.stringify(one)},"a":${JSON.stringify(one)}}`, 8), /duplicate JSON key "a"/],
  [
    "a duplicate key in a tensor",
    fileOf('{"a":{"dtype":"F32","dtype":"F16","shape":[2],"data_offsets":[0,8]}}', 8),
    /duplicate JSON key "dtype"/,
  ],
  ["a tensor named __proto__", fileOf('{"__proto__":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', 8), /forbidden JSON key/],
  ["a size of 2^53 + 1", fileOf('{"a":{"dtype":"F32","shape":[9007199254740993],"data_offsets":[0,8]}}', 8), /2\^53/],
  ["deep nesting", fileOf('{"a":'.repeat(90)), /too deep/],
  ["a tensor that is a number", ofEntries({ a: 1 }, 0), /"a": got 1, expected \{dtype/],
  ["a tensor that is a list", ofEntries({ a: [] }, 0), /"a": got \[\]/],
  ["no dtype", ofEntries({ a: entry(undefined, [2], [0, 8]) }, 8), /dtype nothing, expected one of F64/],
  ["an unknown dtype", ofEntries({ a: entry("F31", [2], [0, 8]) }, 8), /dtype "F31"/],
  ["a dtype of Object's own", ofEntries({ a: entry("constructor", [2], [0, 8]) }, 8), /dtype "constructor"/],
  ["no shape", ofEntries({ a: entry("F32", undefined, [0, 8]) }, 8), /shape nothing/],
  ["a negative size", ofEntries({ a: entry("F32", [-2, -1], [0, 8]) }, 8), /shape \[-2,-1\]/],
  ["a fractional size", ofEntries({ a: entry("F32", [0.5], [0, 2]) }, 2), /number 0\.5 at character 29: expected a whole number/],
  ["nine dimensions", ofEntries({ a: entry("U8", Array(9).fill(1), [0, 1]) }, 1), /at most 8 sizes/],
  ["sizes that overflow", ofEntries({ a: entry("F32", [2 ** 52, 2 ** 52, 2 ** 52], [0, 8]) }, 8), /expected less than 2\^53 bytes/],
  ["sizes that overflow beside a zero", ofEntries({ a: entry("F32", [2 ** 52, 2 ** 52, 0], [0, 0]) }, 0), /expected less than 2\^53 bytes/],
  ["a size written as 2.0", fileOf('{"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}', 8), /number 2\.0 .*expected a whole number/],
  ["an offset of -0", fileOf('{"a":{"dtype":"F32","shape":[2],"data_offsets":[-0,8]}}', 8), /number -0 .*expected a whole number/],
  ["one offset", ofEntries({ a: entry("F32", [2], [0]) }, 8), /data_offsets \[0\], expected \[begin, end\]/],
  ["offsets the wrong way round", ofEntries({ a: entry("F32", [2], [8, 0]) }, 8), /span of -8 bytes/],
  ["a negative offset", ofEntries({ a: entry("F32", [2], [-8, 0]) }, 8), /data_offsets \[-8,0\]/],
  [
    "a span that does not fit its shape",
    ofEntries({ a: entry("F32", [3], [0, 8]) }, 8),
    /span of 8 bytes \(0 to 8\), expected 12 for F32 \[3\]/,
  ],
  ["an unknown key", ofEntries({ a: { ...one, extra: 1 } }, 8), /unknown key "extra"/],
  ["a hole at the start", ofEntries({ a: entry("F32", [2], [4, 12]) }, 12), /a hole before tensor "a"/],
  ["a hole in between", ofEntries({ a: one, b: entry("F32", [1], [12, 16]) }, 16), /a hole before tensor "b"/],
  ["an overlap", ofEntries({ a: one, b: entry("F32", [2], [4, 12]) }, 12), /an overlap at tensor "b"/],
  ["the same bytes twice", ofEntries({ a: one, b: one }, 8), /an overlap/],
  ["bytes after the last tensor", ofEntries({ a: one }, 9), /expected \d+: the end of the last tensor/],
  ["a truncated file", ofEntries({ a: one }, 7), /end of the last tensor/],
  ["metadata that is no object", ofEntries({ __metadata__: "x" }, 0), /__metadata__/],
  ["metadata with a number", ofEntries({ __metadata__: { step: 3 } }, 0), /__metadata__ that holds more than text/],
];

describe("a bad file is refused:", () => {
  test.each(badFiles)("%s", (_what, file, says) => {
    const facts = refusal(() => openSafetensors(file));
    expect(facts.code).toBe("bad-safetensors");
    expect(`${facts.message} ${facts.hint}`).toMatch(says);
    expect(facts.message).toMatch(/expected|duplicate|forbidden/);
  });
});

function refusal(act: () => unknown) {
  try {
    act();
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(EngineError);
    return errorFacts(thrown);
  }
  throw new Error("the file was accepted");
}

describe("a good file", () => {
  test("gives back what was written", () => {
    const floats = Float32Array.of(1.5, -0, 3e38, 2 ** -149, NaN, -Infinity);
    const file = openSafetensors(
      writeSafetensors(
        [
          { name: "mask", shape: [3], data: Uint8Array.of(1, 0, 255) },
          { name: "w", shape: [2, 3], data: floats },
          { name: "ids", shape: [1, 2], data: Int32Array.of(-5, 2 ** 31 - 1) },
          { name: "none", shape: [0, 4], data: new Float32Array(0) },
          { name: "scalar", shape: [], data: Float32Array.of(7) },
        ],
        { made: "here" },
      ),
    );
    expect(file.readTensor("w")).toEqual({ name: "w", shape: [2, 3], format: "f32", data: floats });
    expect(file.readIntegers("ids")).toEqual({ shape: [1, 2], data: Int32Array.of(-5, 2 ** 31 - 1) });
    expect(file.readIntegers("mask").data).toEqual(Int32Array.of(1, 0, 255));
    expect(file.readTensor("none").data).toHaveLength(0);
    expect(file.readTensor("scalar")).toMatchObject({ shape: [], data: Float32Array.of(7) });
    expect(file.metadata).toEqual({ made: "here" });
    expect([...file.entries.values()].every(({ begin, type }) => type === "U8" || begin % 4 === 0)).toBe(true);
  });

  test("reads halves, doubles and 64-bit integers, at any alignment", () => {
    const header = {
      h: entry("F16", [2], [1, 5]),
      b: entry("BF16", [1], [5, 7]),
      d: entry("F64", [1], [7, 15]),
      i: entry("I64", [2], [15, 31]),
      t: entry("BOOL", [1], [0, 1]),
    };
    const file = ofEntries(header, 31);
    const view = new DataView(file.buffer, file.length - 31);
    view.setUint8(0, 1);
    view.setUint16(1, 0x3c00, true);
    view.setUint16(3, 0xc000, true);
    view.setUint16(5, 0x4049, true);
    view.setFloat64(7, 0.25, true);
    view.setBigInt64(15, -100n, true);
    view.setBigInt64(23, 7n, true);
    const opened = openSafetensors(file);
    expect(["h", "b", "d"].map((name) => [...opened.readTensor(name).data])).toEqual([[1, -2], [3.140625], [0.25]]);
    expect([...opened.readHalves("h")]).toEqual([0x3c00, 0xc000]);
    expect(() => opened.readHalves("b")).toThrow(/"b": got BF16, expected F16/);
    expect([...opened.readIntegers("i").data]).toEqual([-100, 7]);
    expect([...opened.readIntegers("t").data]).toEqual([1]);
    expect(() => opened.readTensor("i")).toThrow(/"i": got I64, expected F32/);
    expect(() => opened.readIntegers("h")).toThrow(/"h": got F16, expected I64/);
    expect(() => opened.readTensor("x")).toThrow(/no tensor "x", expected it among the file's 5/);
    view.setBigInt64(23, 2n ** 40n, true);
    expect(() => opened.readIntegers("i")).toThrow(/1099511627776, expected one that fits in 32 bits/);
  });

  test.each([640, 1152, 35_615, 15_370])("may have a header of %i bytes, which begins like another kind of file", (length) => {
    const file = fileOf(`{"a":${JSON.stringify(one)}}`.padEnd(length), 8);
    expect(openSafetensors(file).readTensor("a").data).toEqual(new Float32Array(2));
  });

  test("may be given by its header alone", () => {
    const file = ofEntries({ b: entry("F32", [1], [8, 12]), a: one }, 12);
    const header = parseSafetensorsHeader(file.slice(0, file.length - 12), file.length);
    expect([...header.entries.keys()]).toEqual(["a", "b"]);
    expect(() => parseSafetensorsHeader(file.slice(0, 20), file.length)).toThrow(/first 20 bytes, expected the whole header/);
  });

  test("is not written with wrong shapes or names", () => {
    const data = new Float32Array(2);
    expect(() => writeSafetensors([{ name: "a", shape: [3], data }])).toThrow(/2 elements, expected 3/);
    expect(() =>
      writeSafetensors([
        { name: "a", shape: [2], data },
        { name: "a", shape: [2], data },
      ]),
    ).toThrow(/name "a"/);
    expect(() => writeSafetensors([{ name: "__metadata__", shape: [2], data }])).toThrow(/reserved/);
  });
});

test("4,000 damaged files give typed errors, or the tensors their headers state", () => {
  const good = writeSafetensors([
    { name: "a", shape: [2, 2], data: new Float32Array(4) },
    { name: "b", shape: [3], data: new Int32Array(3) },
  ]);
  const prng = createPrng(5);
  let accepted = 0;
  for (let i = 0; i < 4000; i++) {
    const file = good.slice(0, prng.below(4) === 0 ? prng.below(good.length) : good.length);
    for (let edits = 1 + prng.below(3); edits > 0; edits--) file[prng.below(file.length)] = prng.below(256);
    try {
      const opened = openSafetensors(file);
      accepted++;
      for (const { shape, begin, end } of opened.entries.values())
        expect(end - begin).toBeGreaterThanOrEqual(shape.reduce((a, b) => a * b, 1));
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(EngineError);
      expect(errorFacts(thrown).code).toBe("bad-safetensors");
    }
  }
  expect(accepted).toBeGreaterThan(0);
  expect(Object.keys(Object.prototype)).toEqual([]);
});
