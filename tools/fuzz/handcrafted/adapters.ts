/** Archives and adapters made to do harm. */
import { zipSync } from "fflate";
import { writeZip } from "../../../src/exchange/zipFile.ts";
import { impostors } from "../../../src/weights/testing/malformedBase.ts";
import { alone } from "../target.ts";
import { folders, mixtureFile, zipFile } from "../targets/exchange.ts";
import type { Handcrafted } from "./handcrafted.ts";

const utf8 = new TextEncoder();
const [endRecord, entry, local] = [0x06054b50, 0x02014b50, 0x04034b50];

/** A 16- or 32-bit field of the first record of its kind set. */
function forged(bytes: Uint8Array, mark: number, offset: number, value: number, wide: boolean): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  for (let at = 0; at + 4 <= copy.length; at++) {
    if (view.getUint32(at, true) !== mark) continue;
    if (wide) view.setUint32(at + offset, value, true);
    else view.setUint16(at + offset, value, true);
    return copy;
  }
  throw new Error("The archive has no such record.");
}

const named = (name: string): Uint8Array => zipSync({ [name]: utf8.encode("x") });
const wayOut = /got the file name/;
const bomb = (): Uint8Array => zipSync({ a: new Uint8Array(9_000_000) });

type Fault = readonly [says: RegExp, bytes: () => Uint8Array];

const zips: Readonly<Record<string, Fault>> = {
  "of-no-bytes": [/no directory/, () => new Uint8Array()],
  "cut-short": [/no directory/, () => zipFile.slice(0, -4)],
  "a-web-page": [/no directory/, () => impostors["a-web-page"] ?? new Uint8Array()],
  "a-gzip": [/no directory/, () => impostors["a-gzip"] ?? new Uint8Array()],
  "a-way-up": [wayOut, () => named("../x")],
  "a-way-up-and-down": [wayOut, () => named("a/../../x")],
  "an-absolute-path": [wayOut, () => named("/etc/passwd")],
  "a-drive": [wayOut, () => named("C:/x")],
  "a-backslash": [wayOut, () => named("..\\x")],
  "a-zero-in-a-name": [wayOut, () => named("a\0b")],
  "a-line-end-in-a-name": [wayOut, () => named("a\nb")],
  "a-name-of-300-letters": [wayOut, () => named("n".repeat(300))],
  "the-same-name-in-capitals": [/twice/, () => zipSync({ a: utf8.encode("1"), A: utf8.encode("2") })],
  "a-bomb": [/9000000 bytes unpacked, expected at most 100000/, bomb],
  "a-bomb-that-declares-little": [/5000 bytes that it declares|broken stream/, () => forged(bomb(), entry, 24, 5000, true)],
  "a-bomb-that-declares-much": [/for 1073741824, expected what compression/, () => forged(zipFile, entry, 24, 2 ** 30, true)],
  "1000-files": [
    /got 1000 files, expected at most 50/,
    () => zipSync(Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`f${i}`, new Uint8Array()]))),
  ],
  "more-files-declared-than-there-are": [/part of several/, () => forged(zipFile, endRecord, 10, 60_000, false)],
  "a-part-of-several": [/part of several/, () => forged(zipFile, endRecord, 4, 1, false)],
  "a-directory-elsewhere": [/expected it to end at/, () => forged(zipFile, endRecord, 16, 0xffff_0000, true)],
  "an-encrypted-file": [/encrypted/, () => forged(zipFile, entry, 8, 1, false)],
  "an-unknown-compression": [/compression 99/, () => forged(zipFile, entry, 10, 99, false)],
  "another-checksum": [/checksum/, () => forged(zipFile, entry, 16, 12_345, true)],
  "another-name-inside": [/another file header/, () => forged(zipFile, local, 30, 0x7878, false)],
  "two-files-of-the-same-bytes": [/another file header|no file header/, () => forged(zipFile, entry, 42, 30, true)],
};

const configName = "one/adapter_config.json";
const weightsName = "one/adapter_model.safetensors";
const withFile = (name: string, content: string | Uint8Array): Uint8Array =>
  writeZip(new Map([...folders, [name, typeof content === "string" ? utf8.encode(content) : content]]));
const withConfig = (change: Readonly<Record<string, unknown>>) => (): Uint8Array => {
  const config = JSON.parse(new TextDecoder().decode(folders.get(configName))) as object;
  return withFile(configName, JSON.stringify({ ...config, ...change }));
};

const archives: Readonly<Record<string, Fault>> = {
  "without-an-adapter": [/without adapter_config/, () => writeZip(new Map([["readme.md", utf8.encode("x")]]))],
  "a-pickle-for-weights": [
    /no adapter_model\.safetensors/,
    () =>
      writeZip(
        new Map(
          [...folders]
            .filter(([name]) => name !== weightsName)
            .concat([["one/adapter_model.bin", impostors["a-pickle"] ?? new Uint8Array()]]),
        ),
      ),
  ],
  "a-config-twice-a-key": [/duplicate JSON key/, () => withFile(configName, '{"r":1,"r":2}')],
  "a-config-with-proto": [/forbidden JSON key/, () => withFile(configName, '{"__proto__":{"r":1}}')],
  "a-config-nested-deep": [/nested too deep/, () => withFile(configName, `{"a":${"[".repeat(50_000)}`)],
  "a-config-no-utf-8": [/no UTF-8/, () => withFile(configName, Uint8Array.of(0x7b, 0xff, 0x7d))],
  "a-config-that-is-a-list": [/no object/, () => withFile(configName, "[]")],
  "a-rank-of-minus-1": [/r -1/, withConfig({ r: -1 })],
  "a-rank-past-all": [/cannot be held exactly/, () => withFile(configName, '{"peft_type":"LORA","r":9007199254740993}')],
  "an-alpha-of-0": [/lora_alpha 0/, withConfig({ lora_alpha: 0 })],
  "a-pattern-for-modules": [/target_modules/, withConfig({ target_modules: "(a+)+$" })],
  dora: [/use_dora/, withConfig({ use_dora: true })],
};

const mixtures: Readonly<Record<string, readonly [code: Handcrafted["code"], says: RegExp, bytes: () => Uint8Array]>> = {
  "of-no-bytes": ["bad-safetensors", /got a file of 0 bytes/i, () => new Uint8Array()],
  "a-pickle": ["bad-safetensors", /pickle/, () => impostors["a-pickle"] ?? new Uint8Array()],
  "a-zip": ["bad-safetensors", /zip archive/, () => impostors["a-zip"] ?? new Uint8Array()],
  "an-lfs-pointer": ["bad-safetensors", /LFS pointer/, () => impostors["an-lfs-pointer"] ?? new Uint8Array()],
  "a-byte-too-many": ["bad-safetensors", /expected \d+: the end of the last tensor/, () => Uint8Array.of(...mixtureFile, 0)],
  "a-byte-too-few": ["bad-safetensors", /expected \d+: the end of the last tensor/, () => mixtureFile.slice(0, -1)],
  "a-weight-that-is-no-number": [
    "bad-adapter",
    /finite numbers only/,
    () => mixtureFile.map((byte, at) => (at >= mixtureFile.length - 4 ? 0xff : byte)),
  ],
};

const entriesOf = (target: string, faults: Readonly<Record<string, Fault>>): Handcrafted[] =>
  Object.entries(faults).map(([name, [says, bytes]]) => ({
    target,
    name: `${target}-${name}`,
    code: "bad-adapter",
    says,
    input: () => alone(bytes()),
  }));

export const hostileAdapters: readonly Handcrafted[] = [
  ...entriesOf("zip", zips),
  ...entriesOf("peft", archives),
  ...Object.entries(mixtures).map(([name, [code, says, bytes]]) => ({
    target: "mixture",
    name: `mixture-${name}`,
    code,
    says,
    input: () => alone(bytes()),
  })),
];
