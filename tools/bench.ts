/**
 * `npm run bench -- [--quick] [--only NAME] [--rounds N] [--json FILE] [--docs] [--from FILE]`: measures our kernels and the training
 * step headless against stock TF.js, then, where a Chromium is found, against onnxruntime-web and transformers.js in the browser.
 * `--from` reads results instead of measuring; `--docs` writes docs/performance.md and its plot.
 */
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { Results } from "../src/bench/results.ts";
import { reportText } from "../src/bench/report.ts";
import { EngineError, errorFacts } from "../src/lib/errors.ts";
import { measureInBrowser } from "./bench/browser.ts";
import { measureHeadless } from "./bench/headless.ts";
import { writeDocs } from "./bench/docs.ts";

const usage = "usage: npm run bench -- [--quick] [--only NAME] [--rounds N] [--json FILE] [--docs] [--from FILE]";

export interface BenchFlags {
  readonly quick: boolean;
  readonly only: string | undefined;
  readonly rounds: number | undefined;
}

/** Exit code 0, or 2 for flags or files that cannot be used. */
export async function main(argv: string[]): Promise<number> {
  try {
    const { flags, json, docs, from } = readFlags(argv);
    const results = from === undefined ? await measure(flags) : (JSON.parse(await readFile(from, "utf8")) as Results);
    console.log(`\n${reportText(results)}`);
    if (json !== undefined) await writeFile(json, `${JSON.stringify(results, undefined, 1)}\n`);
    if (docs) await writeDocs(results);
    return 0;
  } catch (thrown) {
    const { code, message, hint } = errorFacts(thrown);
    console.error(`${code}: ${message}\n${hint}`);
    if (!(thrown instanceof EngineError)) console.error(thrown);
    return 2;
  }
}

function readFlags(argv: string[]) {
  const wrong = (message: string): EngineError => new EngineError("bad-settings", message, usage);
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  let values;
  try {
    ({ values } = parseArgs({ args: argv, options: { quick: flag, only: text, rounds: text, json: text, docs: flag, from: text } }));
  } catch (cause) {
    throw wrong(cause instanceof Error ? cause.message : String(cause));
  }
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0))
    throw wrong(`Got --rounds ${values.rounds}, expected a whole number.`);
  const flags: BenchFlags = { quick: values.quick, only: values.only, rounds };
  return { flags, json: values.json, docs: values.docs, from: values.from };
}

async function measure(flags: BenchFlags): Promise<Results> {
  const headless = await measureHeadless(flags);
  const browser = await measureInBrowser(flags);
  const sections = [headless, browser.section].filter((section) => section !== undefined);
  return { format: "elder-bench/1", date: new Date().toISOString(), sections, missing: browser.missing };
}
