/** Models whose tokenizer's files, or the set of whose files, have one fault each. */
import type { ErrorCode } from "../../lib/errors.ts";
import { malformedTokenizers } from "../../tokenizer/testing/malformed.ts";
import { folderWith, impostorNames, impostors, type Files, type Malformed } from "./malformedBase.ts";
import { assemble, soundGguf, withKeys } from "./malformedGgufBase.ts";

type Fault = readonly [code: ErrorCode, says: RegExp, files: () => Files];

const gguf = (raw = soundGguf, file = "tiny.gguf"): [string, Uint8Array] => [file, assemble(raw).bytes];
const withTokenizer = (says: RegExp, content: string | Uint8Array | null): Fault => [
  "bad-tokenizer",
  says,
  () => folderWith({ "tokenizer.json": content }),
];
const withSettings = (says: RegExp, content: string | Uint8Array): Fault => [
  "bad-tokenizer",
  says,
  () => folderWith({ "tokenizer_config.json": content }),
];
const withGgufTokenizer = (says: RegExp, changes: Parameters<typeof withKeys>[0]): Fault => [
  "bad-tokenizer",
  says,
  () => new Map([gguf(withKeys(changes))]),
];
const large = (bytes: number) => (): Uint8Array => new Uint8Array(bytes).fill(0x20);

const faults: Readonly<Record<string, Fault>> = {
  "tokenizer-missing": withTokenizer(/got an empty text, expected the JSON of tokenizer\.json/, null),
  "tokenizer-of-no-bytes": withTokenizer(/got an empty text, expected/, ""),
  "tokenizer-no-utf-8": withTokenizer(/tokenizer\.json: got bytes that are no UTF-8/, Uint8Array.of(0x7b, 0xff)),
  "tokenizer-nested-deep": withTokenizer(
    /tokenizer\.json: got JSON nested too deep, expected at most 200 levels/,
    `{"model":${"[".repeat(1_000_000)}`,
  ),
  "tokenizer-of-40-mb-of-spaces": [
    "bad-tokenizer",
    /tokenizer\.json: got 40000000 bytes, expected at most 33554432/,
    () => folderWith({ "tokenizer.json": large(40_000_000)() }),
  ],
  "tokenizer-config-of-no-bytes": withSettings(/tokenizer_config\.json: got broken JSON/, ""),
  "tokenizer-config-cut-short": withSettings(/tokenizer_config\.json: got broken JSON \(.*\), expected an object/, '{"eos_token":'),
  "tokenizer-config-a-list": withSettings(/tokenizer_config\.json: got a list, expected an object/, "[]"),
  "tokenizer-config-null": withSettings(/tokenizer_config\.json: got null, expected an object/, "null"),
  "tokenizer-config-no-utf-8": withSettings(/tokenizer_config\.json: got bytes that are no UTF-8/, Uint8Array.of(0x7b, 0xff)),
  "tokenizer-config-nested-deep": withSettings(
    /tokenizer_config\.json: got JSON nested too deep/,
    `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
  ),
  "tokenizer-config-of-5-mb-of-spaces": [
    "bad-tokenizer",
    /tokenizer_config\.json: got 5000000 bytes, expected at most 4194304/,
    () => folderWith({ "tokenizer_config.json": large(5_000_000)() }),
  ],
  "gguf-tokenizer-missing": withGgufTokenizer(/tokenizer\.ggml\.model "?nothing"?, expected gpt2 .* or llama/, {
    "tokenizer.ggml.model": undefined,
  }),
  "gguf-tokenizer-of-bert": withGgufTokenizer(/tokenizer\.ggml\.model "bert", expected gpt2/, { "tokenizer.ggml.model": "bert" }),
  "gguf-tokenizer-model-a-number": withGgufTokenizer(/tokenizer\.ggml\.model .*expected/, { "tokenizer.ggml.model": 2 }),
  "gguf-tokens-missing": withGgufTokenizer(/tokenizer\.ggml\.tokens .*expected/, { "tokenizer.ggml.tokens": undefined }),
  "gguf-merges-missing": withGgufTokenizer(/merges .*expected/, { "tokenizer.ggml.merges": undefined }),
  "gguf-token-types-too-few": withGgufTokenizer(/token_type.*expected/, { "tokenizer.ggml.token_type": { int32: [1, 1] } }),
  "gguf-end-token-beyond-the-tokens": withGgufTokenizer(/eos_token_id.*expected/, { "tokenizer.ggml.eos_token_id": 1_000_000 }),
  "no-files": ["unknown-files", /got no files, expected config\.json with/, () => new Map()],
  "no-config": ["unknown-files", /expected config\.json beside the safetensors file/, () => folderWith({ "config.json": null })],
  "no-weights": ["unknown-files", /expected model\.safetensors or .* beside config\.json/, () => folderWith({ "model.safetensors": null })],
  "pickles-for-weights": [
    "unknown-files",
    /expected model\.safetensors or/,
    () => folderWith({ "model.safetensors": null, "pytorch_model.bin": impostors["a-zip"] ?? "" }),
  ],
  "two-gguf-files": [
    "unknown-files",
    /got 2 GGUF files \(a\.gguf, b\.gguf\), expected one/,
    () => new Map([gguf(soundGguf, "a.gguf"), gguf(soundGguf, "b.gguf")]),
  ],
};

/** Of the tokenizer's own catalogue, what is refused as a file before it comes to be a tokenizer: here by the same names, or another size. */
const refusedAsFiles = new Set(["tokenizer-of-no-bytes", "tokenizer-a-web-page", "tokenizer-nested-deep", "tokenizer-of-70-mb"]);
const tokenizers = malformedTokenizers.filter(({ name }) => !refusedAsFiles.has(name));

export const malformedFolder: readonly Malformed[] = [
  ...Object.entries(faults),
  ...Object.entries(impostors).map(([name, bytes]) => [`tokenizer-${name}`, withTokenizer(impostorNames[name] ?? /^$/, bytes)] as const),
]
  .map(([name, [code, says, files]]): Malformed => ({ name, code, says, files }))
  .concat(
    tokenizers.map(({ name, says, text }) => ({
      name,
      code: "bad-tokenizer",
      says,
      files: () => folderWith({ "tokenizer.json": text() }),
    })),
  );
