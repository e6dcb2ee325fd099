/** Checks of values that came from outside against the shape they should have. */

/** Throws what `refuse` makes of the first place that is not as expected. */
export type Shape = (value: unknown, place: string, refuse: Refuse) => void;
/** @param place e.g. "edit.curve[3].lmLoss" */
export type Refuse = (place: string, got: string, expected: string) => never;

const leaf =
  (expected: string, holds: (value: unknown) => boolean): Shape =>
  (value, place, refuse) => {
    if (!holds(value)) refuse(place, shown(value), expected);
  };

export const text = leaf("a text", (value) => typeof value === "string");
export const flag = leaf("true or false", (value) => typeof value === "boolean");
export const finite = leaf("a finite number", Number.isFinite);
export const count = leaf("a whole number from 0", (value) => Number.isSafeInteger(value) && Number(value) >= 0);
export const share = leaf("a number from 0 to 1", (value) => typeof value === "number" && value >= 0 && value <= 1);
export const bit = leaf("0 or 1", (value) => value === 0 || value === 1);
export const oneOf = (...allowed: readonly string[]): Shape =>
  leaf(`one of ${allowed.map((each) => JSON.stringify(each)).join(", ")}`, (value) => allowed.includes(value as string));

export const orNull =
  (shape: Shape): Shape =>
  (value, place, refuse) => {
    if (value !== null) shape(value, place, refuse);
  };

export const orAbsent =
  (shape: Shape): Shape =>
  (value, place, refuse) => {
    if (value !== undefined) shape(value, place, refuse);
  };

export const list =
  (shape: Shape, least = 0): Shape =>
  (value, place, refuse) => {
    if (!Array.isArray(value)) return refuse(place, shown(value), "a list");
    if (value.length < least) refuse(place, `a list of ${value.length}`, `one of at least ${least}`);
    value.forEach((each, at) => shape(each, `${place}[${at}]`, refuse));
  };

/** Fields that are not named are left alone. */
export const fields =
  (shapes: Readonly<Record<string, Shape>>): Shape =>
  (value, place, refuse) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return refuse(place, shown(value), "an object");
    for (const [name, shape] of Object.entries(shapes)) shape((value as Record<string, unknown>)[name], `${place}.${name}`, refuse);
  };

const MOST_SHOWN = 40;

/** A value as an error tells it. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  const written = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? typeof value);
  return written.length > MOST_SHOWN ? `${written.slice(0, MOST_SHOWN)}…` : written;
}
