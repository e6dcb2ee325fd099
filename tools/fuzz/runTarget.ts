/** Mutants of one target, judged one after another, and what came of them in figures. */
import type { ErrorCode } from "../../src/lib/errors.ts";
import { drawsOf } from "./draw.ts";
import { judge, retainedBy, type Fault } from "./judge.ts";
import { minimised } from "./minimise.ts";
import { sizeOf, type FuzzTarget, type Input } from "./target.ts";

export interface Finding {
  readonly target: string;
  /** Of the mutant, -1 for a sound input, -2 for one made by hand. */
  readonly index: number;
  readonly fault: Fault | "refused though sound" | "other refusal than expected";
  readonly detail: string;
  /** As small as it still has the fault. */
  readonly input: Input;
}

export interface Slice {
  readonly seed: number;
  /** Indices of the mutants. */
  readonly from: number;
  readonly to: number;
}

export interface Tally {
  readonly mutants: number;
  readonly accepted: number;
  readonly refused: Readonly<Partial<Record<ErrorCode, number>>>;
  readonly findings: readonly Finding[];
  /** Beyond those kept. */
  readonly moreFindings: number;
  /** By the clock. */
  readonly slowest: number;
  /** Of one mutant: heap and buffers taken, garbage included, bytes. */
  readonly allocated: number;
  /** The most that stayed of a result, sampled, bytes; and of how many samples. */
  readonly retained: number;
  readonly samples: number;
}

export const emptyTally: Tally = {
  mutants: 0,
  accepted: 0,
  refused: {},
  findings: [],
  moreFindings: 0,
  slowest: 0,
  allocated: 0,
  retained: 0,
  samples: 0,
};

const KEPT_FINDINGS = 5;
const SAMPLE_EVERY = 1000;
/** What may stay besides four times the input: tables that are made once. */
const FREE_RETAINED = 2 ** 20;

/** Sound inputs that are refused, or accepted and wrong: then the target itself is broken. */
export async function checkSound(name: string, target: FuzzTarget): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const input of target.sound) {
    const { code, message, fault, detail } = await judge(target, input);
    if (fault !== undefined) findings.push({ target: name, index: -1, fault, detail, input });
    else if (code !== undefined)
      findings.push({ target: name, index: -1, fault: "refused though sound", detail: `${code}: ${message}`, input });
  }
  return findings;
}

export async function runTarget(name: string, target: FuzzTarget, { seed, from, to }: Slice): Promise<Tally> {
  const drawOf = drawsOf(seed, name);
  const refused: Partial<Record<ErrorCode, number>> = {};
  const findings: Finding[] = [];
  const seen = new Set<string>();
  let [accepted, moreFindings, slowest, allocated, retained, samples] = [0, 0, 0, 0, 0, 0];
  const report = async (index: number, input: Input, fault: Fault, detail: string): Promise<void> => {
    const kind = `${fault} ${detail.replaceAll(/\d+/g, "0").slice(0, 60)}`;
    if (seen.has(kind) || findings.length >= KEPT_FINDINGS) return void moreFindings++;
    seen.add(kind);
    findings.push({ target: name, index, fault, detail, input: await minimised(target, input, fault) });
  };
  for (let index = from; index < to; index++) {
    const input = await target.mutate(drawOf(index));
    const verdict = await judge(target, input);
    slowest = Math.max(slowest, verdict.milliseconds);
    allocated = Math.max(allocated, verdict.allocated);
    if (verdict.code !== undefined) refused[verdict.code] = (refused[verdict.code] ?? 0) + 1;
    else if (verdict.fault === undefined) accepted++;
    if (verdict.fault !== undefined) await report(index, input, verdict.fault, verdict.detail);
    if (index % SAMPLE_EVERY !== 0) continue;
    samples++;
    const stays = await retainedBy(target, input);
    retained = Math.max(retained, stays);
    if (stays > 4 * sizeOf(input) + FREE_RETAINED) await report(index, input, "too much memory", `${stays} bytes stay of ${sizeOf(input)}`);
  }
  return { mutants: to - from, accepted, refused, findings, moreFindings, slowest, allocated, retained, samples };
}

/** Two parts of a run as one. */
export function addTallies(a: Tally, b: Tally): Tally {
  const refused = { ...a.refused };
  for (const [code, count] of Object.entries(b.refused) as [ErrorCode, number][]) refused[code] = (refused[code] ?? 0) + count;
  const findings = [...a.findings, ...b.findings];
  return {
    mutants: a.mutants + b.mutants,
    accepted: a.accepted + b.accepted,
    refused,
    findings: findings.slice(0, KEPT_FINDINGS),
    moreFindings: a.moreFindings + b.moreFindings + Math.max(0, findings.length - KEPT_FINDINGS),
    slowest: Math.max(a.slowest, b.slowest),
    allocated: Math.max(a.allocated, b.allocated),
    retained: Math.max(a.retained, b.retained),
    samples: a.samples + b.samples,
  };
}
