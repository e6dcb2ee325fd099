import { EngineError } from "../lib/errors.ts";

/** Steps that can be taken back and done again. */
export interface History<T> {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** What was before a change; what could be done again is forgotten. */
  push(before: T): void;
  /** @param now what is, to come back to @returns what was @throws EngineError `nothing-to-undo` */
  back(now: T): T;
  /** @throws EngineError `nothing-to-undo` */
  forth(now: T): T;
}

/** The most that is kept: steps, and bytes of arrays; arrays that several steps share count once. */
const [MOST_STEPS, MOST_BYTES] = [100, 2 ** 28];

/** @param arraysOf what of an entry takes room */
export function createHistory<T>(arraysOf: (entry: T) => Readonly<Record<string, Float32Array>>, mostBytes = MOST_BYTES): History<T> {
  let past: T[] = [];
  let future: T[] = [];
  const bytesOf = (entries: readonly T[]): number => {
    const shared = new Set(entries.flatMap((entry) => Object.values(arraysOf(entry))));
    return [...shared].reduce((sum, { byteLength }) => sum + byteLength, 0);
  };
  /** The oldest go first; the last step can always be taken back. */
  const trim = (): void => {
    past = past.slice(-MOST_STEPS);
    while (past.length > 1 && bytesOf(past) > mostBytes) past = past.slice(1);
  };
  const nothing = (what: string): EngineError =>
    new EngineError("nothing-to-undo", `There is nothing to ${what}.`, "Steps too far back, and those before another model, are not kept.");
  return {
    get canUndo() {
      return past.length > 0;
    },
    get canRedo() {
      return future.length > 0;
    },
    push(before) {
      past.push(before);
      future = [];
      trim();
    },
    back(now) {
      const was = past.pop();
      if (was === undefined) throw nothing("undo");
      future.push(now);
      return was;
    },
    forth(now) {
      const next = future.pop();
      if (next === undefined) throw nothing("redo");
      past.push(now);
      return next;
    },
  };
}
