/** Structural changes between plain JSON values. */
import { badProject } from "./files.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Key = string | number;
type Path = readonly Key[];
/** One step: `set` a value at a path (at [] the whole), `cut` a key out of an object, set the `length` of a list that gets shorter. */
export type Step = readonly ["set", Path, Json] | readonly ["cut", Path] | readonly ["length", Path, number];
export type Patch = readonly Step[];

/** Nested deeper than this, a value is refused rather than the stack. */
const MAX_DEPTH = 64;

/**
 * What makes `after` of `before`. Values that are the same object are not looked into, so that a long document costs what changed of it;
 * absent and undefined are the same. Both must not be changed in place afterwards.
 * @throws EngineError `bad-project` for what JSON cannot hold: numbers that are not finite, `__proto__`, functions, too deep
 */
export function diff(before: unknown, after: unknown): Patch {
  const steps: Step[] = [];
  compare(before, after, [], steps);
  return steps;
}

function compare(before: unknown, after: unknown, path: Path, steps: Step[]): void {
  if (before === after) return;
  if (Array.isArray(before) && Array.isArray(after)) return compareLists(before, after, path, steps);
  if (isObject(before) && isObject(after)) return compareObjects(before, after, path, steps);
  steps.push(["set", path, plain(after, path)]);
}

function compareLists(before: readonly unknown[], after: readonly unknown[], path: Path, steps: Step[]): void {
  if (after.length < before.length) steps.push(["length", path, after.length]);
  for (const [at, value] of after.entries()) {
    if (at < before.length) compare(before[at], value, [...path, at], steps);
    else steps.push(["set", [...path, at], plain(value, [...path, at])]);
  }
}

type Fields = Readonly<Record<string, unknown>>;

function compareObjects(before: Fields, after: Fields, path: Path, steps: Step[]): void {
  for (const key of Object.keys(before)) {
    if (before[key] !== undefined && !(Object.hasOwn(after, key) && after[key] !== undefined)) steps.push(["cut", [...path, key]]);
  }
  for (const [key, value] of Object.entries(after)) {
    if (value === undefined) continue;
    const own = [...path, key];
    if (Object.hasOwn(before, key) && before[key] !== undefined) compare(before[key], value, own, steps);
    else steps.push(["set", own, plain(value, own)]);
  }
}

const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

/** The value as JSON gives it back. */
function plain(value: unknown, path: Path): Json {
  if (path.length > MAX_DEPTH) throw badProject(`Got a value nested deeper than ${MAX_DEPTH} at ${shown(path)}.`);
  if (path.at(-1) === "__proto__") throw badProject(`Got the key __proto__ at ${shown(path)}, which no project has.`);
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  // -0 becomes 0, as JSON writes it.
  if (typeof value === "number" && Number.isFinite(value)) return value + 0;
  if (Array.isArray(value)) return value.map((each, at) => plain(each, [...path, at]));
  if (!isObject(value)) throw badProject(`Got a ${typeof value} at ${shown(path)}, expected what JSON can hold.`);
  const fields = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(fields.map(([key, each]) => [key, plain(each, [...path, key])]));
}

const shown = (path: Path): string => JSON.stringify(path.slice(0, 8));

/**
 * The value after a patch; what did not change is shared with `before`, which stays as it is.
 * @param patch as it was read: of any shape
 * @throws EngineError `bad-project` for a patch that does not fit
 */
export function apply(before: Json, patch: unknown): Json {
  if (!Array.isArray(patch)) throw badProject("Got a change that is no list.");
  return patch.reduce<Json>((value, step) => {
    if (!Array.isArray(step) || !isPath(step[1])) throw misfit(step);
    return applyStep(value, step, step[1], 0);
  }, before);
}

const isPath = (path: unknown): path is Path =>
  Array.isArray(path) &&
  path.length <= MAX_DEPTH &&
  path.every((key) => (typeof key === "string" && key !== "__proto__") || (Number.isSafeInteger(key) && (key as number) >= 0));

function applyStep(value: Json, step: readonly unknown[], path: Path, depth: number): Json {
  const [kind, , given] = step;
  const key = path[depth];
  if (key === undefined) {
    // As strict as when it is written: what is read can be kept again.
    if (kind === "set" && given !== undefined) return plain(given, path);
    if (
      kind === "length" &&
      Array.isArray(value) &&
      Number.isSafeInteger(given) &&
      (given as number) >= 0 &&
      (given as number) <= value.length
    )
      return value.slice(0, given as number);
    throw misfit(step);
  }
  const isLast = depth === path.length - 1;
  if (Array.isArray(value) && typeof key === "number") {
    // A list grows by one at a time, so that no index makes it long.
    if (key > value.length || (isLast && kind === "cut") || (key === value.length && !(isLast && kind === "set"))) throw misfit(step);
    const list = [...(value as readonly Json[])];
    list[key] = applyStep(list[key] ?? null, step, path, depth + 1);
    return list;
  }
  if (!isObject(value) || typeof key !== "string") throw misfit(step);
  const fields: Record<string, Json> = { ...(value as Record<string, Json>) };
  const has = Object.hasOwn(fields, key);
  if (!has && !(isLast && kind === "set")) throw misfit(step);
  if (isLast && kind === "cut") delete fields[key];
  else fields[key] = applyStep(fields[key] ?? null, step, path, depth + 1);
  return fields;
}

/** Without the value, which may be nested deeper than can be written. */
function misfit(step: unknown): Error {
  const [kind, path] = Array.isArray(step) ? (step as readonly unknown[]) : [];
  const where = isPath(path) ? shown(path).slice(0, 80) : "no place";
  return badProject(
    `Got a change that does not fit the project: ${typeof kind === "string" ? kind.slice(0, 20) : typeof kind} at ${where}.`,
  );
}
