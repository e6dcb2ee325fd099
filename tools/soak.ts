/**
 * `npm run soak -- --short|--long [--seed S] [--plant leaked-buffer]`: 60 or 1,000 edits with undo on a tiny model, one after another. Prints what is
 * held of the GPU at edit 50 and at the end, how the heap grows, and how much longer the last edits take than the first. Exit code 0: all is within
 * its bound; 1: something is not; 2: the arguments cannot be used.
 */
import { parseArgs } from "node:util";
import { EngineError, errorFacts } from "../src/lib/errors.ts";
import { changesOf, slopeOf, slowdownOf } from "./soak/figures.ts";
import { soak, type SoakOptions, type SoakRun } from "./soak/soak.ts";

const usage = "usage: npm run soak -- --short|--long [--seed S] [--plant leaked-buffer]";
/** Edits after which what is held stays as it is. */
const MARK = 50;
const [SHORT, LONG] = [
  { edits: 60, warmUp: 50 },
  { edits: 1000, warmUp: 100 },
];
const MOST_HEAP_SLOPE = 5_000;
const MOST_SLOWDOWN = 1.2;

export async function main(argv: string[]): Promise<number> {
  let options: SoakOptions;
  try {
    options = readArguments(argv);
  } catch (thrown) {
    const { code, message, hint } = errorFacts(thrown);
    console.error(`${code}: ${message}\n${hint}`);
    return 2;
  }
  const started = performance.now();
  const run = await soak(options);
  console.log(
    `soak --seed ${options.seed}${options.leak ? " --plant leaked-buffer" : ""}: ${options.edits} edits after ${options.warmUp} (${run.refused} more refused)`,
  );
  let ok = true;
  for (const { name, figure, fine } of judge(run)) {
    console.log(`${name.padEnd(28)} ${fine ? "ok  " : "PAST"}  ${figure}`);
    ok &&= fine;
  }
  console.log(`${((performance.now() - started) / 1000).toFixed(1)} s`);
  return ok ? 0 : 1;
}

function readArguments(argv: string[]): SoakOptions {
  const wrong = (message: string): EngineError => new EngineError("bad-settings", message, usage);
  const [flag, text] = [{ type: "boolean", default: false }, { type: "string" }] as const;
  let values;
  try {
    ({ values } = parseArgs({ args: argv, options: { short: flag, long: flag, seed: text, plant: text } }));
  } catch (thrown) {
    throw wrong(errorFacts(thrown).message);
  }
  if (values.short === values.long) throw wrong("Got both or neither of --short and --long, expected one of them.");
  const seed = Number(values.seed ?? 1);
  if (!Number.isInteger(seed)) throw wrong(`Got --seed ${values.seed}, expected a whole number.`);
  if (values.plant !== undefined && values.plant !== "leaked-buffer") throw wrong(`Got --plant ${values.plant}, expected leaked-buffer.`);
  return { ...(values.long ? LONG : SHORT), seed, leak: values.plant !== undefined };
}

interface Judged {
  readonly name: string;
  readonly figure: string;
  readonly fine: boolean;
}

function judge({ samples, times, errors }: SoakRun): Judged[] {
  const mark = samples.find(({ edit }) => edit >= MARK);
  const end = samples.at(-1);
  const changes = mark && end && mark !== end ? changesOf(mark.held, end.held) : ["no two samples"];
  const { buffers = NaN, bytes = NaN, tensors = NaN } = end?.held ?? {};
  const held = `${buffers} buffers, ${bytes} bytes, ${tensors} tensors`;
  const slope = slopeOf(samples.map(({ edit, heap }) => [edit, heap] as const));
  const slowdown = slowdownOf(times);
  return [
    { name: `GPU, edit ${mark?.edit} and ${end?.edit}`, figure: changes.join("; ") || `equal: ${held}`, fine: changes.length === 0 },
    { name: "heap", figure: `${(slope / 1000).toFixed(2)} kB an edit; ≤ 5`, fine: slope <= MOST_HEAP_SLOPE },
    {
      name: "p95 of the time of an edit",
      figure: `${slowdown.toFixed(3)}×, last third over first; ≤ 1.2`,
      fine: slowdown <= MOST_SLOWDOWN,
    },
    { name: "GPU errors", figure: errors[0] ?? "none", fine: errors.length === 0 },
  ];
}
