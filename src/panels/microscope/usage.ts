import type { EditFacts } from "../../engine/protocol.ts";
import type { RoutingFrame } from "../../store/routingFrames.ts";

/** How often one layer's experts are picked. */
export interface LayerUsage {
  readonly layer: number;
  /** Share of tokens or edits that pick each expert, (N). */
  readonly shares: readonly number[];
  /** What each would have if all were picked alike: k / N. */
  readonly expected: number;
}

export interface Usage {
  readonly layers: readonly LayerUsage[];
  /** Tokens or edits counted. */
  readonly of: number;
}

/** Of the tokens of a text, generated ones included. */
export function tokenUsage({ pieces, layers, experts, picked }: RoutingFrame): Usage {
  const tokens = pieces.length;
  const counted = layers.map((layer, group) => {
    const counts = new Array<number>(experts).fill(0);
    for (let token = 0; token < tokens; token++)
      for (let expert = 0; expert < experts; expert++)
        counts[expert] = (counts[expert] ?? 0) + (picked[(token * layers.length + group) * experts + expert] ?? 0);
    return usageOf(layer, counts, tokens);
  });
  return { layers: counted, of: tokens };
}

/** Of the edits, by the experts that each was assigned. Edits with experts of their own are not counted. */
export function assignedUsage(edits: readonly EditFacts[], layers: readonly number[], experts: number): Usage {
  const assigned = edits.flatMap(({ allocation }) => (allocation ? [allocation] : []));
  const counted = layers.map((layer, group) => {
    const counts = new Array<number>(experts).fill(0);
    for (const allocation of assigned) for (const expert of allocation[group] ?? []) counts[expert] = (counts[expert] ?? 0) + 1;
    return usageOf(layer, counts, assigned.length);
  });
  return { layers: counted, of: assigned.length };
}

/** Of the edits, by what the routers picked after training: an expert counts for each stored code, by its share of the edit's codes. */
export function storedUsage(edits: readonly EditFacts[], layers: readonly number[], experts: number): Usage {
  const coded = edits.filter(({ codes }) => codes.length > 0);
  const counted = layers.map((layer, group) => {
    const counts = new Array<number>(experts).fill(0);
    for (const { codes } of coded)
      for (const code of codes)
        for (let expert = 0; expert < experts; expert++)
          counts[expert] = (counts[expert] ?? 0) + (code[group * experts + expert] ?? 0) / codes.length;
    return usageOf(layer, counts, coded.length);
  });
  return { layers: counted, of: coded.length };
}

function usageOf(layer: number, counts: readonly number[], of: number): LayerUsage {
  const picks = counts.reduce((sum, count) => sum + count, 0);
  const shares = counts.map((count) => (of === 0 ? 0 : count / of));
  return { layer, shares, expected: of === 0 ? 0 : picks / of / Math.max(1, counts.length) };
}

export type Standing = "idle" | "overused" | "usual";

/** Overused: more often than two standard errors above what all experts alike would have. Idle: never, where that says something. */
export function standingOf(share: number, expected: number, of: number): Standing {
  const error = Math.sqrt((expected * (1 - expected)) / Math.max(1, of));
  if (share === 0 && expected > 2 * error) return "idle";
  return share > expected + 2 * error && of > 1 ? "overused" : "usual";
}
