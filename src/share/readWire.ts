import { badLink } from "./linkErrors.ts";

/** Plain JSON as it comes out of a link, before anything is known of it. */
export type Wire = unknown;

export function readList(value: Wire, what: string, least: number, most: number): readonly Wire[] {
  if (!Array.isArray(value)) throw badLink(`got no list for ${what}.`);
  if (value.length < least || value.length > most) throw badLink(`got ${value.length} entries for ${what}, expected ${least} to ${most}.`);
  return value as readonly Wire[];
}

export function readText(value: Wire, what: string, most: number, least = 0): string {
  if (typeof value !== "string") throw badLink(`got no text for ${what}.`);
  if (value.length < least || value.length > most)
    throw badLink(`got ${value.length} characters for ${what}, expected ${least} to ${most}.`);
  return value;
}

export function readNumber(value: Wire, what: string, least: number, most: number): number {
  if (typeof value !== "number" || !(value >= least && value <= most))
    throw badLink(`got ${typeof value === "number" ? value : typeof value} for ${what}, expected a number from ${least} to ${most}.`);
  return value;
}

export function readWhole(value: Wire, what: string, least: number, most: number): number {
  const number = readNumber(value, what, least, most);
  if (!Number.isInteger(number)) throw badLink(`got ${number} for ${what}, expected a whole number.`);
  return number;
}

export function readRecord(value: Wire, what: string, known: readonly string[]): Readonly<Record<string, Wire>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw badLink(`got no fields for ${what}.`);
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) throw badLink(`got a field "${unknown.slice(0, 8)}" in ${what} that is not known here.`);
  return value as Readonly<Record<string, Wire>>;
}

/** One of a table, by its place. */
export function readPlace<T>(value: Wire, what: string, table: readonly T[]): T {
  return table[readWhole(value, what, 0, table.length - 1)] as T;
}

/** Several of a table, by their places, ascending. */
export function readPlaces<T>(value: Wire, what: string, table: readonly T[]): readonly T[] {
  const places = readList(value, what, 1, table.length).map((place) => readWhole(place, what, 0, table.length - 1));
  if (places.some((place, i) => i > 0 && place <= (places[i - 1] ?? 0))) throw badLink(`${what} are not in order.`);
  return places.map((place) => table[place] as T);
}
