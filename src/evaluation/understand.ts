/** Where each edit lies among the others, and who may have overwritten one that was lost. Pure, on what a method keeps of its edits. */
import { hammingDistance } from "../lib/hamming.ts";
import type { MethodState } from "../methods/method.ts";
import type { Collision, EditPlace, LossTrace } from "./results.ts";

/** How many neighbours and collisions are told of each edit. */
const TOLD = 5;

/** What a method keeps of one edit: experts and a code, or a key, or all. */
export interface EditTrace {
  readonly edit: number;
  /** Assigned experts, (L, k). */
  readonly allocation: readonly (readonly number[])[] | null;
  /** Allocation code of its prompt. */
  readonly code: readonly number[] | null;
  /** Where its scope is centred. */
  readonly key: Float32Array | null;
}

export interface Traces {
  /** Index of each layer that carries experts, (L). */
  readonly layers: readonly number[];
  readonly edits: readonly EditTrace[];
}

/**
 * Reads what a method's state says of its edits: `allocation` and `codes` of each in its facts; keys in arrays named "key EDIT.0", or all
 * in one with the edits that they belong to listed by entry or cluster.
 * @returns null for methods that keep nothing of the kind
 */
export function tracesOf(settings: unknown, state: MethodState): Traces | null {
  const facts = fieldsOf(state.facts);
  const kept = new Map(listOf(facts["edits"]).map((own) => [fieldsOf(own)["edit"], fieldsOf(own)] as const));
  const keys = listedKeys(facts, state.arrays);
  const numbers = [...new Set([...kept.keys(), ...keys.keys()])].filter((edit) => typeof edit === "number");
  const edits = numbers.flatMap((edit): EditTrace[] => {
    const [allocation, [code]] = [kept.get(edit)?.["allocation"], listOf(kept.get(edit)?.["codes"])];
    const key = state.arrays[`key ${edit}.0`] ?? keys.get(edit) ?? null;
    const own = { allocation: Array.isArray(allocation) ? (allocation as number[][]) : null, code: (code as number[] | undefined) ?? null };
    return own.allocation || own.code || key ? [{ edit, ...own, key }] : [];
  });
  const layers = listOf(fieldsOf(settings)["layers"]) as number[];
  return edits.length === 0 ? null : { layers, edits };
}

/** The first key of each edit. */
function listedKeys(facts: Readonly<Record<string, unknown>>, { keys }: MethodState["arrays"]): Map<number, Float32Array> {
  const entries = [...listOf(facts["entries"]), ...listOf(facts["clusters"])].map(fieldsOf);
  const owners = entries.flatMap(({ members, points }) => [...listOf(members), ...listOf(points)] as number[]);
  const width = (keys?.length ?? 0) / owners.length;
  // From the last on, so that the first of an edit stays.
  return new Map(owners.map((edit, i) => [edit, (keys ?? new Float32Array()).slice(i * width, (i + 1) * width)] as const).toReversed());
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

/** Between which edits each lost one was lost, by its number; edits that hold are absent. */
export type Losses = ReadonlyMap<number, Pick<LossTrace, "heldAfter" | "lostAfter">>;

/** @returns the place of each edit, by its number */
export function placeEdits({ layers, edits }: Traces, losses: Losses): Map<number, EditPlace> {
  return new Map(
    edits.map((own) => {
      const others = edits.filter(({ edit }) => edit !== own.edit);
      const shared = others.map((other) => collide(layers, own, other)).filter((one) => one.shared > 0);
      const lost = losses.get(own.edit);
      const place: EditPlace = {
        allocation: own.allocation,
        code: own.code,
        neighbours: nearest(own, others),
        collisions: [...shared].sort((a, b) => b.shared - a.shared || a.edit - b.edit).slice(0, TOLD),
        loss: lost && own.allocation ? { ...lost, experts: overwriters(shared, lost) } : null,
      };
      return [own.edit, place];
    }),
  );
}

function nearest(own: EditTrace, others: readonly EditTrace[]): { edit: number; distance: number }[] {
  const distances = others.flatMap((other) => {
    if (own.code && other.code) return [{ edit: other.edit, distance: hammingDistance(own.code, other.code) }];
    return own.key && other.key ? [{ edit: other.edit, distance: cosineDistance(own.key, other.key) }] : [];
  });
  return distances.sort((a, b) => a.distance - b.distance || a.edit - b.edit).slice(0, TOLD);
}

function cosineDistance(a: Float32Array, b: Float32Array): number {
  let [product, ofA, ofB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0];
    product += x * y;
    ofA += x * x;
    ofB += y * y;
  }
  return 1 - product / Math.sqrt(ofA * ofB);
}

function collide(layers: readonly number[], own: EditTrace, other: EditTrace): Collision {
  const common = (own.allocation ?? []).flatMap((assigned, i) => {
    const experts = assigned.filter((expert) => other.allocation?.[i]?.includes(expert));
    return experts.length > 0 ? [{ layer: layers[i] ?? i, experts, of: assigned.length }] : [];
  });
  return { edit: other.edit, shared: common.reduce((total, { experts }) => total + experts.length, 0), layers: common };
}

/** The shared experts that were trained again between holding and being lost. */
function overwriters(shared: readonly Collision[], { heldAfter, lostAfter }: Pick<LossTrace, "heldAfter" | "lostAfter">) {
  const found = new Map<string, { layer: number; expert: number; edits: number[] }>();
  for (const { edit, layers } of shared.filter((one) => one.edit > heldAfter && one.edit <= lostAfter)) {
    for (const { layer, experts } of layers) {
      for (const expert of experts) {
        const key = `${layer}.${expert}`;
        const one = found.get(key) ?? { layer, expert, edits: [] };
        one.edits.push(edit);
        found.set(key, one);
      }
    }
  }
  return [...found.values()].sort((a, b) => b.edits.length - a.edits.length || a.layer - b.layer || a.expert - b.expert);
}
