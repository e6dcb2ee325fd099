/** Sound models of one block, and the tools that spoil them. */
import type { ErrorCode } from "../../lib/errors.ts";
import { tinyConfig, tinyTensors, tinyTokenizerConfig, tinyTokenizerJson, type Family } from "../../model/testing/tinyModel.ts";
import { tensorPlan } from "../../model/tensorPlan.ts";
import { transposed } from "../hostTensor.ts";
import { writeSafetensors, type WritableTensor } from "../safetensorsWriter.ts";

/** Path to bytes. */
export type Files = ReadonlyMap<string, Uint8Array>;
export type Fields = Readonly<Record<string, unknown>>;

/** A model with one fault. */
export interface Malformed {
  /** Says the fault; its folder's name on disk. */
  readonly name: string;
  readonly code: ErrorCode;
  /** Of the message: what was got against what was expected. */
  readonly says: RegExp;
  /** Made when asked for: some are large. */
  readonly files: () => Files;
  /** The fault is in the weights' own bytes: found when they are read, and some only when they are packed. */
  readonly inWeights?: true;
}

const encoder = new TextEncoder();
/** Text as bytes; bytes as they are. */
export const bytesOf = (content: string | Uint8Array): Uint8Array => (typeof content === "string" ? encoder.encode(content) : content);

const FIRST_BLOCK_ONLY = { gpt2: { n_layer: 1 }, llama: { num_hidden_layers: 1 } } as const;

/** config.json of the sound model. */
export const soundConfig = (family: Family): Fields => tinyConfig(family, { config: FIRST_BLOCK_ONLY[family] });

/** Float32 tensors as a checkpoint of the family stores them. */
export function soundTensors(family: Family): WritableTensor[] {
  const plan = tensorPlan(soundConfig(family));
  return tinyTensors(family)
    .filter(({ name }) => !/\.[12]\./.test(name))
    .flatMap((tensor) => {
      if (tensor.format !== "f32") return [];
      const [rows = 0, columns = 0] = tensor.shape;
      const turned = plan(tensor.name, tensor.shape)?.transpose === true;
      return turned
        ? [{ name: tensor.name, shape: [columns, rows], data: transposed(tensor.data, rows, columns) }]
        : [{ name: tensor.name, shape: tensor.shape, data: tensor.data }];
    });
}

/** The sound model as a Hub repository, some files replaced; null takes one away. */
export function folderWith(changes: Readonly<Record<string, string | Uint8Array | null>> = {}, family: Family = "llama"): Files {
  const sound: Readonly<Record<string, string | Uint8Array>> = {
    "config.json": JSON.stringify(soundConfig(family)),
    "model.safetensors": writeSafetensors(soundTensors(family)),
    "tokenizer.json": tinyTokenizerJson,
    "tokenizer_config.json": JSON.stringify(tinyTokenizerConfig),
  };
  const files = Object.entries({ ...sound, ...changes });
  return new Map(files.flatMap(([name, content]) => (content === null ? [] : [[name, bytesOf(content)] as const])));
}

/** What often lies where a model's file should. */
export const impostors: Readonly<Record<string, Uint8Array>> = {
  "a-pickle": Uint8Array.of(0x80, 2, 0x7d, 0x71, 0, 0x58, 1, 0, 0, 0, 0x77, 0x71, 1, 0x4b, 1, 0x73, 0x2e),
  "a-zip": Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0),
  "a-gzip": Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 0, 0, 0xff, 0xff, 0),
  "a-web-page": bytesOf("<!DOCTYPE html><html><head><title>Entry not found</title></head></html>"),
  "an-lfs-pointer": bytesOf(`version https://git-lfs.github.com/spec/v1\noid sha256:${"4d7a".repeat(16)}\nsize 548105171\n`),
};
/** What messages call them. */
export const impostorNames: Readonly<Record<string, RegExp>> = {
  "a-pickle": /got a PyTorch pickle, expected/i,
  "a-zip": /got a zip archive, .*expected/i,
  "a-gzip": /got a gzip archive, expected/i,
  "a-web-page": /got an HTML page, expected/i,
  "an-lfs-pointer": /got a Git LFS pointer, expected/i,
};
