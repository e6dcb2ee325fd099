/** What `npm run evaluate` is asked to do. */
import { parseArgs } from "node:util";
import { EngineError } from "../../src/lib/errors.ts";
import { METHODS } from "../../src/methods/registry.ts";
import type { Precision } from "../../src/weights/byteSource.ts";

export const usage = `usage: npm run evaluate -- --model SRC --edits FILE --method M[,M2…|all] --json OUT [options]
       npm run evaluate -- --merge OUT FILE… [--docs FILE.md]

Writes the edits of FILE one after another with each method and seed, and measures along the way and at the end.

  --model SRC      a folder, a .gguf file, our own shards, or a repository of the Hub such as openai-community/gpt2
  --edits FILE     edits as JSON, JSON lines or CSV; public/edits/atlas.json for the built-in ones
  --method M       ${Object.keys(METHODS).join(", ")}; several with commas; all
  --json OUT       where the result goes; beside it OUT without .json, with .timing.json: seconds and memory of each edit
  --limit N        records, at most (all)
  --seed S         of the order of the edits and of the method; several with commas (1)
  --every M        edits between checkpoints (a tenth of the records)
  --sample N       edits that generalization and locality are measured on at checkpoints before the last (100)
  --bits 4|8       packs the weights; --file NAME  one of several models
  --set KEY=VALUE  a setting of the method, the value as JSON; may be given again
  --resume         goes on from OUT.partial, which is kept every 25 edits, at checkpoints and when stopped (SIGINT, SIGTERM)
  --shard I/N      of one run: measures every N-th group of edits; of several runs: does every N-th run
  --merge OUT      joins the files of all shards, or of several runs, into OUT and prints them as a table
  --docs FILE.md   writes tables into the marked section of FILE.md, and plots beside it

One run writes {"format": "elder-lab evaluation", …}; several, and shards of several, {"format": "elder-lab evaluations", "planned": […],
"results": […]}. The same run gives the same bytes, resumed or sharded and merged as well.`;

/** Part `index` (1-based) of `of`. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

export interface RunJob {
  readonly kind: "run";
  readonly model: string;
  readonly file: string | undefined;
  readonly precision: Precision;
  readonly edits: string;
  readonly methods: readonly string[];
  readonly seeds: readonly number[];
  readonly limit: number | undefined;
  readonly every: number | undefined;
  readonly sample: number;
  readonly overrides: Readonly<Record<string, unknown>>;
  readonly out: string;
  readonly resume: boolean;
  readonly shard: Shard;
}

export interface MergeJob {
  readonly kind: "merge";
  readonly out: string;
  readonly files: readonly string[];
  readonly docs: string | undefined;
}

export type Job = RunJob | MergeJob | { readonly kind: "help" };

const wrong = (message: string): EngineError => new EngineError("bad-settings", message, usage);

/** @throws EngineError `bad-settings` */
export function readArguments(argv: string[]): Job {
  const values = parse(argv);
  if (values.help) return { kind: "help" };
  const { merge, positionals, docs } = values;
  if (merge !== undefined) {
    if (positionals.length === 0) throw wrong("Got no files to merge, expected at least one.");
    return { kind: "merge", out: merge, files: positionals, docs };
  }
  if (positionals.length > 0) throw wrong(`Got ${positionals.join(" ")}, expected options only.`);
  return readRun(values);
}

const text = { type: "string" } as const;
const flag = { type: "boolean", default: false } as const;

function parse(argv: string[]) {
  const run = { model: text, edits: text, method: text, json: text, limit: text, seed: text, every: text, sample: text } as const;
  const more = { bits: text, file: text, set: { type: "string", multiple: true }, resume: flag, shard: text } as const;
  const options = { ...run, ...more, merge: text, docs: text, help: flag } as const;
  try {
    const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true });
    return { ...values, positionals };
  } catch (cause) {
    throw wrong(cause instanceof Error ? cause.message : String(cause));
  }
}

function readRun(values: ReturnType<typeof parse>): RunJob {
  const { model, edits, method, json, bits, file, resume } = values;
  if (model === undefined || edits === undefined || method === undefined || json === undefined)
    throw wrong("Got no --model, --edits, --method or --json, expected all four.");
  if (values.docs !== undefined) throw wrong("Got --docs without --merge, expected both.");
  if (bits !== undefined && bits !== "4" && bits !== "8") throw wrong(`Got --bits ${bits}, expected 4 or 8.`);
  const count = (name: "limit" | "every" | "sample"): number | undefined =>
    values[name] === undefined ? undefined : whole(`--${name}`, values[name], 1);
  return {
    kind: "run",
    model,
    file,
    precision: bits === undefined ? "stored" : bits === "4" ? 4 : 8,
    edits,
    methods: distinct("method", method === "all" ? Object.keys(METHODS) : method.split(",")),
    seeds: distinct("seed", (values.seed ?? "1").split(",")).map((seed) => whole("--seed", seed, 0)),
    limit: count("limit"),
    every: count("every"),
    sample: count("sample") ?? 100,
    overrides: Object.fromEntries((values.set ?? []).map(readOverride)),
    out: json,
    resume,
    shard: readShard(values.shard ?? "1/1"),
  };
}

function whole(name: string, value: string, least: number): number {
  const number = Number(value);
  if (value.trim() !== "" && Number.isSafeInteger(number) && number >= least) return number;
  throw wrong(`Got ${name} ${value}, expected a whole number from ${least}.`);
}

function distinct(name: string, values: readonly string[]): readonly string[] {
  if (new Set(values).size === values.length) return values;
  throw wrong(`Got --${name} ${values.join(",")}, expected each one once.`);
}

function readOverride(given: string): [string, unknown] {
  const [, key, value = ""] = /^(\w+)=(.*)$/s.exec(given) ?? [];
  if (key === undefined) throw wrong(`Got --set ${given}, expected a name, = and a value.`);
  try {
    return [key, JSON.parse(value) as unknown];
  } catch {
    // Texts need no quotes.
    return [key, value];
  }
}

function readShard(given: string): Shard {
  const [, index = "", of = ""] = /^(\d+)\/(\d+)$/.exec(given) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (shard.of >= 1 && shard.index >= 1 && shard.index <= shard.of) return shard;
  throw wrong(`Got --shard ${given}, expected I/N with I from 1 to N, such as 1/4.`);
}
