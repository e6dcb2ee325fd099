import type { EditFacts } from "../engine/protocol.ts";
import type { Comparison, LinkSlice } from "../store/linkSlice.ts";
import { crc32 } from "./bytes.ts";
import type { Expected } from "./linkState.ts";

type Outcome = Pick<EditFacts, "codes" | "answerAfter">;

const checksum = (value: unknown): number => crc32(new TextEncoder().encode(JSON.stringify(value)));

/** Checksums of the edits' stored codes, bit by bit, and of what each answered right after its training; null without edits. */
export function expectedOf(edits: readonly Outcome[]): Expected | null {
  if (edits.length === 0) return null;
  const codes = checksum(edits.map((edit) => edit.codes.map((code) => code.join(""))));
  return { codes, answers: checksum(edits.map(({ answerAfter }) => answerAfter)) };
}

/** @param expected what the link says that came out for the sender */
export function compareOutcome(edits: readonly Outcome[], expected: Expected | null): NonNullable<LinkSlice["outcome"]> {
  const got = expectedOf(edits);
  const compare = (part: keyof Expected): Comparison =>
    got === null || expected === null ? "unknown" : got[part] === expected[part] ? "same" : "different";
  // Without routers there are no codes to compare.
  const coded = edits.some(({ codes }) => codes.length > 0);
  return { codes: coded ? compare("codes") : "unknown", answers: compare("answers") };
}
