import { badTokenizer, booleanOf, brief, stepsOf, type Fields } from "./fields.ts";
import { gpt2Pattern, patternOf } from "./patterns.ts";

const isolate = (Regex: string): Fields => ({ type: "Split", pattern: { Regex }, behavior: "Isolated", invert: false });

/**
 * Pre-tokenizers as the core shall run them. The core's own ByteLevel, Digits and Metaspace part from the original library (white space
 * and digits are JavaScript's, `split` is left out), so each is put in terms of Split, where it is exact.
 * @param starts false for text that goes on from other text: no blank is put before it
 * @throws EngineError `bad-tokenizer`
 */
export function readPreTokenizers(value: unknown, starts: boolean): readonly Fields[] {
  return stepsOf("pre_tokenizer", value, "pretokenizers").flatMap((step, index) => {
    switch (step.type) {
      case "ByteLevel":
        return byteLevel(step, starts);
      case "Digits":
        return [isolate(booleanOf(step, "individual_digits", false) ? "\\p{N}" : "\\p{N}+")];
      case "Split":
        return [split(step)];
      case "Metaspace":
        return metaspace(step, starts, index);
      default:
        throw badTokenizer(`got the pre_tokenizer ${brief(step)}, expected ByteLevel, Digits, Split, Metaspace, or a Sequence of these`);
    }
  });
}

function byteLevel(step: Fields, starts: boolean): Fields[] {
  const prefixed = booleanOf(step, "add_prefix_space", false) && starts;
  return [
    ...(prefixed ? [{ type: "Replace", pattern: { Regex: "\\A[^ ][\\s\\S]*" }, content: " $&" }] : []),
    ...(booleanOf(step, "use_regex", true) ? [isolate(gpt2Pattern)] : []),
    { type: "ByteLevel", add_prefix_space: false, use_regex: false, trim_offsets: false },
  ];
}

function split(step: Fields): Fields {
  const pattern = patternOf(step.pattern);
  const invert = booleanOf(step, "invert", false);
  // What matches and what does not are both kept, so it does not matter which is which.
  if (step.behavior === "Isolated") return { type: "Split", pattern, behavior: "Isolated", invert: false };
  if (step.behavior === "Removed" && invert) return { type: "Split", pattern, behavior: "Removed", invert };
  throw badTokenizer(
    `got a Split that is ${brief(step.behavior)} with invert ${invert}, expected "Isolated", or "Removed" with invert true`,
  );
}

export type PrependScheme = "always" | "first" | "never";

/** Older files say add_prefix_space instead of prepend_scheme. Shared by pre-tokenizer and decoder. */
export function metaspaceOf(step: Fields): { readonly replacement: string; readonly scheme: PrependScheme } {
  const { replacement = "\u2581", prepend_scheme: scheme = "always" } = step;
  if (typeof replacement !== "string" || [...replacement].length !== 1)
    throw badTokenizer(`got the replacement ${brief(replacement)}, expected one character that stands for a blank`);
  if (scheme !== "always" && scheme !== "first" && scheme !== "never")
    throw badTokenizer(`got prepend_scheme ${brief(scheme)}, expected "always", "first" or "never"`);
  return { replacement, scheme: booleanOf(step, "add_prefix_space", true) ? scheme : "never" };
}

function metaspace(step: Fields, starts: boolean, index: number): Fields[] {
  const { replacement, scheme } = metaspaceOf(step);
  if (scheme === "first" && index > 0)
    throw badTokenizer(`got a Metaspace with prepend_scheme "first" behind another pre_tokenizer, expected it in front`);
  const sign = `\\x{${replacement.codePointAt(0)?.toString(16)}}`;
  return [
    { type: "Metaspace", replacement, prepend_scheme: starts ? scheme : "never" },
    ...(booleanOf(step, "split", true) ? [isolate(`${sign}[^${sign}]*|[^${sign}]+`)] : []),
  ];
}
