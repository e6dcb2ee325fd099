/** Whole models through everything that the page does with one before the GPU: a folder, a sharded folder, one GGUF file. */
import { memoryFiles } from "../../../src/weights/fileSets.ts";
import { elementCount, tensorBytes, type HostTensor } from "../../../src/weights/hostTensor.ts";
import { folderWith } from "../../../src/weights/testing/malformedBase.ts";
import { assemble, soundGguf } from "../../../src/weights/testing/malformedGgufBase.ts";
import { shardedWith } from "../../../src/weights/testing/malformedIndex.ts";
import { loadWhole } from "../../../src/weights/testing/malformedLoad.ts";
import { damageBytes } from "../damageBytes.ts";
import type { Draw } from "../draw.ts";
import { mutateTree, treeOf, writeTree, type Tree } from "../jsonTree.ts";
import { bytesOf, type FuzzSource, type Input } from "../target.ts";
import { mutateSafetensors } from "./safetensors.ts";

const models: readonly Input[] = [folderWith(), folderWith({}, "gpt2"), shardedWith(), new Map([["tiny.gguf", assemble(soundGguf).bytes]])];

const trees = new Map<Uint8Array, Tree>();
function treeOfFile(bytes: Uint8Array): Tree {
  const known = trees.get(bytes) ?? treeOf(JSON.parse(new TextDecoder().decode(bytes)));
  trees.set(bytes, known);
  return known;
}

function mutate(draw: Draw): Input {
  const model = draw.pick(models);
  const file = draw.pick([...model.keys()]);
  const bytes = model.get(file) ?? new Uint8Array();
  const changed = (content: Uint8Array): Input => new Map([...model, [file, content]]);
  // Headers and metadata lie at the front.
  const first = draw.oneIn(2) ? 1500 : 14_000;
  if (file.endsWith(".json") && !draw.oneIn(4)) return changed(new TextEncoder().encode(writeTree(mutateTree(treeOfFile(bytes), draw))));
  if (file.endsWith(".safetensors") && draw.oneIn(2)) return changed(mutateSafetensors(bytes, draw, [bytes]));
  return changed(damageBytes(bytes, draw, first, [...model.values()]));
}

/** @param input also what is no model at all */
async function read(input: Input): Promise<readonly HostTensor[]> {
  const tensors: HostTensor[] = [];
  const files = new Map([...input.keys()].map((name) => [name, bytesOf(input, name)] as const));
  await loadWhole(memoryFiles("tiny", files), (tensor) => tensors.push(tensor));
  return tensors;
}

/** As many numbers as the shape says, and each finite. */
function check(_: Input, tensors: readonly HostTensor[]): string | undefined {
  if (new Set(tensors.map(({ name }) => name)).size !== tensors.length) return "a tensor twice";
  for (const tensor of tensors) {
    const expected = tensorBytes(tensor);
    if (elementCount(tensor.shape) === 0) return `${tensor.name} is empty`;
    if (tensor.format === "f32" || tensor.format === "f16") {
      const data = tensor.format === "f32" ? tensor.data : tensor.halves;
      const infinite =
        tensor.format === "f32" ? !tensor.data.every(Number.isFinite) : tensor.halves.some((half) => (half & 0x7c00) === 0x7c00);
      if (data.byteLength !== expected.words || infinite) return `${tensor.name} does not add up`;
    } else if (tensor.words.byteLength !== expected.words || tensor.scales.byteLength !== expected.scales)
      return `${tensor.name} does not add up`;
  }
  return undefined;
}

export const model: FuzzSource = {
  name: "model",
  share: 3,
  async open() {
    const codes = [
      "bad-config",
      "bad-tokenizer",
      "bad-safetensors",
      "bad-gguf",
      "bad-shape",
      "unknown-files",
      "unsupported-architecture",
    ] as const;
    return { codes: [...codes, "bad-manifest", "bad-shard", "device-limit"], sound: models, mutate, read, check };
  },
};
