import { badTokenizer, brief, stepsOf, textOf, type Fields } from "./fields.ts";
import { patternOf } from "./patterns.ts";

/** "▁" for a blank, "<dummy>" for a line: nobody needs more. */
const maxText = 32;
/** How much longer a text may become: the square of it is what a prompt can cost. */
const maxGrowth = 64;

/**
 * Normalizers as the core shall run them; it then does what the original library does. Others of its normalizers differ from the
 * original (what counts as white space, lower case at the end of a word), so they are refused.
 * @param starts false for text that goes on from other text: nothing is put before it
 * @throws EngineError `bad-tokenizer`
 */
export function readNormalizers(value: unknown, starts: boolean): readonly Fields[] {
  const steps = stepsOf("normalizer", value, "normalizers").map(readStep);
  const growth = steps.reduce((product, step) => product * growthOf(step), 1);
  if (growth > maxGrowth) throw badTokenizer(`got normalizers that make a text ${growth} times as long, expected at most ${maxGrowth}`);
  return starts ? steps : steps.filter(({ type }) => type !== "Prepend");
}

function readStep(step: Fields): Fields {
  switch (step.type) {
    case "NFC":
    case "NFD":
    case "NFKC":
    case "NFKD":
      return { type: step.type };
    case "Prepend":
      return { type: "Prepend", prepend: textOf(step, "prepend", maxText) };
    case "Replace": {
      const { content } = step;
      if (typeof content !== "string" || content.length > maxText)
        throw badTokenizer(`got content ${brief(content)} in ${brief(step)}, expected a text of at most ${maxText} characters`);
      // The core hands it to replaceAll, where a dollar sign has a meaning.
      return { type: "Replace", pattern: patternOf(step.pattern), content: content.replaceAll("$", "$$$$") };
    }
    default:
      throw badTokenizer(`got the normalizer ${brief(step)}, expected NFC, NFD, NFKC, NFKD, Prepend, Replace, or a Sequence of these`);
  }
}

function growthOf({ type, pattern, content }: Fields): number {
  if (type !== "Replace" || typeof content !== "string") return 1;
  const replaced = (pattern as { String?: string }).String?.length ?? 1;
  return Math.max(1, content.length / replaced);
}
