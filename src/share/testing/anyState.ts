import type { Prng } from "../../lib/prng.ts";
import { controlIds, lessonIds, regionIds } from "../../store/controls.ts";
import { sharedMethods } from "../linkState.ts";
import type { LinkState, SharedEdit } from "../linkState.ts";

export const plainState: LinkState = {
  model: { kind: "built-in", variant: "int8" },
  method: "paper",
  settings: {},
  seed: 1,
  edits: [],
  prompt: "The capital of France is",
  decoding: {},
  view: null,
  lesson: null,
  hidden: [],
  locked: [],
  expected: null,
};

/** Where code units are drawn from: letters, controls and quotes, combining marks, right-to-left, emoji, lone surrogates, the ends of the planes. */
const ranges = [
  [0x20, 0x7e],
  [0x00, 0x2f],
  [0x0300, 0x036f],
  [0x0590, 0x06ff],
  [0x4e00, 0x9fff],
  [0x1f300, 0x1faff],
  [0xd800, 0xdfff],
  [0xfff0, 0x10010],
  [0x10fff0, 0x10ffff],
] as const;

function anyText(prng: Prng, most: number): string {
  return Array.from({ length: 1 + prng.below(most) }, () => {
    const [from, to] = ranges[prng.below(ranges.length)] ?? [65, 90];
    return String.fromCodePoint(from + prng.below(to - from + 1));
  }).join("");
}

const one = <T>(prng: Prng, table: readonly T[]): T => table[prng.below(table.length)] as T;
const some = <T>(prng: Prng, table: readonly T[]): T[] => table.filter(() => prng.below(4) === 0);
const maybe = <T>(prng: Prng, value: T): T | null => (prng.below(2) === 0 ? value : null);

function anyEdit(prng: Prng): SharedEdit {
  const rephrasings = Array.from({ length: prng.below(4) }, () => anyText(prng, 30));
  const edit = { prompt: anyText(prng, 30), answer: anyText(prng, 8), rephrasings };
  const named = prng.below(2) === 0 ? edit : { ...edit, subject: anyText(prng, 8) };
  return prng.below(3) > 0 ? named : { ...named, off: true, strength: 4 * prng.next() };
}

/** A state that a link can hold, drawn from all that it may be. */
export function anyState(prng: Prng): LinkState {
  const method = one(prng, sharedMethods);
  const settings =
    method === "paper" ? { layers: [1, 5], hammingThreshold: prng.below(100), learningRate: prng.next() } : { threshold: prng.next() };
  const hub = { kind: "hub", id: "owner/some.name-1", revision: "a1b2c3", precision: one(prng, ["stored", 8, 4] as const) } as const;
  return {
    model: prng.below(2) === 0 ? hub : { kind: "built-in", variant: one(prng, ["int8", "int4"] as const) },
    method,
    settings: prng.below(2) === 0 ? settings : {},
    seed: prng.below(2 ** 32),
    edits: Array.from({ length: prng.below(5) }, () => anyEdit(prng)),
    prompt: prng.below(4) === 0 ? "" : anyText(prng, 40),
    decoding: prng.below(2) === 0 ? {} : { decoding: "sampled", temperature: 0.01 + prng.next(), seed: 2 + prng.below(1000) },
    view: maybe(prng, one(prng, regionIds)),
    lesson: maybe(prng, { id: one(prng, lessonIds), step: prng.below(10) }),
    hidden: some(prng, controlIds),
    locked: some(prng, controlIds),
    expected: maybe(prng, { codes: prng.below(2 ** 32), answers: prng.below(2 ** 32) }),
  };
}
