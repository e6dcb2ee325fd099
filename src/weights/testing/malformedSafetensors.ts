/** Safetensors files with one fault each. */
import type { ErrorCode } from "../../lib/errors.ts";
import { writeSafetensors, type WritableTensor } from "../safetensorsWriter.ts";
import { bytesOf, folderWith, impostorNames, impostors, soundTensors, type Malformed } from "./malformedBase.ts";

type Entry = Record<string, unknown>;

const sound = (): Uint8Array => writeSafetensors(soundTensors("llama"));
const headerBytes = (file: Uint8Array): number => Number(new DataView(file.buffer).getBigUint64(0, true));

/** A file of this header and so many zeros; `length` is what its first eight bytes say. */
function fileOf(header: string | Uint8Array, data: Uint8Array | number = 0, length?: bigint): Uint8Array {
  const text = bytesOf(header);
  const bytes = typeof data === "number" ? new Uint8Array(data) : data;
  const file = new Uint8Array(8 + text.length + bytes.length);
  new DataView(file.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  file.set(text, 8);
  file.set(bytes, 8 + text.length);
  return file;
}

/** A file with another header. */
function withHeader(edit: (header: string) => string, file = sound()): Uint8Array {
  const end = 8 + headerBytes(file);
  const text = new TextDecoder().decode(file.subarray(8, end));
  return fileOf(edit(text.trimEnd()), file.slice(end));
}

const norm = "model.norm.weight";
const matrix = "model.layers.0.self_attn.k_proj.weight";
const embedding = "model.embed_tokens.weight";
const entry = (fields: Entry) => ({ ...one, ...fields });
/** Of eight bytes. */
const one = { dtype: "F32", shape: [2], data_offsets: [0, 8] };
const ofEntries = (entries: object, bytes: number): Uint8Array => fileOf(JSON.stringify(entries), bytes);
/** A tensor of eight bytes with other fields. */
const single = (fields: Entry): Uint8Array => ofEntries({ w: entry(fields) }, 8);
/** Its text as given. */
const singleText = (shape: string, offsets = "[0,8]"): Uint8Array =>
  fileOf(`{"w":{"dtype":"F32","shape":${shape},"data_offsets":${offsets}}}`, 8);

function changed(name: string, edit: (tensor: WritableTensor) => WritableTensor | undefined): Uint8Array {
  return writeSafetensors(soundTensors("llama").flatMap((tensor) => (tensor.name === name ? (edit(tensor) ?? []) : tensor)));
}

const spoiled = (name: string, value: number): Uint8Array =>
  changed(name, (tensor) => ({
    ...tensor,
    data: Float32Array.from(tensor.data, (weight, i) => (i === tensor.data.length - 1 ? value : weight)),
  }));

const bytewise = (): Uint8Array => changed(norm, (tensor) => ({ ...tensor, data: Uint8Array.from(tensor.data) }));

const faults: Readonly<Record<string, readonly [says: RegExp, file: () => Uint8Array]>> = {
  "of-no-bytes": [/a file of 0 bytes, expected at least 10/, () => new Uint8Array(0)],
  "cut-in-the-header-length": [/a file of 5 bytes, expected at least 10/, () => sound().slice(0, 5)],
  "cut-behind-the-header-length": [/a file of 8 bytes, expected at least 10/, () => sound().slice(0, 8)],
  "cut-in-the-header": [/header of \d+ bytes in a file of 100, expected it to lie inside/, () => sound().slice(0, 100)],
  "cut-behind-the-header": [/expected \d+: the end of the last tensor/, () => sound().slice(0, 8 + headerBytes(sound()))],
  "cut-in-the-last-tensor": [/expected \d+: the end of the last tensor/, () => sound().slice(0, -1)],
  "longer-than-its-tensors": [/expected \d+: the end of the last tensor/, () => fileOf(JSON.stringify({ w: one }), 9)],
  "header-length-0": [/got nothing at its start, expected "\{"/, () => fileOf("{}", 8, 0n)],
  "header-length-1": [/broken JSON at character 1: got the end of the text/, () => fileOf("{}", 8, 1n)],
  "header-length-beyond-the-file": [/header of 11 bytes in a file of 18, expected it to lie inside/, () => fileOf("{}", 8, 11n)],
  "header-length-2-to-the-63": [/header of 9223372036854775808 bytes, expected at most 10000000/, () => fileOf("{}", 8, 2n ** 63n)],
  "header-length-2-to-the-64-minus-1": [/header of 18446744073709551615 bytes, expected at most/, () => fileOf("{}", 8, 2n ** 64n - 1n)],
  "header-length-10-mb-and-1": [/header of 10000001 bytes, expected at most 10000000/, () => fileOf("{}", 8, 10_000_001n)],
  "header-of-10-mb-and-1": [/header of 10000001 bytes, expected at most 10000000/, () => fileOf(`{}${" ".repeat(9_999_999)}`)],
  "header-no-utf-8": [/bytes that are no UTF-8, expected UTF-8/, () => fileOf(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d))],
  "header-with-a-surrogate": [/no UTF-8/, () => fileOf(Uint8Array.of(0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d))],
  "header-with-a-byte-order-mark": [/got byte 239 at its start, expected "\{"/, () => withHeader((text) => `\ufeff${text}`)],
  "header-with-a-space-in-front": [/got byte 32 at its start/, () => withHeader((text) => ` ${text}`)],
  "header-a-list": [/got byte 91 at its start/, () => fileOf("[]", 8)],
  "header-no-json": [/broken JSON at character 1: got "w:1}", expected a string/, () => fileOf("{w:1}", 8)],
  "header-with-a-comment": [/broken JSON/, () => withHeader((text) => text.replace("{", "{/* sizes */"))],
  "header-with-a-trailing-comma": [/broken JSON.*expected a string/, () => withHeader((text) => text.replace(/\}$/, ",}"))],
  "header-cut-and-padded": [/broken JSON/, () => withHeader((text) => `${text.slice(0, -2)}  `)],
  "header-with-text-behind": [/expected the end of the text/, () => withHeader((text) => `${text}{}`)],
  "header-with-zeros-behind": [/expected the end of the text/, () => withHeader((text) => `${text}\0\0`)],
  "header-nested-deep": [/nested too deep.*expected at most 64 levels/, () => fileOf(`{"w":${"[".repeat(100_000)}`)],
  "header-of-40000-tensors": [
    /got more than 50000 values, expected fewer/,
    () => fileOf(JSON.stringify(Object.fromEntries(Array.from({ length: 40_000 }, (_, i) => [`w${i}`, one]))), 8),
  ],
  "header-of-a-million-brackets": [/got more than 50000 values, expected fewer/, () => fileOf(`{"w":[${"[],".repeat(1_000_000)}[]]}`)],
  "header-of-one-name-of-5-mb": [/Tensor "n{99}…: got 1, expected \{dtype/, () => fileOf(`{"${"n".repeat(5_000_000)}":1}`)],
  "a-tensor-twice": [/duplicate JSON key "w"/, () => fileOf(`{"w":${JSON.stringify(one)},"w":${JSON.stringify(one)}}`, 8)],
  "a-tensor-twice-by-an-escape": [
    /duplicate JSON key "w"/,
    () => fileOf(`{"w":${JSON.stringify(one)},"\\u0077":${JSON.stringify(one)}}`, 8),
  ],
  "a-tensor-called-proto": [/forbidden JSON key "__proto__"/, () => fileOf(`{"__proto__":${JSON.stringify(one)}}`, 8)],
  "a-tensor-that-is-a-number": [/"w": got 8, expected \{dtype/, () => ofEntries({ w: 8 }, 8)],
  "a-tensor-that-is-null": [/"w": got null, expected \{dtype/, () => ofEntries({ w: null }, 8)],
  "metadata-with-a-number": [/__metadata__ that holds more than text/, () => ofEntries({ __metadata__: { step: 3 }, w: one }, 8)],
  "metadata-a-list": [/__metadata__ that holds more than text/, () => ofEntries({ __metadata__: ["pt"], w: one }, 8)],
  "dtype-unknown": [/dtype "F31", expected one of F64, F32/, () => single({ dtype: "F31" })],
  "dtype-in-small-letters": [/dtype "f32", expected one of/, () => single({ dtype: "f32" })],
  "dtype-of-an-object": [/dtype "constructor", expected one of/, () => single({ dtype: "constructor" })],
  "dtype-missing": [/dtype nothing, expected one of/, () => single({ dtype: undefined })],
  "dtype-twice": [/duplicate JSON key "dtype"/, () => fileOf('{"w":{"dtype":"F32","dtype":"F16","shape":[2],"data_offsets":[0,8]}}', 8)],
  "shape-missing": [/shape nothing, expected at most 8 sizes/, () => single({ shape: undefined })],
  "shape-a-number": [/shape 2, expected at most 8 sizes/, () => single({ shape: 2 })],
  "offsets-missing": [/data_offsets nothing, expected \[begin, end\]/, () => single({ data_offsets: undefined })],
  "offsets-of-three": [/data_offsets \[0,4,8\], expected \[begin, end\]/, () => single({ data_offsets: [0, 4, 8] })],
  "an-extra-field": [/unknown key "strides", expected dtype, shape and data_offsets only/, () => single({ strides: [1] })],
  "size-negative": [/shape \[-2\], expected at most 8 sizes of 0 or more/, () => single({ shape: [-2] })],
  "size-a-text": [/shape \["2"\], expected/, () => single({ shape: ["2"] })],
  "size-a-fraction": [/number 0\.5 .*expected a whole number/, () => singleText("[4,0.5]")],
  "size-written-with-a-point": [/number 2\.0 .*expected a whole number/, () => singleText("[2.0]")],
  "size-written-with-an-exponent": [/number 2e0 .*expected a whole number/, () => singleText("[2e0]")],
  "size-nan": [/broken JSON.*got "NaN/, () => singleText("[NaN]")],
  "size-infinite": [/number 1e999 .*cannot be held exactly/, () => singleText("[1e999]")],
  "size-2-to-the-53-plus-1": [/9007199254740993 .*expected at most 2\^53/, () => singleText("[9007199254740993]")],
  "size-of-400-digits": [/cannot be held exactly/, () => singleText(`[${"9".repeat(400)}]`)],
  "rank-9": [/expected at most 8 sizes/, () => single({ shape: [1, 1, 1, 1, 1, 1, 1, 1, 2] })],
  "sizes-whose-product-overflows": [/expected less than 2\^53 bytes/, () => single({ shape: [2 ** 31, 2 ** 31, 2 ** 31] })],
  "sizes-whose-product-wraps-to-8-bytes": [/expected less than 2\^53 bytes/, () => single({ shape: [2, 2 ** 32, 2 ** 32] })],
  "sizes-whose-product-hides-behind-a-zero": [
    /expected less than 2\^53/,
    () => ofEntries({ w: entry({ shape: [2 ** 52, 2 ** 52, 0], data_offsets: [0, 0] }) }, 0),
  ],
  "span-reversed": [/span of -8 bytes \(8 to 0\), expected 8/, () => single({ data_offsets: [8, 0] })],
  "span-negative": [/data_offsets \[-8,0\], expected/, () => single({ data_offsets: [-8, 0] })],
  "span-from-minus-zero": [/number -0 .*expected a whole number/, () => singleText("[2]", "[-0,8]")],
  "span-too-short-for-the-shape": [/span of 8 bytes \(0 to 8\), expected 12 for F32 \[3\]/, () => single({ shape: [3] })],
  "span-too-long-for-the-type": [/span of 8 bytes \(0 to 8\), expected 4 for F16 \[2\]/, () => single({ dtype: "F16" })],
  "span-past-the-end": [/file of \d+ bytes, expected \d+: the end/, () => single({ shape: [4], data_offsets: [0, 16] })],
  "span-past-2-to-the-53": [/9007199254740992.*cannot be held exactly/, () => singleText("[2]", "[9007199254740984,9007199254740992]")],
  "a-hole-at-the-start": [/a hole before tensor "w"/, () => ofEntries({ w: entry({ data_offsets: [4, 12] }) }, 12)],
  "a-hole-between": [/a hole before tensor "b"/, () => ofEntries({ a: one, b: entry({ data_offsets: [12, 20] }) }, 20)],
  "an-overlap": [/an overlap at tensor "b"/, () => ofEntries({ a: one, b: entry({ data_offsets: [4, 12] }) }, 12)],
  "one-span-for-two-tensors": [/an overlap at tensor "b"/, () => ofEntries({ a: one, b: one }, 8)],
  "a-weight-of-integers": [
    /model\.norm\.weight": got I32, expected F32/,
    () => changed(norm, (tensor) => ({ ...tensor, data: Int32Array.from(tensor.data) })),
  ],
  "a-weight-of-bytes": [/model\.norm\.weight": got U8, expected F32/, bytewise],
  "a-weight-of-f8": [
    /model\.norm\.weight": got F8_E4M3, expected F32, F16, BF16 or F64/,
    () => withHeader((text) => text.replace('"U8"', '"F8_E4M3"'), bytewise()),
  ],
  "a-weight-of-no-elements": [
    /got no weights in \[0\], expected some/,
    () => changed(norm, (tensor) => ({ ...tensor, shape: [0], data: new Float32Array(0) })),
  ],
  "a-tensor-under-two-names": [
    /got tensor "model\.norm\.weight" twice, expected each once/,
    () => writeSafetensors([...soundTensors("llama"), { name: "norm.weight", shape: [32], data: new Float32Array(32) }]),
  ],
};

/** Found when the weights are read, packed to 4 bits where they are matrices. */
const inWeights: typeof faults = {
  "a-nan-in-a-matrix": [/k_proj\.weight": Quantization: got a weight of NaN, expected finite/, () => spoiled(matrix, NaN)],
  "an-infinity-in-a-matrix": [/k_proj\.weight": Quantization: got a weight of Infinity, expected finite/, () => spoiled(matrix, Infinity)],
  "a-minus-infinity-in-the-embedding": [
    /embed_tokens\.weight": Quantization: got a weight of -Infinity/,
    () => spoiled(embedding, -Infinity),
  ],
  "a-weight-beyond-every-scale": [/got a weight of 1\.0\d+e\+30, expected at most 524032 for f16 scales/, () => spoiled(matrix, 1e30)],
  "a-nan-in-a-norm": [/model\.norm\.weight": Got a weight that is infinite or no number, expected finite/, () => spoiled(norm, NaN)],
  "an-infinity-in-a-norm": [/model\.norm\.weight": Got a weight that is infinite or no number/, () => spoiled(norm, Infinity)],
  "a-nan-among-halves": [/lm_head\.weight": Quantization: got a weight of NaN/, () => halved("lm_head.weight", 0x7e00)],
};

function halved(name: string, last: number): Uint8Array {
  return changed(name, (tensor) => ({
    ...tensor,
    data: Uint16Array.from(tensor.data, (_, i) => (i === tensor.data.length - 1 ? last : 0x2c00)),
  }));
}

/** Sound files of other models. */
const misfits: Readonly<Record<string, readonly [code: ErrorCode, says: RegExp, file: () => Uint8Array]>> = {
  "of-no-tensors": ["bad-config", /no tensor "model\.embed_tokens\.weight"/, () => fileOf("{}")],
  "without-a-norm": ["bad-config", /no tensor "model\.norm\.weight"/, () => changed(norm, () => undefined)],
  "without-a-projection": ["bad-config", /no tensor "model\.layers\.0\.self_attn\.k_proj\.weight"/, () => changed(matrix, () => undefined)],
  "with-a-block-too-many": [
    "bad-config",
    /model\.layers\.1\.input_layernorm\.weight is among them, expected none that a model of 1 layers does not read/,
    () =>
      writeSafetensors([
        ...soundTensors("llama"),
        { name: "model.layers.1.input_layernorm.weight", shape: [32], data: new Float32Array(32) },
      ]),
  ],
  "with-a-matrix-turned": [
    "bad-config",
    /k_proj\.weight is \(32, 16\), expected \(16, 32\)/,
    () => changed(matrix, (tensor) => ({ ...tensor, shape: [32, 16] })),
  ],
  "with-a-norm-too-long": [
    "bad-config",
    /model\.norm\.weight is \(33\), expected \(32\)/,
    () => changed(norm, (tensor) => ({ ...tensor, shape: [33], data: new Float32Array(33) })),
  ],
  "with-a-vector-for-a-matrix": [
    "bad-shape",
    /k_proj\.weight": got shape \[512\], expected a matrix/,
    () => changed(matrix, (tensor) => ({ ...tensor, shape: [512] })),
  ],
};

const all: readonly (readonly [name: string, code: ErrorCode, says: RegExp, file: () => Uint8Array, inWeights?: true])[] = [
  ...Object.entries(faults).map(([name, [says, file]]) => [name, "bad-safetensors", says, file] as const),
  ...Object.entries(impostors).map(([name, file]) => [name, "bad-safetensors", impostorNames[name] ?? /^$/, () => file] as const),
  ["a-gguf", "bad-safetensors", /Got a GGUF file, expected a safetensors file/, () => bytesOf(`GGUF\u0003\0\0\0${"\0".repeat(16)}`)],
  ["a-json-answer", "bad-safetensors", /Got JSON text, expected a safetensors file/, () => bytesOf('{"error":"Repository not found"}')],
  ...Object.entries(inWeights).map(([name, [says, file]]) => [name, "bad-safetensors", says, file, true] as const),
  ...Object.entries(misfits).map(([name, fault]) => [name, ...fault] as const),
];

export const malformedSafetensors: readonly Malformed[] = all.map(([name, code, says, file, unread]) => ({
  name: `safetensors-${name}`,
  code,
  says,
  files: () => folderWith({ "model.safetensors": file() }),
  ...(unread ? { inWeights: unread } : {}),
}));
