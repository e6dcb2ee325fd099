/**
 * `npm run leaks -- [--edits N] [--tokens N] [--model DIR]`: edits and generates through the engine's session, then compares what
 * is held on the GPU with before. Without --model, a folder of shards, a tiny random model is used. Exit code 0: nothing
 * grew; 1: something did; 2: the arguments or files cannot be used.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createSession } from "../src/engine/session.ts";
import { serveModel, sourceOf } from "../src/engine/testing/modelServer.ts";
import { EngineError, errorFacts } from "../src/lib/errors.ts";
import { leaksOf, soak, type Held, type Soak, type SoakResult } from "./leaks/soak.ts";

const usage = "usage: npm run leaks -- [--edits N] [--tokens N] [--model DIR]";
/** Enough allocations for thousands of edits, few steps: what leaks leaks in each. */
const SETTINGS = { experts: 16, topK: 2, steps: 4, learningRate: 0.01 };

export async function main(argv: string[]): Promise<number> {
  try {
    const { model, ...counts } = readArguments(argv);
    const errors: string[] = [];
    const { handlers } = createSession(navigator.gpu, ({ error }) => errors.push(error.message));
    const context = { signal: new AbortController().signal, emit: () => undefined };
    await handlers.start({}, context);
    Object.assign(globalThis, { fetch: model === undefined ? (await serveModel("gpt2")).fetch : fetchFrom(model) });
    const { settings } = await handlers.load({ source: sourceOf("gpt2") }, context);
    await handlers.configure({ settings: { ...settings, ...SETTINGS } }, context);
    const result = await soak(handlers, counts);
    console.log(textOf(result));
    for (const message of errors) console.log(`GPU error: ${message}`);
    return leaksOf(result).length === 0 && errors.length === 0 ? 0 : 1;
  } catch (thrown) {
    const { code, message, hint } = errorFacts(thrown);
    console.error(`${code}: ${message}\n${hint}`);
    if (!(thrown instanceof EngineError)) console.error(thrown);
    return 2;
  }
}

function readArguments(argv: string[]): Soak & { readonly model: string | undefined } {
  const wrong = (message: string): EngineError => new EngineError("bad-settings", message, usage);
  const text = { type: "string" } as const;
  let values;
  try {
    ({ values } = parseArgs({ args: argv, options: { edits: text, tokens: text, model: text } }));
  } catch (cause) {
    throw wrong(cause instanceof Error ? cause.message : String(cause));
  }
  const count = (name: "edits" | "tokens", absent: number): number => {
    const value = Number(values[name] ?? absent);
    if (!(Number.isInteger(value) && value > 0)) throw wrong(`Got --${name} ${values[name]}, expected a whole number.`);
    return value;
  };
  return { edits: count("edits", 200), tokens: count("tokens", 2000), model: values.model };
}

const fetchFrom =
  (folder: string) =>
  async (url: string): Promise<Response> =>
    new Response(new Uint8Array(await readFile(join(folder, url.split("/").at(-1) ?? ""))));

function textOf(result: SoakResult): string {
  const { edits, refused, tokens, seconds, before, after } = result;
  const leaks = leaksOf(result);
  const lines = (Object.keys(before) as (keyof Held)[]).map(
    (name) =>
      `${name.padEnd(12)} ${String(before[name]).padStart(12)} ${String(after[name]).padStart(12)}${leaks.includes(name) ? "  GREW" : ""}`,
  );
  return [
    `${edits} edits (${refused} refused), ${tokens} tokens, ${seconds.toFixed(1)} s`,
    `${"".padEnd(12)} ${"before".padStart(12)} ${"after".padStart(12)}`,
    ...lines,
  ].join("\n");
}
