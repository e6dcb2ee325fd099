/** Pieces of a run in processes of their own: as many as there are cores, and one more a target would not be faster. */
import { fork, type ChildProcess } from "node:child_process";
import { availableParallelism } from "node:os";
import { addTallies, checkSound, emptyTally, runTarget, type Slice, type Tally } from "./runTarget.ts";
import type { FuzzSource, FuzzTarget } from "./target.ts";

export interface Piece extends Slice {
  /** Of the target. */
  readonly name: string;
  readonly plant: string | undefined;
}

interface Answer {
  readonly name: string;
  readonly tally: Tally;
}

/** Pieces that a process does before another takes its place: what the tokenizer's library keeps would add up. */
const PIECES_A_PROCESS = 60;
const MOST_CHILDREN = 16;

/** @returns the tallies of all pieces by target; the order in which they end does not show in them */
export async function fuzzInChildren(pieces: readonly Piece[]): Promise<Map<string, Tally>> {
  const left = [...pieces];
  const answers: (Answer & { readonly from: number })[] = [];
  const lanes = Math.min(availableParallelism(), MOST_CHILDREN, Math.max(1, left.length));
  await Promise.all(Array.from({ length: lanes }, () => lane(left, answers)));
  const tallies = new Map<string, Tally>();
  for (const { name, tally } of answers.sort((a, b) => a.from - b.from))
    tallies.set(name, addTallies(tallies.get(name) ?? emptyTally, tally));
  return tallies;
}

async function lane(left: Piece[], answers: (Answer & { readonly from: number })[]): Promise<void> {
  while (left.length > 0) {
    const child = fork(process.argv[1] ?? "", ["--child"], { serialization: "advanced" });
    for (let done = 0; done < PIECES_A_PROCESS; done++) {
      const piece = left.shift();
      if (!piece) break;
      answers.push({ ...(await asked(child, piece)), from: piece.from });
    }
    child.disconnect();
  }
}

/** @throws when the process ended in the middle of a piece: a parser brought it down, or the memory was not enough */
function asked(child: ChildProcess, piece: Piece): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const ended = (status: number | null, signal: string | null): void =>
      reject(new Error(`${piece.name}, mutants ${piece.from} to ${piece.to}: the process ended (${signal ?? status}).`));
    child.once("exit", ended);
    child.once("message", (answer) => {
      child.off("exit", ended);
      resolve(answer as Answer);
    });
    child.send(piece);
  });
}

/** The other side: does the pieces that it is sent until it is let go. */
export async function runAsChild(sources: readonly FuzzSource[]): Promise<number> {
  const opened = new Map<string, FuzzTarget>();
  const run = async ({ name, plant, ...slice }: Piece): Promise<Answer> => {
    const target = opened.get(name) ?? (await sources.find((source) => source.name === name)?.open(plant));
    if (!target) throw new Error(`no target ${name}`);
    opened.set(name, target);
    const tally = await runTarget(name, target, slice);
    return { name, tally: slice.from > 0 ? tally : { ...tally, findings: [...(await checkSound(name, target)), ...tally.findings] } };
  };
  let code = 0;
  await new Promise<void>((resolve) => {
    process.on("message", (piece) => {
      void run(piece as Piece).then(
        (answer) => process.send?.(answer),
        (thrown: unknown) => {
          console.error(thrown);
          code = 1;
          resolve();
        },
      );
    });
    process.once("disconnect", resolve);
  });
  return code;
}
