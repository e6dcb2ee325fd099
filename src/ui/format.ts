const LANGUAGE = "en";

/** 1234567 → "1.23 MB"; decimal units, as disks and networks count. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toPrecision(3)} ${units[unit] ?? ""}`;
}

/** 7612345 → "7.61 M". */
export function formatLarge(count: number): string {
  if (count < 1e3) return String(count);
  if (count < 1e6) return `${(count / 1e3).toPrecision(3)} k`;
  return count < 1e9 ? `${(count / 1e6).toPrecision(3)} M` : `${(count / 1e9).toPrecision(3)} G`;
}

export function formatCount(count: number): string {
  return count.toLocaleString(LANGUAGE);
}

/** A probability with as many places as tell it apart from 0 and 1. */
export function formatProbability(probability: number): string {
  if (probability > 0 && probability < 0.0005) return "< 0.001";
  return probability.toFixed(3);
}

export function formatSeconds(seconds: number): string {
  return seconds < 10 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`;
}

export function formatMilliseconds(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : formatSeconds(milliseconds / 1000);
}

export function formatFew(value: number): string {
  return Number.isFinite(value) ? value.toPrecision(3) : "–";
}
