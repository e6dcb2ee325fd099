/** GGUF headers: counts, lengths, types, shapes and offsets. */
import { memoryFiles } from "../../../src/weights/fileSets.ts";
import { openGguf, type GgufHeader } from "../../../src/weights/gguf.ts";
import { blockSizes } from "../../../src/weights/storedFormats.ts";
import { assemble, soundGguf, type RawGguf, type RawKey, type RawTensor } from "../../../src/weights/testing/malformedGgufBase.ts";
import { damageBytes } from "../damageBytes.ts";
import type { Draw } from "../draw.ts";
import { alone, bytesOf, type FuzzSource, type Input } from "../target.ts";

const sizes: readonly bigint[] = [0n, 1n, 31n, 33n, 255n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n];
const names = ["", "__proto__", "constructor", "a\0b", "\u202e", "x".repeat(300), "output.weight"];
const keys = ["", "__proto__", "general.alignment", "split.count", "llama.block_count"];

/** The sound file without its vocabulary, which would be most of it. */
const short: RawGguf = {
  ...soundGguf,
  keys: soundGguf.keys.filter(({ key }) => typeof key === "string" && !/tokens|merges|token_type/.test(key)),
};
const bytesOfShort = assemble(short).bytes;
const headerBytes = 2000;

function mutateRaw(raw: RawGguf, draw: Draw): RawGguf {
  const at = draw.prng.below(raw.tensors.length);
  const tensor = (change: Partial<RawTensor>): RawGguf => ({
    ...raw,
    tensors: raw.tensors.with(at, { ...(raw.tensors[at] as RawTensor), ...change }),
  });
  const key = (change: RawKey): RawGguf => ({
    ...raw,
    keys: raw.keys.toSpliced(draw.prng.below(raw.keys.length + 1), draw.prng.below(2), change),
  });
  const own = raw.tensors[at] as RawTensor;
  const other = draw.pick(raw.tensors);
  return draw.pick<() => RawGguf>([
    () => tensor({ offset: draw.oneIn(2) ? draw.pick(sizes) : 32 * draw.prng.below(600) }),
    () => tensor({ sizes: own.sizes.map((size) => (draw.oneIn(own.sizes.length) ? draw.pick(sizes) : size)) }),
    () => tensor({ sizes: draw.oneIn(2) ? own.sizes.toReversed() : [...own.sizes, draw.pick(sizes)] }),
    () => tensor({ sizes: Array.from({ length: draw.prng.below(7) }, () => draw.pick(sizes)) }),
    () => tensor({ format: draw.prng.below(44) }),
    () => tensor({ name: draw.oneIn(2) ? draw.pick(names) : other.name }),
    () => tensor({ data: own.data.subarray(draw.prng.below(own.data.length)) }),
    () => ({ ...raw, tensors: raw.tensors.with(at, other) }),
    () => ({ ...raw, tensorCount: draw.pick(sizes) }),
    () => ({ ...raw, keyCount: draw.pick(sizes) }),
    () => ({ ...raw, version: draw.pick([0, 1, 2, 4, 0x03000000]) }),
    () => key({ key: draw.pick(keys), value: draw.pick([0, 1, 7, 24, 64, 65536, "32", true, { float32: NaN }]) }),
    () => key({ key: draw.pick(names), value: Uint8Array.from({ length: draw.prng.below(24) }, () => draw.prng.below(14)) }),
    () => key(draw.pick(raw.keys)),
  ])();
}

function mutate(draw: Draw): Uint8Array {
  const bytes = draw.oneIn(2)
    ? assemble(draw.oneIn(3) ? mutateRaw(mutateRaw(short, draw), draw) : mutateRaw(short, draw)).bytes
    : bytesOfShort;
  return bytes === bytesOfShort || draw.oneIn(5) ? damageBytes(bytes, draw, headerBytes, [bytesOfShort]) : bytes;
}

const read = (input: Input): Promise<GgufHeader> => {
  const source = memoryFiles("tiny", new Map([["tiny.gguf", bytesOf(input)]])).open("tiny.gguf");
  if (!source) throw new Error("no file to read");
  return openGguf(source);
};

function checkGguf(input: Input, { tensors, metadata, version }: GgufHeader): string | undefined {
  const file = bytesOf(input);
  const view = new DataView(file.buffer);
  if (new TextDecoder("latin1").decode(file.subarray(0, 4)) !== "GGUF" || view.getUint32(4, true) !== version)
    return "another magic or version";
  if (view.getBigUint64(8, true) !== BigInt(tensors.size)) return `${tensors.size} tensors of ${view.getBigUint64(8, true)}`;
  if (view.getBigUint64(16, true) !== BigInt(metadata.size)) return `${metadata.size} keys of ${view.getBigUint64(16, true)}`;
  const told = metadata.get("general.alignment");
  const alignment = typeof told === "number" ? told : 32;
  let end: number | undefined;
  for (const { name, shape, format, begin, end: to } of tensors.values()) {
    const { weights, bytes } = blockSizes[format];
    const count = shape.reduce((product, size) => product * size, 1);
    if (begin % alignment !== 0) return `${name}: begins at ${begin}, not aligned to ${alignment}`;
    if (end !== undefined && (begin < end || begin - end >= alignment)) return `${name}: begins at ${begin} after ${end}`;
    if (to - begin !== (count / weights) * bytes || count % weights !== 0 || count === 0)
      return `${name}: ${to - begin} bytes for [${shape.join()}] of ${format}`;
    if (to > file.length) return `${name}: ends at ${to} of ${file.length}`;
    end = to;
  }
  return end === undefined || file.length - end >= alignment ? `ends at ${end} of ${file.length}` : undefined;
}

export const gguf: FuzzSource = {
  name: "gguf",
  share: 16,
  async open() {
    return {
      codes: ["bad-gguf"],
      sound: [alone(bytesOfShort)],
      mutate: (draw) => alone(mutate(draw)),
      read,
      check: checkGguf,
    };
  },
};
