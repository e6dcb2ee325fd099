/** What a number field accepts; the bounds are inclusive. */
export interface NumberLimits {
  readonly min: number;
  readonly max: number;
  readonly integer: boolean;
}

export type NumberIssue =
  | { readonly kind: "not-a-number" }
  | { readonly kind: "not-an-integer" }
  | { readonly kind: "too-small"; readonly limit: number }
  | { readonly kind: "too-large"; readonly limit: number };

export type NumberReading = { readonly value: number } | { readonly issue: NumberIssue };

/** Reads typed text as a number within limits; a decimal comma is taken as a point. */
export function readNumber(text: string, limits: NumberLimits): NumberReading {
  const trimmed = text.trim().replace(",", ".");
  const value = trimmed === "" ? Number.NaN : Number(trimmed);
  if (!Number.isFinite(value)) return { issue: { kind: "not-a-number" } };
  if (limits.integer && !Number.isInteger(value)) return { issue: { kind: "not-an-integer" } };
  if (value < limits.min) return { issue: { kind: "too-small", limit: limits.min } };
  if (value > limits.max) return { issue: { kind: "too-large", limit: limits.max } };
  return { value };
}
