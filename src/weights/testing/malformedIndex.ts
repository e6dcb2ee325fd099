/** Sharded folders whose index, or what it names, has one fault each. */
import type { ErrorCode } from "../../lib/errors.ts";
import { writeSafetensors } from "../safetensorsWriter.ts";
import { folderWith, impostorNames, impostors, soundTensors, type Files, type Malformed } from "./malformedBase.ts";

type Contents = Readonly<Record<string, string | Uint8Array | null>>;
type Fault = readonly [says: RegExp, changes: Contents | (() => Contents)];

const index = "model.safetensors.index.json";
const shards = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"] as const;
const [firstShard, lastShard] = shards;
const homeOf = (name: string): string => (name.startsWith("model.layers.") ? lastShard : firstShard);
const norm = "model.norm.weight";
const tensors = soundTensors("llama");
const map: Readonly<Record<string, unknown>> = Object.fromEntries(tensors.map(({ name }) => [name, homeOf(name)]));
const written = new Map(shards.map((file) => [file as string, writeSafetensors(tensors.filter(({ name }) => homeOf(name) === file))]));

const textOf = (weightMap: unknown): string => JSON.stringify({ metadata: { total_size: 150_000 }, weight_map: weightMap });

/** The sound model in two files and an index, some replaced. */
export const shardedWith = (changes: Contents = {}): Files =>
  folderWith({ "model.safetensors": null, [index]: textOf(map), ...Object.fromEntries(written), ...changes });

const mapped = (changes: Readonly<Record<string, unknown>>): Contents => ({ [index]: textOf({ ...map, ...changes }) });
const named = (file: unknown): Contents => mapped({ [norm]: file });
const text = (content: string | Uint8Array): Contents => ({ [index]: content });
const badName = /index\.json: got the file name .*, expected a plain name ending in \.safetensors/;

const faults: Readonly<Record<string, Fault>> = {
  "of-no-bytes": [/index\.json: broken JSON at character 0: got the end of the text/, text("")],
  "no-json": [/index\.json: broken JSON at character 0: got "weight_map: ", expected a JSON value/, text("weight_map: {}")],
  "cut-short": [/index\.json: broken JSON at character 200: got the end of the text/, text(textOf(map).slice(0, 200))],
  "no-utf-8": [/index\.json: got bytes that are no UTF-8/, text(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d))],
  "a-list": [/got no weight_map, expected an object of tensor names/, text("[]")],
  null: [/got no weight_map, expected/, text("null")],
  "without-a-map": [/got no weight_map, expected/, text('{"metadata":{"total_size":1}}')],
  "with-an-empty-map": [/got no weight_map, expected/, text(textOf({}))],
  "with-a-list-for-a-map": [/got no weight_map, expected/, text(textOf([firstShard]))],
  "with-a-tensor-twice": [
    /duplicate JSON key "model\.norm\.weight"/,
    text(textOf(map).replace('"weight_map":{', `"weight_map":{"${norm}":"${firstShard}",`)),
  ],
  "with-two-maps": [/duplicate JSON key "weight_map"/, text(textOf(map).replace(/^\{/, '{"weight_map":{},'))],
  "with-a-tensor-called-proto": [/forbidden JSON key "__proto__"/, text(textOf(map).replace(norm, "__proto__"))],
  "nested-deep": [/nested too deep.*expected at most 64/, text('{"weight_map":'.repeat(100_000))],
  "with-text-behind": [/expected the end of the text/, text(`${textOf(map)}\n{}`)],
  "of-5-mb-of-spaces": [/index\.json: got 5000000 bytes, expected at most 4194304/, () => text(new Uint8Array(5_000_000).fill(0x20))],
  "with-a-file-in-a-folder-above": [badName, named("../model.safetensors")],
  "with-an-absolute-path": [badName, named("/etc/model.safetensors")],
  "with-a-file-in-a-folder-below": [badName, named("a/model.safetensors")],
  "with-a-backslash": [badName, named("..\\model.safetensors")],
  "with-a-drive": [badName, named("C:model.safetensors")],
  "with-an-address": [badName, named("https://host/model.safetensors")],
  "with-a-zero-in-a-name": [badName, named("model\0.safetensors")],
  "with-an-empty-name": [badName, named("")],
  "with-a-hidden-file": [badName, named(".safetensors")],
  "with-a-pickle": [badName, named("pytorch_model.bin")],
  "with-a-name-of-1000-letters": [badName, named(`${"m".repeat(1000)}.safetensors`)],
  "with-a-number-for-a-file": [badName, named(7)],
  "with-null-for-a-file": [badName, named(null)],
  "with-a-list-for-a-file": [badName, named([firstShard])],
  "with-a-shard-that-is-missing": [
    /without model-00003\.safetensors, expected model-00003\.safetensors, which/,
    mapped({ more: "model-00003.safetensors" }),
  ],
  "with-a-shard-taken-away": [/without model-00002-of-00002\.safetensors, expected/, { [lastShard]: null }],
  "with-a-tensor-that-no-shard-has": [
    /model-00001-of-00002\.safetensors: got no tensor "more", expected it there/,
    mapped({ more: firstShard }),
  ],
  "with-a-tensor-in-the-other-shard": [/got tensor "model\.norm\.weight", expected only those that .* places there/, named(lastShard)],
  "without-a-tensor-of-a-shard": [/got tensor "model\.norm\.weight", expected only/, mapped({ [norm]: undefined })],
  "with-both-shards-the-same": [
    /model-00002-of-00002\.safetensors: got tensor .*, expected only those/,
    { [lastShard]: written.get(firstShard) ?? null },
  ],
  "with-a-shard-cut-short": [
    /model-00002-of-00002\.safetensors: Got a file of 5000 bytes, expected \d+/,
    { [lastShard]: (written.get(lastShard) ?? new Uint8Array()).slice(0, 5000) },
  ],
  "with-a-shard-of-no-bytes": [/model-00002-of-00002\.safetensors: Got a file of 0 bytes, expected/, { [lastShard]: "" }],
};

export const malformedIndex: readonly Malformed[] = [
  ...Object.entries(faults),
  ...Object.entries(impostors).map(([name, bytes]) => [name, [impostorNames[name] ?? /^$/, text(bytes)]] as [string, Fault]),
].map(([name, [says, changes]]) => ({
  name: `index-${name}`,
  code: "bad-safetensors" as ErrorCode,
  says,
  files: () => shardedWith(typeof changes === "function" ? changes() : changes),
}));
