/** GGUF files that break the format, with one fault each. */
import { writeSafetensors } from "../safetensorsWriter.ts";
import { bytesOf, impostorNames, impostors, soundTensors, type Malformed } from "./malformedBase.ts";
import { assemble, rawValue, soundGguf, withKeys, withTensor, type RawGguf, type RawTensor } from "./malformedGgufBase.ts";

const { bytes: sound, ends } = assemble(soundGguf);
const cut = (bytes: number) => (): Uint8Array => sound.slice(0, bytes);
const withKey = (key: string | Uint8Array): RawGguf => ({ ...soundGguf, keys: [...soundGguf.keys, { key, value: 1 }] });
const withValue = (value: Uint8Array): RawGguf => withKeys({ "some.key": value });
const withFirst = (fields: Partial<RawTensor>): RawGguf => withTensor("token_embd.weight", () => fields);
const withNorm = (fields: Partial<RawTensor>): RawGguf => withTensor("output_norm.weight", () => fields);
const withAlignment = (value: number): RawGguf => withKeys({ "general.alignment": value });
const without = (fields: Partial<RawGguf>): RawGguf => ({ ...soundGguf, ...fields });

/** The sound file with eight other bytes; the first key's length stands at byte 24. */
const withLong = (at: number, value: bigint) => (): Uint8Array => {
  const bytes = sound.slice();
  new DataView(bytes.buffer).setBigUint64(at, value, true);
  return bytes;
};
const list = (type: number, length: bigint): Uint8Array => rawValue(9, (writer) => writer.uint32(type).uint64(length));
const long = (type: number, value: bigint): Uint8Array => rawValue(type, (writer) => writer.uint64(value));
const [types, floats, strings] = [4, 6, 8];

const faults: Readonly<Record<string, readonly [says: RegExp, made: RawGguf | (() => Uint8Array)]>> = {
  "of-no-bytes": [/end of the file at byte 0, expected 4 bytes/, cut(0)],
  "cut-in-the-magic-number": [/magic number: got the end of the file at byte 3/, cut(3)],
  "cut-in-the-version": [/end of the file at byte 6, expected 4 bytes from byte 4: it is cut short/, cut(6)],
  "cut-in-the-tensor-count": [/count of tensors: got the end of the file at byte 12/, cut(12)],
  "cut-in-the-key-count": [/got 12 tensors in a file of 20 bytes, expected them to fit/, cut(20)],
  "cut-behind-the-counts": [/got 12 tensors in a file of 24 bytes, expected them to fit/, cut(24)],
  "cut-in-a-value": [/metadata ".*": got the end of the file at byte 392, expected 4/, cut(392)],
  "cut-in-a-key-length": [/length of a metadata key: got the end of the file at byte 400, expected 8/, cut(400)],
  "cut-in-the-token-list": [/metadata "tokenizer\.ggml\.tokens": got a list of 441 values in a file of 1500 bytes, expected/, cut(1500)],
  "cut-in-the-last-key": [/the end of the file at byte \d+, expected .*: it is cut short/, cut(ends.keys - 1)],
  "cut-behind-the-keys": [/length of a tensor name: got the end of the file/, cut(ends.keys)],
  "cut-in-the-tensors": [/got the end of the file at byte \d+, expected .* it is cut short/, cut(ends.infos - 1)],
  "cut-behind-the-tensors": [/expected it inside: the file is cut short/, cut(ends.infos)],
  "cut-in-the-first-weights": [/token_embd\.weight": got an end at byte \d+ in a file of \d+, expected it inside/, cut(ends.infos + 100)],
  "cut-in-the-last-weights": [/ffn_down\.weight": got an end at byte \d+ in a file of \d+, expected it inside/, cut(ends.data - 33)],
  "with-bytes-behind-the-weights": [/bytes behind the last tensor/, () => Uint8Array.from([...sound, 1])],
  "magic-in-small-letters": [/begins with "gguf", expected "GGUF"/, without({ magic: "gguf" })],
  "magic-of-ggml": [/begins with "lmgg", expected "GGUF"/, without({ magic: "lmgg" })],
  "version-0": [/version 0, expected 2 or 3/, without({ version: 0 })],
  "version-1": [/version 1, expected 2 or 3/, without({ version: 1 })],
  "version-4": [/version 4, expected 2 or 3/, without({ version: 4 })],
  "version-2-to-the-32-minus-1": [/version 4294967295, expected 2 or 3/, without({ version: 0xffff_ffff })],
  "big-endian": [/a big-endian file, expected little-endian/, without({ version: 0x0300_0000 })],
  "tensor-count-2-to-the-64-minus-1": [/count of tensors: got 18446744073709551615, expected/, without({ tensorCount: 2n ** 64n - 1n })],
  "tensor-count-a-million": [/got 1000000 tensors, expected at most 16384/, without({ tensorCount: 1_000_000n })],
  "tensor-count-over-the-file": [/got 16000 tensors in a file of \d+ bytes, expected them to fit/, without({ tensorCount: 16_000n })],
  "tensor-count-one-too-many": [/got an empty tensor name, expected one/, without({ tensorCount: BigInt(soundGguf.tensors.length + 1) })],
  "tensor-count-one-too-few": [
    /got a file of \d+ bytes, expected at most \d+: there are bytes behind the last tensor/,
    without({ tensorCount: BigInt(soundGguf.tensors.length - 1) }),
  ],
  "no-tensors": [/got no tensors, expected a model/, without({ tensors: [] })],
  "key-count-2-to-the-64-minus-1": [/count of metadata keys: got 18446744073709551615, expected/, without({ keyCount: 2n ** 64n - 1n })],
  "key-count-over-the-file": [/got 16000 metadata keys in a file of \d+ bytes, expected them to fit/, without({ keyCount: 16_000n })],
  "key-count-one-too-many": [
    /length of a tensor name: got \d+, expected a number below/,
    without({ keyCount: BigInt(soundGguf.keys.length + 1) }),
  ],
  "key-count-one-too-few": [
    /tensor "tokenizer\.ggml\.eos_token_id": a size: got/,
    without({ keyCount: BigInt(soundGguf.keys.length - 1) }),
  ],
  "key-length-past-the-end": [/metadata key: got a length of 4294967296 bytes, expected at most 65535/, withLong(24, 2n ** 32n)],
  "key-length-2-to-the-63": [/length of a metadata key: got 9223372036854775808, expected a number below 2\^53/, withLong(24, 2n ** 63n)],
  "key-empty": [/got an empty metadata key, expected a name/, withKey("")],
  "key-twice": [/key "general\.name" twice, expected each once/, withKey("general.name")],
  "key-no-utf-8": [/metadata key: got bytes that are no UTF-8/, withKey(Uint8Array.of(0x61, 0xff, 0x62))],
  "value-of-an-unknown-type": [/"some\.key": got the type 13, expected 0 to 12/, withValue(rawValue(13, (writer) => writer.uint32(1)))],
  "value-of-type-2-to-the-32-minus-1": [
    /got the type 4294967295, expected/,
    withValue(rawValue(0xffff_ffff, (writer) => writer.uint32(1))),
  ],
  "text-length-past-the-end": [
    /"some\.key": got the end of the file at byte \d+, expected 10000000 bytes/,
    withValue(long(strings, 10_000_000n)),
  ],
  "text-of-5-mb-twice": [
    /"general\.name" twice, expected each once/,
    () =>
      assemble({
        ...soundGguf,
        keys: [...soundGguf.keys, { key: "some.key", value: "t".repeat(5_000_000) }, { key: "general.name", value: "" }],
      }).bytes,
  ],
  "text-length-2-to-the-40": [/"some\.key": got a length of 1099511627776 bytes, expected at most/, withValue(long(strings, 2n ** 40n))],
  "text-length-2-to-the-63": [/"some\.key": got 9223372036854775808, expected a number below 2\^53/, withValue(long(strings, 2n ** 63n))],
  "text-no-utf-8": [
    /no UTF-8 at byte \d+, expected text/,
    withValue(rawValue(strings, (writer) => writer.uint64(2).bytes(Uint8Array.of(0xc3, 0x28)))),
  ],
  "list-of-lists": [/a list of lists, expected a list of plain values/, withValue(list(9, 1n))],
  "list-of-an-unknown-type": [/got the type 99, expected 0 to 12/, withValue(list(99, 1n))],
  "list-of-2-to-the-60": [/1152921504606846976, expected a number below 2\^53/, withValue(list(types, 2n ** 60n))],
  "list-of-2-to-the-40": [/a list of 1099511627776 values, expected at most/, withValue(list(types, 2n ** 40n))],
  "list-past-the-end": [/a list of 1000000 values in a file of \d+ bytes, expected it to fit/, withValue(list(floats, 1_000_000n))],
  "list-of-two-million": [
    /a list of 2000000 values, expected at most 1048576/,
    () => assemble(withValue(rawValue(9, (writer) => writer.uint32(0).uint64(2_000_000).bytes(new Uint8Array(2_000_000))))).bytes,
  ],
  "flag-of-2": [/got 2 for a bool, expected 0 or 1/, withValue(rawValue(7, (writer) => writer.bytes(Uint8Array.of(2))))],
  "number-beyond-2-to-the-53": [/got 9007199254740993, expected a number below 2\^53/, withValue(long(10, 2n ** 53n + 1n))],
  "number-below-minus-2-to-the-53": [/got -9223372036854775808, expected/, withValue(long(11, 2n ** 63n))],
  "alignment-0": [/alignment 0, expected a power of two/, withAlignment(0)],
  "alignment-7": [/alignment 7, expected a power of two/, withAlignment(7)],
  "alignment-24": [/alignment 24, expected a power of two/, withAlignment(24)],
  "alignment-2-to-the-31": [/alignment 2147483648, expected a power of two from 8 to 65536/, withAlignment(2 ** 31)],
  "alignment-a-text": [/alignment "32", expected/, withKeys({ "general.alignment": "32" })],
  "alignment-nan": [/alignment NaN, expected/, withKeys({ "general.alignment": { float32: NaN } })],
  "alignment-not-kept": [/got offset \d+, expected \d+: an overlap/, withAlignment(4096)],
  "tensor-twice": [
    /tensor "output_norm\.weight": got it twice/,
    without({ tensors: [...soundGguf.tensors, ...soundGguf.tensors.slice(1, 2)] }),
  ],
  "tensor-name-empty": [/an empty tensor name, expected one/, withNorm({ name: "" })],
  "tensor-name-of-300-bytes": [/tensor name: got a length of 300 bytes, expected at most 255/, withNorm({ name: "n".repeat(300) })],
  "dimensions-0": [/got 0 dimensions, expected 1 to 4/, withNorm({ sizes: [] })],
  "dimensions-5": [/got 5 dimensions, expected 1 to 4/, withNorm({ sizes: [32, 1, 1, 1, 1] })],
  "size-0": [/a size of 0, expected 1 to/, withNorm({ sizes: [32, 0] })],
  "size-2-to-the-40": [/a size of 1099511627776, expected 1 to 2147483648/, withNorm({ sizes: [2n ** 40n] })],
  "size-2-to-the-63": [/a size: got 9223372036854775808, expected a number below 2\^53/, withNorm({ sizes: [2n ** 63n] })],
  "sizes-of-2-to-the-31-four-times": [
    /sizes 2147483648 × .*, expected less than 2\^53 bytes/,
    withNorm({ sizes: [2 ** 31, 2 ** 31, 2 ** 31, 2 ** 31] }),
  ],
  "sizes-past-the-end": [
    /got an end at byte \d+ in a file of \d+, expected it inside/,
    withTensor("blk.0.ffn_down.weight", () => ({ sizes: [64, 32_000] })),
  ],
  "format-unknown": [/got the format the unknown number 99, expected one of F32/, withFirst({ format: 99 })],
  "format-iq2-xxs": [/got the format IQ2_XXS, expected one of F32, F16, Q4_0/, withFirst({ format: 16 })],
  "format-q2-k": [/got the format Q2_K, expected one of/, withFirst({ format: 10 })],
  "format-removed-q4-2": [/got the format the unknown number 4, expected/, withFirst({ format: 4 })],
  "rows-no-multiple-of-32": [/got rows of 33 weights, expected a multiple of 32 in Q8_0/, withFirst({ sizes: [33, 8] })],
  "rows-no-multiple-of-256": [/got rows of 32 weights, expected a multiple of 256 in Q4_K/, withFirst({ format: 12 })],
  "offset-unaligned": [/got offset \d+, expected \d+: (?:a hole|an overlap) before it/, withNorm({ offset: 33 })],
  "offset-with-a-hole": [/: a hole before it/, withFirst({ offset: 32 })],
  "offset-with-an-overlap": [/: an overlap before it/, withNorm({ offset: 32 })],
  "offset-past-the-end": [/a hole before it/, withNorm({ offset: 2 ** 40 })],
  "offset-2-to-the-63": [/its offset: got 9223372036854775808, expected a number below/, withNorm({ offset: 2n ** 63n })],
  "one-of-several": [/one of 3 files of a split model, expected a whole one/, withKeys({ "split.count": 3 })],
};

const files = (bytes: Uint8Array): ReadonlyMap<string, Uint8Array> => new Map([["tiny.gguf", bytes]]);

export const malformedGguf: readonly Malformed[] = [
  ...Object.entries(faults).map(([name, [says, made]]) => ({
    name: `gguf-${name}`,
    code: "bad-gguf" as const,
    says,
    files: () => files(typeof made === "function" ? made() : assemble(made).bytes),
  })),
  ...Object.entries({
    ...impostors,
    "a-safetensors-file": writeSafetensors(soundTensors("llama")),
    "a-json-answer": bytesOf('{"error":1}'),
  }).map(([name, bytes]) => ({
    name: `gguf-${name}`,
    code: "bad-gguf" as const,
    says: impostorNames[name] ?? /got a safetensors file|begins with "\{\\"er"/,
    files: () => files(bytes),
  })),
];
