/** What a method kept beside its arrays, as it comes back from a file: strangers write files too. */
import { EngineError } from "../lib/errors.ts";
import type { Allocation } from "../mixture/allocation.ts";
import type { AllocationCode } from "../mixture/deferral.ts";

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const listOf = (value: unknown, what: string): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  throw wrong(what);
};
const isWhole = (value: unknown, below: number): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) < below;
const textsOf = (value: unknown, what: string): readonly string[] => {
  const texts = listOf(value, what);
  if (texts.every((text) => typeof text === "string")) return texts;
  throw wrong(what);
};

/** The edits' numbers: ascending, from 1. */
function numberOf(value: unknown, last: number): number {
  if (isWhole(value, 2 ** 31) && value > last) return value;
  throw wrong("the edits' numbers");
}

/** Whether the mixture was imported without its edits. */
export const isImported = (facts: unknown): boolean => fieldsOf(facts)["imported"] === true;

export interface KeptPaperEdit {
  readonly edit: number;
  readonly allocation: Allocation;
  /** One a training sample; empty once forgotten: its experts stay as trained, and nobody else gets its allocation. */
  readonly codes: readonly AllocationCode[];
}

/** @param shape of the mixture: L layers, N experts, k picked @throws EngineError `bad-state` */
export function readPaperFacts(
  facts: unknown,
  shape: { readonly layers: number; readonly experts: number; readonly topK: number },
): KeptPaperEdit[] {
  let last = 0;
  return listOf(fieldsOf(facts)["edits"], "the list of edits").map((each) => {
    const own = fieldsOf(each);
    const edit = (last = numberOf(own["edit"], last));
    const allocation = listOf(own["allocation"], "an allocation") as Allocation;
    const assigned = (experts: unknown): boolean =>
      Array.isArray(experts) && experts.length === shape.topK && experts.every((expert) => isWhole(expert, shape.experts));
    if (allocation.length !== shape.layers || !allocation.every(assigned)) throw wrong("an allocation");
    const codes = listOf(own["codes"], "the codes") as readonly AllocationCode[];
    const bits = shape.layers * shape.experts;
    const isCode = (code: unknown): boolean => Array.isArray(code) && code.length === bits && code.every((bit) => bit === 0 || bit === 1);
    if (!codes.every(isCode)) throw wrong("a code");
    return { edit, allocation, codes };
  });
}

export interface KeptImprovedEdit {
  readonly edit: number;
  readonly phrasings: readonly string[];
  readonly keys: readonly { readonly name: readonly string[]; readonly radius: number }[];
  readonly replacedBy: number | null;
}

/** @throws EngineError `bad-state` */
export function readImprovedFacts(facts: unknown): { readonly written: number; readonly edits: readonly KeptImprovedEdit[] } {
  const { written, edits } = fieldsOf(facts);
  if (!isWhole(written, 2 ** 31)) throw wrong("the count of edits");
  let last = 0;
  const read = listOf(edits, "the list of edits").map((each) => {
    const own = fieldsOf(each);
    const edit = (last = numberOf(own["edit"], last));
    const { replacedBy } = own;
    if (edit > written || (replacedBy !== null && !isWhole(replacedBy, written + 1))) throw wrong("the edits' numbers");
    const keys = listOf(own["keys"], "the keys").map((key) => {
      const { name, radius } = fieldsOf(key);
      if (typeof radius !== "number" || !(radius >= 0 && radius <= 2)) throw wrong("a radius");
      return { name: textsOf(name, "a key's name"), radius };
    });
    return { edit, phrasings: textsOf(own["phrasings"], "the phrasings"), keys, replacedBy };
  });
  return { written, edits: read };
}

const wrong = (what: string): EngineError =>
  new EngineError(
    "bad-state",
    `The kept state is wrong about ${what}.`,
    "It was made by another program or was changed: export it again where it was made.",
  );
