/** Adapters of strangers: a mixture in one file, an archive of PEFT folders, a zip file as such. */
import { crc32 } from "node:zlib";
import { tinySettings } from "../../../src/mixture/testing/methodSettings.ts";
import { readAdapterFiles, type HandedAdapters } from "../../../src/exchange/adapterFiles.ts";
import { readMixtureFile, writeMixtureFile, type MixtureContent } from "../../../src/exchange/mixtureFile.ts";
import type { LoraAdapter } from "../../../src/exchange/modules.ts";
import { readPeftArchive, writePeftArchive, type PeftArchive } from "../../../src/exchange/peftArchive.ts";
import { narrowOutline } from "../../../src/exchange/testing/outlines.ts";
import type { EditFacts } from "../../../src/ledger/edits.ts";
import { readZip, writeZip } from "../../../src/exchange/zipFile.ts";
import { damageBytes } from "../damageBytes.ts";
import type { Draw } from "../draw.ts";
import { awkwardTexts } from "../hostileJson.ts";
import { mutateTree, treeOf, writeTree } from "../jsonTree.ts";
import { alone, bytesOf, type FuzzSource, type Input } from "../target.ts";
import { mutateSafetensors } from "./safetensors.ts";

const [inputs, outputs] = [3, 5];
const model = narrowOutline("tiny-gpt2", inputs, outputs);
const { module } = model;
const settings = { ...tinySettings, layers: [1, 3], module, experts: 2, topK: 1, rank: 2 };
const numbers = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => i - length / 2);
const known = { allocation: [[0], [1]], codes: [[1, 0, 0, 1]] };
const written: EditFacts = {
  ...known,
  id: 1,
  prompt: "a",
  answer: "b",
  rephrasings: ["c"],
  baseAnswer: "d",
  answerAfter: "b",
  holds: true,
  curve: [{ step: 1, steps: 1, lmLoss: 1, guidedLoss: 1, dispatches: 1 }],
  seconds: 1,
  on: true,
  strength: 1,
  standing: null,
};
export const mixtureFile = writeMixtureFile(model, {
  settings,
  written: { edits: [written], learned: { edits: [{ edit: 1, ...known }] } },
  values: {
    routerWeight: numbers(2 * 2 * inputs),
    routerBias: numbers(2 * 2),
    a: [numbers(4 * inputs), numbers(4 * inputs)],
    b: [numbers(4 * outputs), numbers(4 * outputs)],
  },
});

/** The settings and the edits stand in the metadata as texts of JSON. */
function mutateSettings(draw: Draw): Uint8Array {
  const length = Number(new DataView(mixtureFile.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(mixtureFile.subarray(8, 8 + length))) as {
    __metadata__: Record<string, string>;
  };
  const which = draw.pick(["elder", "elder_edits"]);
  header.__metadata__[which] = writeTree(mutateTree(treeOf(JSON.parse(header.__metadata__[which] ?? "")), draw));
  const text = new TextEncoder().encode(JSON.stringify(header));
  const size = new Uint8Array(8);
  new DataView(size.buffer).setBigUint64(0, BigInt(text.length), true);
  return new Uint8Array(Buffer.concat([size, text, mixtureFile.subarray(8 + length)]));
}

const isFinite = (values: Float32Array | undefined, length: number): boolean =>
  values?.length === length && values.every((value) => Number.isFinite(value));

function checkMixture({ settings: { layers, experts, rank, topK }, values }: MixtureContent): string | undefined {
  const places = layers.every(
    (layer, i) => Number.isInteger(layer) && layer >= 0 && layer < model.config.layers && layer > (layers[i - 1] ?? -1),
  );
  if (!places || layers.length === 0) return `layers ${layers.join()}`;
  if (!(experts >= 1 && rank >= 1 && topK >= 1 && topK <= experts)) return `${experts} experts, ${topK} picked, of rank ${rank}`;
  const whole =
    isFinite(values.routerWeight, layers.length * experts * inputs) &&
    isFinite(values.routerBias, layers.length * experts) &&
    layers.every((_, i) => isFinite(values.a[i], experts * rank * inputs) && isFinite(values.b[i], experts * rank * outputs));
  return whole ? undefined : "values of another length, or that are no numbers";
}

export const mixture: FuzzSource = {
  name: "mixture",
  share: 10,
  async open() {
    return {
      codes: ["bad-adapter", "bad-safetensors", "bad-settings"],
      sound: [alone(mixtureFile)],
      mutate: (draw) => alone(draw.oneIn(3) ? mutateSettings(draw) : mutateSafetensors(mixtureFile, draw, [mixtureFile])),
      read: (input) => readMixtureFile(model, bytesOf(input), settings),
      check: (_, read) => checkMixture(read as MixtureContent),
    };
  },
};

const lora: LoraAdapter = {
  layers: [0, 2],
  module,
  rank: 2,
  alpha: 8,
  parts: [0, 1].map(() => ({ a: numbers(2 * inputs), b: numbers(2 * outputs) })),
};
const archive = writePeftArchive(
  model,
  [
    { name: "one", lora },
    { name: "two", lora },
  ],
  "base",
);
export const folders: ReadonlyMap<string, Uint8Array> = new Map([...readZip(archive)].filter(([name]) => name !== "load.py"));
const small = writeZip(folders);

function mutateArchive(draw: Draw): Uint8Array {
  if (draw.oneIn(3)) return damageBytes(small, draw, undefined, [small]);
  const name = draw.pick([...folders.keys()]);
  const bytes = folders.get(name) ?? new Uint8Array();
  const content = name.endsWith(".json")
    ? new TextEncoder().encode(writeTree(mutateTree(treeOf(JSON.parse(new TextDecoder().decode(bytes))), draw)))
    : mutateSafetensors(bytes, draw, [mixtureFile]);
  if (draw.oneIn(8)) return writeZip(new Map([...folders].filter(([other]) => other !== name)));
  return writeZip(new Map([...folders, [name, content]]));
}

function checkArchive({ adapters }: Pick<PeftArchive, "adapters">): string | undefined {
  if (adapters.length === 0) return "an archive without adapters";
  for (const { name, lora: own } of adapters) {
    const { layers, rank, alpha, parts } = own;
    if (!(rank >= 1 && Number.isInteger(rank) && alpha > 0 && Number.isFinite(alpha))) return `${name}: rank ${rank}, alpha ${alpha}`;
    if (own.module !== module || layers.length === 0 || layers.length !== parts.length)
      return `${name}: ${layers.length} layers of ${own.module}`;
    if (!parts.every(({ a, b }) => isFinite(a, rank * inputs) && isFinite(b, rank * outputs))) return `${name}: values that do not add up`;
  }
  return undefined;
}

export const peft: FuzzSource = {
  name: "peft",
  share: 5,
  async open() {
    return {
      codes: ["bad-adapter", "bad-safetensors"],
      sound: [alone(archive), alone(small)],
      mutate: (draw) => alone(mutateArchive(draw)),
      read: (input) => readPeftArchive(model, bytesOf(input)),
      check: (_, read) => checkArchive(read as PeftArchive),
    };
  },
};

/** Both, as a person picks them: what they are is told by what is in them. */
export const picked: FuzzSource = {
  name: "picked",
  share: 2,
  async open() {
    const [one, many] = [await mixture.open(), await peft.open()];
    return {
      codes: [...one.codes, ...many.codes],
      sound: [...one.sound, ...many.sound],
      mutate: (draw) => (draw.oneIn(2) ? one : many).mutate(draw),
      read: (input) => readAdapterFiles(model, [{ name: "picked", bytes: bytesOf(input) }], settings),
      check(_, read) {
        const found = read as HandedAdapters;
        return found.kind === "mixture" ? checkMixture(found.content) : checkArchive(found);
      },
    };
  },
};

const texts = new Map([
  ["a/config.json", new TextEncoder().encode(JSON.stringify({ text: "x".repeat(400) }))],
  ["a/b.safetensors", Uint8Array.from({ length: 60 }, (_, i) => i)],
  ["c.txt", new Uint8Array()],
]);
export const zipFile = writeZip(texts);
const zipLimits = { files: 50, totalBytes: 100_000 };

/** Names are written as they are given: zip has no rule against ways out of a folder. */
const badlyNamed = (draw: Draw): Uint8Array => {
  const name = draw.pick(awkwardTexts);
  return writeZip(new Map([...texts, [name === "" ? "/" : name.toWellFormed().slice(0, 400), Uint8Array.of(1, 2, 3)]]));
};

/** By the directory at the end, read without bounds: the names and checksums of what was unpacked. */
function checkZip(input: Input, files: ReadonlyMap<string, Uint8Array>): string | undefined {
  const bytes = Buffer.from(bytesOf(input));
  const crcs = new Map<string, number>();
  const end = bytes.lastIndexOf(Uint8Array.of(0x50, 0x4b, 5, 6));
  for (let at = bytes.readUInt32LE(end + 16), left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const [name, extra, comment] = [28, 30, 32].map((place) => bytes.readUInt16LE(at + place)) as [number, number, number];
    crcs.set(bytes.toString("utf8", at + 46, at + 46 + name), bytes.readUInt32LE(at + 16));
    at += 46 + name + extra + comment;
  }
  let total = 0;
  for (const [name, content] of files) {
    total += content.length;
    if (crcs.get(name) !== crc32(content)) return `${name}: another checksum than the directory's`;
    if (/^\/|(?:^|\/)\.\.?(?:\/|$)|[\\:\0]/.test(name) || name.length > 200) return `the name ${name.slice(0, 60)}`;
  }
  return total <= zipLimits.totalBytes && files.size <= zipLimits.files ? undefined : `${files.size} files of ${total} bytes`;
}

export const zip: FuzzSource = {
  name: "zip",
  share: 12,
  async open() {
    return {
      codes: ["bad-adapter"],
      sound: [alone(zipFile), alone(writeZip(new Map()))],
      mutate: (draw) => alone(draw.oneIn(8) ? badlyNamed(draw) : damageBytes(zipFile, draw, undefined, [small, zipFile])),
      read: (input) => readZip(bytesOf(input), zipLimits),
      check: (input, read) => checkZip(input, read as ReadonlyMap<string, Uint8Array>),
    };
  },
};
