/** What a run prints. */
import { addTallies, emptyTally, type Finding, type Tally } from "./runTarget.ts";
import type { Tried } from "./runHandcrafted.ts";

const columns = ["target", "mutants", "accepted", "refused", "found", "slowest", "taken", "kept"] as const;
const widths = [14, 10, 10, 10, 6, 11, 10, 10] as const;

const row = (cells: readonly string[]): string =>
  cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[i] ?? 0))).join(" ");
const whole = (count: number): string => count.toLocaleString("en");
const kibibytes = (bytes: number): string => `${whole(Math.round(bytes / 1024))} KiB`;
const foundIn = ({ findings, moreFindings }: Tally): number => findings.length + moreFindings;

export const headLine = row(columns);

function figures(name: string, tally: Tally): string {
  const { mutants, accepted, refused, slowest, allocated, retained } = tally;
  const sum = Object.values(refused).reduce((total, count) => total + count, 0);
  const counts = [mutants, accepted, sum, foundIn(tally)].map(whole);
  return row([name, ...counts, `${slowest.toFixed(1)} ms`, kibibytes(allocated), kibibytes(retained)]);
}

/** Refusals by their codes, the most frequent first. */
function codesOf({ refused }: Tally): string {
  const codes = Object.entries(refused).sort(([, a], [, b]) => b - a);
  return codes.map(([code, count]) => `${code} ${whole(count)}`).join(", ");
}

export const tallyLine = (name: string, tally: Tally): string => `${figures(name, tally)}  ${codesOf(tally)}`;

export function totalLines(tallies: readonly Tally[]): string[] {
  const all = tallies.reduce(addTallies, emptyTally);
  return [figures("all", all), `kept: the most that stays of a result, of ${whole(all.samples)} samples; taken: with the garbage`];
}

export function handcraftedLines({ count, byTarget, slowest, largest, findings }: Tried): string[] {
  const targets = [...byTarget].map(([name, own]) => `${name} ${own}`).join(", ");
  return [
    `${count} made by hand (${targets}): ${count - findings.length} refused as expected`,
    `slowest: ${slowest.name}, ${slowest.figure.toFixed(1)} ms; most memory: ${largest.name}, ${kibibytes(largest.figure)}`,
  ];
}

export const findingLines = (findings: readonly Finding[], folders: readonly string[]): string[] =>
  findings.map(({ target, index, fault, detail }, at) => `FOUND ${target} ${index}: ${fault}: ${detail.slice(0, 300)} [${folders[at]}]`);
