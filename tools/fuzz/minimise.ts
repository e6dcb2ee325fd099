/** Makes an input with a fault as small as it still has it: by leaving out ever smaller parts of it. */
import { judge, type Fault } from "./judge.ts";
import type { FuzzTarget, Input } from "./target.ts";

const MOST_TRIES = 600;
/** Faults of time and memory are of the size itself. */
const ofSize: readonly Fault[] = ["too slow", "too much memory"];

export async function minimised(target: FuzzTarget, input: Input, fault: Fault): Promise<Input> {
  if (ofSize.includes(fault)) return input;
  const search = { smallest: input, triesLeft: MOST_TRIES };
  const without = async (name: string, at: number, part: number): Promise<boolean> => {
    const bytes = search.smallest.get(name) ?? new Uint8Array();
    const candidate = new Map([...search.smallest, [name, new Uint8Array([...bytes.subarray(0, at), ...bytes.subarray(at + part)])]]);
    search.triesLeft--;
    if ((await judge(target, candidate)).fault !== fault) return false;
    search.smallest = candidate;
    return true;
  };
  for (const [name, { length }] of input) {
    for (let part = Math.ceil(length / 2); part >= 1 && search.triesLeft > 0; part = Math.floor(part / 2)) {
      let at = 0;
      while (at < (search.smallest.get(name)?.length ?? 0) && search.triesLeft > 0) at += (await without(name, at, part)) ? 0 : part;
    }
  }
  return search.smallest;
}
