import { zipSync } from "fflate";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { crc32 } from "./crc32.ts";
import { refusal } from "./testing/outlines.ts";
import { readZip, writeZip } from "./zipFile.ts";

const text = (value: string) => new TextEncoder().encode(value);
const files = new Map([
  ["load.py", text("print(1)\n".repeat(40))],
  ["edit-1/adapter_model.safetensors", Uint8Array.from({ length: 300 }, (_, i) => (i * 37) % 256)],
  ["edit-1/empty", new Uint8Array()],
]);
const refused = (bytes: Uint8Array, limits = {}) => refusal(() => readZip(bytes, limits));
const pathTo = (name: string) => zipSync({ [name]: text("x") });

/** The archive with a 16- or 32-bit field of the first entry of its directory, or of its end record, set. */
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
const [endRecord, entry, local] = [0x06054b50, 0x02014b50, 0x04034b50];

describe("zip files", () => {
  test("checksums are those of the format", () => expect(crc32(text("123456789"))).toBe(0xcbf43926));

  test("come back, and are the same bytes each time", () => {
    expect(readZip(writeZip(files))).toEqual(files);
    expect(writeZip(files)).toEqual(writeZip(files));
  });

  test("come back whatever is in them", () => {
    const name = fc.stringMatching(/^[a-z0-9_-]{1,12}$/);
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(name, fc.uint8Array({ maxLength: 500 })), { selector: ([key]) => key }), (entries) => {
        const given = new Map(entries);
        expect(readZip(writeZip(given))).toEqual(given);
      }),
      { numRuns: 60 },
    );
  });

  test.each(["../x", "a/../../x", "/etc/x", "C:/x", "a\\..\\x", "a//x", "./x", "a/./x", "x\u0000y", "x\ny", "n".repeat(201)])(
    "a name that leaves the folder or hides is refused: %j",
    (name) => expect(refused(pathTo(name))).toMatchObject({ code: "bad-adapter", message: expect.stringContaining("file name") as string }),
  );

  test.each<[string, Uint8Array, object, string]>([
    ["more files than allowed", writeZip(files), { files: 2 }, "got 3 files, expected at most 2"],
    ["more bytes than allowed, before any is inflated", writeZip(files), { totalBytes: 600 }, "bytes unpacked, expected at most 600"],
    ["a bomb by its declared sizes", forged(writeZip(files), entry, 24, 0x40000000, true), {}, "load.py"],
    ["less declared than there is", forged(writeZip(files), entry, 24, 100, true), {}, "the 100 bytes that it declares"],
    ["a bomb that declares little", forged(zipSync({ a: new Uint8Array(9_000_000) }), entry, 24, 5000, true), {}, "5000 bytes"],
    ["another checksum", forged(writeZip(files), entry, 16, 1, true), {}, "checksum"],
    ["an unknown compression", forged(writeZip(files), entry, 10, 12, false), {}, "compression 12"],
    ["encryption", forged(writeZip(files), entry, 8, 1, false), {}, "encrypted"],
    ["another header before the data", forged(writeZip(files), local, 8, 0, false), {}, "another file header"],
    ["data that begins nowhere", forged(writeZip(files), entry, 42, 0x7fffffff, true), {}, "no file header"],
    ["a part of several", forged(writeZip(files), endRecord, 4, 1, false), {}, "a part of several"],
    ["a directory elsewhere", forged(writeZip(files), endRecord, 16, 5, true), {}, "directory from byte 5"],
    ["no zip", text("not a zip file at all"), {}, "no directory"],
    ["nothing", new Uint8Array(), {}, "no directory"],
    ["a name twice but for its case", zipSync({ Load: text("a"), load: text("b") }), {}, "twice"],
  ])("%s is refused", (_name, bytes, limits, message) => {
    expect(refused(bytes, limits)).toMatchObject({ code: "bad-adapter", message: expect.stringContaining(message) as string });
  });

  test("a file inside another's data is refused", () => {
    const inner = zipSync({ b: text("xyz") }, { level: 0 });
    const bytes = zipSync({ a: inner, b: text("xyz") }, { level: 0 });
    const view = new DataView(bytes.buffer);
    const at = [...bytes.keys()].filter((i) => i + 4 <= bytes.length && view.getUint32(i, true) === entry);
    // The last is that of "b" in the directory; the inner archive's header and data lie after those of "a".
    view.setUint32((at.at(-1) ?? 0) + 42, 31, true);
    expect(refused(bytes)?.message).toContain("another file has too");
  });

  test("whatever byte is broken or cut off: a typed error, or the same files", () => {
    const bytes = writeZip(files);
    const check = (broken: Uint8Array) => {
      let read;
      const facts = refusal(() => (read = readZip(broken)));
      if (facts) expect(facts.code, facts.message).toBe("bad-adapter");
      else expect(read).toEqual(files);
    };
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const broken = bytes.slice();
        broken[at] = (broken[at] ?? 0) ^ flip;
        check(broken);
      }),
      { numRuns: 1000 },
    );
    for (let length = 0; length < bytes.length; length++) expect(refused(bytes.subarray(0, length))?.code).toBe("bad-adapter");
  });
});
