/**
 * `npm run fuzz -- --short|--long [--seed S] [--only NAME] [--count N] [--plant FAULT]`: sound files, texts and answers with damage through every
 * parser that takes them from strangers, and files made by hand to do harm. Each has to be refused by a typed error or be right; within 200 ms;
 * within four times its size of memory; and without a trace in what all objects share. The same seed gives the same mutants. What is not so is
 * printed and kept, as small as it can be, in build/fuzz. Exit code 0: nothing was found; 1: something was; 2: the arguments cannot be used.
 */
import { parseArgs } from "node:util";
import { EngineError, errorFacts } from "../src/lib/errors.ts";
import { runHandcrafted } from "./fuzz/runHandcrafted.ts";
import { keepFindings } from "./fuzz/keepFindings.ts";
import { findingLines, handcraftedLines, headLine, tallyLine, totalLines } from "./fuzz/report.ts";
import { emptyTally, type Finding, type Tally } from "./fuzz/runTarget.ts";
import { sources } from "./fuzz/sources.ts";
import type { FuzzSource } from "./fuzz/target.ts";
import { fuzzInChildren, runAsChild, type Piece } from "./fuzz/children.ts";

const counts = { short: 200_000, long: 10_000_000 };
const HANDCRAFTED = "handcrafted";
const names = [...sources.map(({ name }) => name), HANDCRAFTED];
const plants = sources.flatMap((source) => source.plants ?? []);
const usage = `usage: npm run fuzz -- --short|--long [--seed S] [--only ${names.join("|")}] [--count N] [--plant ${plants.join("|")}]`;

interface Asked {
  readonly chosen: readonly FuzzSource[];
  readonly handcrafted: boolean;
  readonly seed: number;
  /** Mutants in all. */
  readonly count: number;
  readonly plant: string | undefined;
}

export async function main(argv: string[]): Promise<number> {
  if (argv[0] === "--child") return runAsChild(sources);
  let asked: Asked;
  try {
    asked = readArguments(argv);
  } catch (thrown) {
    const { code, message, hint } = errorFacts(thrown);
    console.error(`${code}: ${message}\n${hint}`);
    return 2;
  }
  const began = performance.now();
  console.log(`fuzz ${argv.includes("--long") ? "--long" : "--short"} --seed ${asked.seed}${asked.plant ? ` --plant ${asked.plant}` : ""}`);
  const findings = [...(await fuzz(asked)), ...(asked.handcrafted ? await tryHandcrafted() : [])];
  for (const line of findingLines(findings, await keepFindings(findings, asked.seed))) console.log(line);
  console.log(`${((performance.now() - began) / 1000).toFixed(1)} s`);
  return findings.length === 0 ? 0 : 1;
}

function readArguments(argv: string[]): Asked {
  const wrong = (message: string): EngineError => new EngineError("bad-settings", message, usage);
  const [flag, text] = [{ type: "boolean", default: false }, { type: "string" }] as const;
  let values;
  try {
    const options = { short: flag, long: flag, seed: text, only: text, count: text, plant: text };
    ({ values } = parseArgs({ args: argv, options }));
  } catch (thrown) {
    throw wrong(errorFacts(thrown).message);
  }
  const { only, plant } = values;
  if (values.short === values.long) throw wrong("Got both or neither of --short and --long, expected one of them.");
  const seed = Number(values.seed ?? 1);
  if (!Number.isInteger(seed)) throw wrong(`Got --seed ${values.seed}, expected a whole number.`);
  const count = Number(values.count ?? (values.long ? counts.long : counts.short));
  if (!Number.isInteger(count) || count < 0) throw wrong(`Got --count ${values.count}, expected a whole number.`);
  const fits = ({ name, plants: own }: FuzzSource): boolean =>
    (only === undefined || name === only) && (plant === undefined || own?.includes(plant) === true);
  const chosen = sources.filter(fits);
  const handcrafted = plant === undefined && (only === undefined || only === HANDCRAFTED);
  if (chosen.length === 0 && !handcrafted)
    throw wrong(`Got --only ${only} --plant ${plant}, expected a target and a fault that it can be given.`);
  return { chosen, handcrafted, seed, count, plant };
}

/** Prints a line for each target, and the totals. @returns what was found */
async function fuzz({ chosen, seed, count, plant }: Asked): Promise<readonly Finding[]> {
  if (chosen.length === 0) return [];
  const tallies = await fuzzInChildren(piecesOf(chosen, seed, count, plant));
  console.log(headLine);
  for (const { name } of chosen) console.log(tallyLine(name, tallies.get(name) ?? emptyTally));
  const all: Tally[] = [...tallies.values()];
  for (const line of totalLines(all)) console.log(line);
  return all.flatMap(({ findings }) => findings);
}

const PIECE = 2500;

/** Equal mutants for each target by its share, in pieces that one process does without the others. */
function piecesOf(chosen: readonly FuzzSource[], seed: number, count: number, plant: string | undefined): Piece[] {
  const shares = chosen.reduce((sum, { share }) => sum + share, 0);
  return chosen.flatMap(({ name, share }) => {
    const own = Math.ceil((count * share) / shares);
    return Array.from({ length: Math.ceil(own / PIECE) }, (_, i) => ({
      name,
      plant,
      seed,
      from: i * PIECE,
      to: Math.min(own, (i + 1) * PIECE),
    }));
  });
}

async function tryHandcrafted(): Promise<readonly Finding[]> {
  const tried = await runHandcrafted(sources);
  for (const line of handcraftedLines(tried)) console.log(line);
  return tried.findings;
}
