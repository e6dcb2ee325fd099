/** Inputs made by hand: each has to be refused with its own code, in time, and for little memory. */
import { handcrafted } from "./handcrafted/all.ts";
import type { Handcrafted } from "./handcrafted/handcrafted.ts";
import { judge } from "./judge.ts";
import type { Finding } from "./runTarget.ts";
import type { FuzzSource, FuzzTarget } from "./target.ts";

export interface Figure {
  readonly name: string;
  readonly figure: number;
}

export interface Tried {
  readonly count: number;
  readonly byTarget: ReadonlyMap<string, number>;
  readonly findings: readonly Finding[];
  /** Milliseconds by the clock. */
  readonly slowest: Figure;
  /** Bytes of heap and buffers while it was read. */
  readonly largest: Figure;
}

export async function runHandcrafted(sources: readonly FuzzSource[], inputs: readonly Handcrafted[] = handcrafted): Promise<Tried> {
  const targets = new Map<string, FuzzTarget>();
  for (const { name, open } of sources) if (inputs.some(({ target }) => target === name)) targets.set(name, await open());
  const findings: Finding[] = [];
  const byTarget = new Map<string, number>();
  let [slowest, largest]: [Figure, Figure] = [
    { name: "none", figure: 0 },
    { name: "none", figure: 0 },
  ];
  for (const each of inputs) {
    const target = targets.get(each.target);
    if (!target) throw new Error(`${each.name}: got the target ${each.target}, which there is none of`);
    byTarget.set(each.target, (byTarget.get(each.target) ?? 0) + 1);
    const { finding, milliseconds, allocated } = await tried(target, each);
    if (finding) findings.push(finding);
    if (milliseconds > slowest.figure) slowest = { name: each.name, figure: milliseconds };
    if (allocated > largest.figure) largest = { name: each.name, figure: allocated };
  }
  return { count: inputs.length, byTarget, findings, slowest, largest };
}

async function tried(target: FuzzTarget, { target: name, name: what, code, says, input: make }: Handcrafted) {
  const input = make();
  const verdict = await judge(target, input);
  const { milliseconds, allocated, fault, detail } = verdict;
  const found = (kind: Finding["fault"], why: string): Finding => ({
    target: name,
    index: -2,
    fault: kind,
    detail: `${what}: ${why}`,
    input,
  });
  if (fault !== undefined) return { finding: found(fault, detail), milliseconds, allocated };
  if (verdict.code !== code || says?.test(verdict.message) === false) {
    const got = `got ${verdict.code ?? "accepted"} (${verdict.message.slice(0, 160)}), expected ${code} ${says === undefined ? "" : String(says)}`;
    return { finding: found("other refusal than expected", got), milliseconds, allocated };
  }
  return { finding: undefined, milliseconds, allocated };
}
