/** Our own format: manifest, shards, tokenizer. */
import { createHash } from "node:crypto";
import { encodedModel } from "../../../src/weights/fixtures.ts";
import type { HostTensor } from "../../../src/weights/hostTensor.ts";
import { loadShards, type ShardFolder } from "../../../src/weights/loadShards.ts";
import { manifestRevision, type Manifest } from "../../../src/weights/manifest.ts";
import { damageBytes } from "../damageBytes.ts";
import type { Draw } from "../draw.ts";
import { badKeyOf } from "../jsonKeys.ts";
import { mutateTree, treeOf, writeTree, type Tree } from "../jsonTree.ts";
import { bytesOf, textOf, type FuzzSource, type FuzzTarget, type Input } from "../target.ts";

interface Read {
  readonly tokenizerJson: string;
  readonly tensors: readonly HostTensor[];
}

const folderOf = (input: Input): ShardFolder => ({
  manifestPlace: "manifest.json",
  read: async (file, limit) => {
    const bytes = bytesOf(input, file);
    return { bytes: bytes.slice(0, limit), more: bytes.length > limit };
  },
});

async function read(input: Input): Promise<Read> {
  const model = await loadShards(folderOf(input));
  const tensors: HostTensor[] = [];
  for await (const tensor of model.tensors()) tensors.push(tensor);
  return { tokenizerJson: model.tokenizerJson, tensors };
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Every file is the one that the manifest means, and every tensor is made of its own bytes of them. */
function check(input: Input, { tokenizerJson, tensors }: Read): string | undefined {
  const text = textOf(input, "manifest.json");
  const key = badKeyOf(text.replace(/^\ufeff/, ""));
  if (key !== undefined) return `the key ${key.slice(0, 40)} twice, or forbidden`;
  const manifest = JSON.parse(text.replace(/^\ufeff/, "")) as Manifest;
  for (const { file, bytes, sha256: told } of [...manifest.shards, manifest.tokenizer]) {
    const own = bytesOf(input, file);
    if (own.length !== bytes || sha256(own) !== told) return `${file}: ${own.length} bytes with another hash than the manifest's`;
  }
  const run = Buffer.concat(manifest.shards.map(({ file }) => bytesOf(input, file)));
  const starts = manifest.shards.map((_, i) => manifest.shards.slice(0, i).reduce((sum, { bytes }) => sum + bytes, 0));
  if (tensors.length !== manifest.tensors.length) return `${tensors.length} tensors of ${manifest.tensors.length}`;
  let covered = 0;
  for (const tensor of tensors) {
    const told = manifest.tensors.find(({ name }) => name === tensor.name);
    if (!told) return `${tensor.name}: not in the manifest`;
    const spans = [told, ...("scales" in told ? [told.scales] : [])];
    for (const [i, { shard, offset, bytes }] of spans.entries()) {
      const begin = (starts[shard] ?? NaN) + offset;
      const got = Buffer.from(dataOf(tensor, i).buffer, dataOf(tensor, i).byteOffset, dataOf(tensor, i).byteLength);
      if (!got.equals(run.subarray(begin, begin + bytes))) return `${tensor.name}: other bytes than its span's`;
      covered += bytes;
    }
  }
  if (covered !== run.length) return `${covered} bytes of tensors in ${run.length}`;
  return tokenizerJson === textOf(input, manifest.tokenizer.file).replace(/^\ufeff/, "") ? undefined : "another tokenizer";
}

function dataOf(tensor: HostTensor, part: number): Float32Array | Uint16Array | Uint32Array {
  if (tensor.format === "f32") return tensor.data;
  if (tensor.format === "f16") return tensor.halves;
  return part === 0 ? tensor.words : tensor.scales;
}

/** A manifest whose revision is that of what it says, where it says anything that has one: else every change would end there. */
async function resealed(text: string): Promise<string> {
  try {
    const manifest = JSON.parse(text) as Manifest;
    return text.replaceAll(manifest.revision, await manifestRevision(manifest));
  } catch {
    return text;
  }
}

/** The one of the same length that most bytes agree with. */
function nearest(bytes: Uint8Array, files: readonly Uint8Array[]): Uint8Array | undefined {
  const apart = (file: Uint8Array): number => file.reduce((count, byte, at) => count + Number(byte !== bytes[at]), 0);
  return files.filter(({ length }) => length === bytes.length).sort((a, b) => apart(a) - apart(b))[0];
}

/** Planted: a file counts as the right one when it has the length of it. */
function believingHashes(target: FuzzTarget<Read>, sound: Input): FuzzTarget<Read> {
  return {
    ...target,
    async read(input) {
      const { subtle } = crypto;
      const { digest } = subtle;
      const fake = (name: AlgorithmIdentifier, data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> =>
        digest.call(subtle, name, (nearest(data, [...sound.values()]) as Uint8Array<ArrayBuffer> | undefined) ?? data);
      Object.assign(subtle, { digest: fake });
      try {
        return await read(input);
      } finally {
        Reflect.deleteProperty(subtle, "digest");
      }
    },
  };
}

function mutate(sound: Input, tree: Tree, draw: Draw): Input | Promise<Input> {
  const files = [...sound.keys()];
  if (draw.oneIn(4)) {
    const file = draw.pick(files);
    const others = [...sound.values()];
    return new Map([...sound, [file, damageBytes(bytesOf(sound, file), draw, undefined, others)]]);
  }
  // Two shards of one length exchanged, or one in the place of another.
  if (draw.oneIn(10)) {
    const [one, other] = [draw.pick(files), draw.pick(files)];
    return new Map([...sound, [one, bytesOf(sound, other)], ...(draw.oneIn(2) ? [[other, bytesOf(sound, one)] as const] : [])]);
  }
  const text = writeTree(mutateTree(tree, draw));
  const withText = (content: string): Input => new Map([...sound, ["manifest.json", new TextEncoder().encode(content)]]);
  return draw.oneIn(6) ? withText(text) : resealed(text).then(withText);
}

export const shards: FuzzSource = {
  name: "shards",
  share: 8,
  plants: ["wrong-shard"],
  async open(plant) {
    const { manifest, files } = await encodedModel();
    const sound: Input = new Map([["manifest.json", new TextEncoder().encode(JSON.stringify(manifest))], ...files]);
    const tree = treeOf(manifest);
    const target: FuzzTarget<Read> = {
      codes: ["bad-manifest", "bad-shard", "bad-tokenizer"],
      sound: [sound],
      mutate: (draw) => mutate(sound, tree, draw),
      read,
      check,
    };
    return plant === "wrong-shard" ? believingHashes(target, sound) : target;
  },
};
