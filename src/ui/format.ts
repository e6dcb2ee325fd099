import { numberLocale, withDecimalSign } from "../lib/locale.ts";

/** The value in the largest unit that leaves it at 1 or more, with three digits. */
function scaled(value: number, units: readonly string[]): string {
  let [rest, unit] = [value, 0];
  // From 999.5 on, three digits would round up to 1000.
  while (rest >= 999.5 && unit < units.length - 1) [rest, unit] = [rest / 1000, unit + 1];
  return `${unit === 0 ? Math.round(rest) : withDecimalSign(rest.toPrecision(3))} ${units[unit] ?? ""}`.trimEnd();
}

/** 1234567 → "1.23 MB"; decimal units, as disks and networks count. */
export function formatBytes(bytes: number): string {
  return scaled(bytes, ["B", "kB", "MB", "GB", "TB"]);
}

const LARGE_UNITS: Readonly<Record<string, readonly string[]>> = { de: ["", "Tsd.", "Mio.", "Mrd."] };

/** 7612345 → "7.61 M", 1100048384 → "1.10 B", as parameters are counted. */
export function formatLarge(count: number): string {
  return scaled(count, LARGE_UNITS[numberLocale()] ?? ["", "k", "M", "B"]);
}

export function formatCount(count: number): string {
  return count.toLocaleString(numberLocale());
}

/** A probability with as many places as tell it apart from 0 and 1. */
export function formatProbability(probability: number): string {
  if (probability > 0 && probability < 0.0005) return `< ${withDecimalSign("0.001")}`;
  return formatFixed(probability, 3);
}

/** With just so many decimals. */
export function formatFixed(value: number, decimals: number): string {
  return withDecimalSign(value.toFixed(decimals));
}

export function formatSeconds(seconds: number): string {
  return seconds < 10 ? `${formatFixed(seconds, 1)} s` : `${Math.round(seconds)} s`;
}

/** 4210 → "1 h 10 min", for times that nobody needs to the second. */
export function formatDuration(seconds: number): string {
  if (seconds < 59.5) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** ISO 8601 → "Jan 2, 2026", at the person's own place. */
export function formatDay(time: string): string {
  return new Date(time).toLocaleDateString(numberLocale(), { dateStyle: "medium" });
}

/** ms since 1970 → "2:05 PM", at the person's own place. */
export function formatTime(time: number): string {
  return new Date(time).toLocaleTimeString(numberLocale(), { timeStyle: "short" });
}

export function formatMilliseconds(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : formatSeconds(milliseconds / 1000);
}

export function formatFew(value: number): string {
  return Number.isFinite(value) ? withDecimalSign(value.toPrecision(3)) : "–";
}
