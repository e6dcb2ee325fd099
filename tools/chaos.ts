/**
 * `npm run chaos -- --short|--long [--seed S] [--only PART,…] [--plant FAULT]`: causes failures for real, again and again, and prints what came of
 * them. The same seed causes the same failures. With --plant a part is given a fault that it must find. Parts that open the build in Chromium run
 * only by name. Exit code 0: every figure is within its bound; 1: one is not; 2: the arguments cannot be used.
 */
import { parseArgs } from "node:util";
import { EngineError, errorFacts } from "../src/lib/errors.ts";
import { SHOWN_FAULTS, type ChaosOptions, type ChaosPart } from "./chaos/part.ts";
import { allocations } from "./chaos/allocations.ts";
import { crashes } from "./chaos/crashes.ts";
import { downloads } from "./chaos/downloads.ts";
import { kills } from "./chaos/kills.ts";
import { losses } from "./chaos/losses.ts";
import { numerics } from "./chaos/numerics.ts";
import { submits } from "./chaos/submits.ts";
import { tabs } from "./chaos/tabs.ts";

const parts: readonly ChaosPart[] = [submits, allocations, crashes, tabs, numerics, downloads, kills, losses];
const plants = parts.flatMap((part) => part.plants);
const usage = `usage: npm run chaos -- --short|--long [--seed S] [--only ${parts.map(({ name }) => name).join(",")}] [--plant ${plants.join("|")}]`;

export async function main(argv: string[]): Promise<number> {
  let asked: ReturnType<typeof readArguments>;
  try {
    asked = readArguments(argv);
  } catch (thrown) {
    const { code, message, hint } = errorFacts(thrown);
    console.error(`${code}: ${message}\n${hint}`);
    return 2;
  }
  const { chosen, options } = asked;
  console.log(`chaos ${options.long ? "--long" : "--short"} --seed ${options.seed}${options.plant ? ` --plant ${options.plant}` : ""}`);
  let ok = true;
  for (const part of chosen) ok = (await runPart(part, options)) && ok;
  return ok ? 0 : 1;
}

function readArguments(argv: string[]): { readonly chosen: readonly ChaosPart[]; readonly options: ChaosOptions } {
  const wrong = (message: string): EngineError => new EngineError("bad-settings", message, usage);
  const [flag, text] = [{ type: "boolean", default: false }, { type: "string" }] as const;
  let values;
  try {
    ({ values } = parseArgs({ args: argv, options: { short: flag, long: flag, seed: text, only: text, plant: text } }));
  } catch (thrown) {
    throw wrong(errorFacts(thrown).message);
  }
  const { only, plant } = values;
  if (values.short === values.long) throw wrong("Got both or neither of --short and --long, expected one of them.");
  const seed = Number(values.seed ?? 1);
  if (!Number.isInteger(seed)) throw wrong(`Got --seed ${values.seed}, expected a whole number.`);
  const names = only?.split(",");
  const unknown = names?.find((name) => !parts.some((part) => part.name === name));
  if (unknown !== undefined) throw wrong(`Got --only ${unknown}, expected a part.`);
  const named = parts.filter(({ name, inChromium }) => names?.includes(name) ?? (plant !== undefined || !inChromium));
  const chosen = named.filter(({ plants: own }) => plant === undefined || own.includes(plant));
  if (chosen.length === 0) throw wrong(`Got --plant ${plant}, expected a fault that ${only ?? "a part"} can be given.`);
  return { chosen, options: { long: values.long, seed, plant } };
}

/** Prints the part's lines of the table. @returns whether every one is within its bound */
async function runPart(part: ChaosPart, options: ChaosOptions): Promise<boolean> {
  const started = performance.now();
  const { rows, faults } = await part.run(options);
  for (const { runs, figure, bound, ok } of rows) {
    console.log(`${part.name.padEnd(12)} ${String(runs).padStart(6)} runs  ${ok ? "ok  " : "PAST"}  ${figure}; ${bound}`);
  }
  for (const fault of faults.slice(0, SHOWN_FAULTS)) console.log(`${"".padEnd(12)} ${fault}`);
  if (faults.length > SHOWN_FAULTS) console.log(`${"".padEnd(12)} and ${faults.length - SHOWN_FAULTS} more`);
  console.log(`${part.name.padEnd(12)} ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return faults.length === 0 && rows.every(({ ok }) => ok);
}
