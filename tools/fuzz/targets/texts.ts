/** The texts of a model's folder, each by itself: config.json, tokenizer.json with its settings, the index of shards; and JSON as such. */
import { isDeepStrictEqual } from "node:util";
import { EngineError } from "../../../src/lib/errors.ts";
import { readModelConfig } from "../../../src/model/architectures/registry.ts";
import { limits, type ModelConfig } from "../../../src/model/config.ts";
import { byteLevelTokenizer } from "../../../src/tokenizer/fixtures.ts";
import { loadTokenizer } from "../../../src/tokenizer/tokenizer.ts";
import { memoryFiles } from "../../../src/weights/fileSets.ts";
import { parseConfig, parseShardIndex, parseTokenizerConfig, readText } from "../../../src/weights/readFolder.ts";
import { parseStrictJson } from "../../../src/weights/strictJson.ts";
import { soundConfig } from "../../../src/weights/testing/malformedBase.ts";
import { shardedWith } from "../../../src/weights/testing/malformedIndex.ts";
import { damageBytes } from "../damageBytes.ts";
import type { Draw } from "../draw.ts";
import { badKeyOf } from "../jsonKeys.ts";
import { mutateTree, treeOf, writeTree } from "../jsonTree.ts";
import { alone, textOf, type FuzzSource, type Input } from "../target.ts";

const utf8 = new TextEncoder();
const json = (value: unknown): Uint8Array => utf8.encode(JSON.stringify(value));

/** Values as trees with some change; now and then bytes on top of it, or alone. */
export function textMutator(values: readonly unknown[]): (draw: Draw) => Uint8Array {
  const trees = values.map(treeOf);
  const texts = values.map(json);
  return (draw) => {
    if (draw.oneIn(5)) return damageBytes(draw.pick(texts), draw, undefined, texts);
    const bytes = utf8.encode(writeTree(mutateTree(draw.pick(trees), draw)));
    return draw.oneIn(12) ? damageBytes(bytes, draw) : bytes;
  };
}

async function fileText(input: Input, name: string, code: "bad-config" | "bad-tokenizer" | "bad-safetensors"): Promise<string> {
  const source = memoryFiles("tiny", new Map([[name, input.get("") ?? new Uint8Array()]])).open(name);
  return source ? readText(source, name, code) : "";
}

const rope = { rope_theta: 10_000, rope_scaling: { rope_type: "linear", factor: 2 } };
const configs = [soundConfig("gpt2"), soundConfig("llama"), { ...soundConfig("llama"), ...rope, head_dim: 8, attention_bias: true }];

function checkConfig({ layers, hiddenSize, heads, kvHeads, headSize, vocabularySize, contextLength, linears, ...rest }: ModelConfig) {
  const bounded = [
    [layers, limits.layers],
    [hiddenSize, limits.hiddenSize],
    [heads, limits.heads],
    [kvHeads, heads],
    [headSize, limits.headSize],
    [vocabularySize, limits.vocabulary],
    [contextLength, limits.context],
  ] as const;
  const past = bounded.findIndex(([value, most]) => !Number.isSafeInteger(value) || value < 1 || value > most);
  if (past >= 0) return `size ${past} is ${bounded[past]?.[0]}, of at most ${bounded[past]?.[1]}`;
  const wide = Object.entries(linears).find(
    ([, { rows, columns }]) => !(rows * columns > 0 && rows <= limits.innerSize * 3 && columns <= limits.innerSize),
  );
  if (wide) return `${wide[0]} is ${wide[1].rows} × ${wide[1].columns}`;
  if (heads % kvHeads !== 0 || !(rest.normEps > 0)) return `${heads} heads, ${kvHeads} of them keys; epsilon ${rest.normEps}`;
  const numbers = [...rest.attentionScales, ...(rest.ropeFrequencies ?? [])];
  return rest.attentionScales.length === layers && numbers.every(Number.isFinite) ? undefined : "scales or frequencies that are no numbers";
}

export const config: FuzzSource = {
  name: "config",
  share: 10,
  async open() {
    const mutate = textMutator(configs);
    return {
      codes: ["bad-config", "unsupported-architecture"],
      sound: configs.map((value) => alone(json(value))),
      mutate: (draw) => alone(mutate(draw)),
      read: async (input) => readModelConfig(parseConfig(await fileText(input, "config.json", "bad-config"))).config,
      check: (_, read) => checkConfig(read as ModelConfig),
    };
  },
};

const said = ["The capital of France is Paris.", "  1,234 cities\n\n\tété 👍🏽 \ud800", ""];
const tokenizers = [byteLevelTokenizer()];
const settings = [{ eos_token: "<|endoftext|>", bos_token: { content: "<|endoftext|>" }, add_bos_token: true, model_max_length: 1024 }];

/** What a text becomes, and becomes again. */
interface Said {
  readonly ids: readonly number[];
  readonly text: string;
  readonly size: number;
}

function say(tokenizerJson: string, tokenizerConfig: unknown): Said[] {
  const tokenizer = loadTokenizer(tokenizerJson, tokenizerConfig);
  return said.map((text) => {
    const ids = tokenizer.encode(text, { specialTokens: true });
    return { ids, text: tokenizer.decode(ids), size: tokenizer.vocabularySize };
  });
}

export const tokenizer: FuzzSource = {
  name: "tokenizer",
  share: 5,
  async open() {
    const [mutateJson, mutateSettings] = [textMutator(tokenizers), textMutator(settings)];
    const sound: Input = new Map([
      ["", json(tokenizers[0])],
      ["settings", json(settings[0])],
    ]);
    return {
      codes: ["bad-tokenizer"],
      sound: [sound],
      mutate: (draw) =>
        new Map([...sound, ...(draw.oneIn(5) ? [["settings", mutateSettings(draw)] as const] : [["", mutateJson(draw)] as const])]),
      async read(input) {
        const own = await fileText(new Map([["", input.get("settings") ?? new Uint8Array()]]), "tokenizer_config.json", "bad-tokenizer");
        return say(await fileText(input, "tokenizer.json", "bad-tokenizer"), parseTokenizerConfig(own));
      },
      check: (_, read) => {
        const wrong = (read as Said[]).find(
          ({ ids, text, size }) => !ids.every((id) => Number.isInteger(id) && id >= 0 && id < size) || !text.isWellFormed(),
        );
        return wrong && `ids ${wrong.ids.slice(0, 8).join()} of ${wrong.size}`;
      },
    };
  },
};

export const shardIndex: FuzzSource = {
  name: "index",
  share: 8,
  async open() {
    const name = "model.safetensors.index.json";
    const sound = JSON.parse(new TextDecoder().decode(shardedWith().get(name))) as unknown;
    const mutate = textMutator([sound]);
    return {
      codes: ["bad-safetensors"],
      sound: [alone(json(sound))],
      mutate: (draw) => alone(mutate(draw)),
      read: async (input) => parseShardIndex(await fileText(input, name, "bad-safetensors")),
      check(input, read) {
        const key = badKeyOf(textOf(input).replace(/^\ufeff/, ""));
        if (key !== undefined) return `the key ${key.slice(0, 40)} twice, or forbidden`;
        const out = [...(read as Map<string, string>).values()].find(
          (file) => /[/\\:\0]|^\.|\.\./.test(file) || !file.endsWith(".safetensors"),
        );
        return out === undefined ? undefined : `the file ${out.slice(0, 60)}`;
      },
    };
  },
};

const documents = [
  { a: [1, 2.5, -3e10, "x\u00e9\n", null, true, { b: {}, "c d": [[]] }], "\u2028": '\\"/', z: 9007199254740991 },
  [],
  "text",
  0,
];

export const strictJson: FuzzSource = {
  name: "json",
  share: 20,
  async open() {
    const mutate = textMutator(documents);
    return {
      codes: ["bad-config"],
      sound: documents.map((value) => alone(json(value))),
      mutate: (draw) => alone(mutate(draw)),
      read: (input) => parseStrictJson(textOf(input), (message) => new EngineError("bad-config", message, "Mend it.")),
      check(input, read) {
        const text = textOf(input);
        if (!isDeepStrictEqual(JSON.parse(text), read)) return "another value than JSON.parse gives";
        const key = badKeyOf(text);
        return key === undefined ? undefined : `the key ${key.slice(0, 40)} twice, or forbidden`;
      },
    };
  },
};
