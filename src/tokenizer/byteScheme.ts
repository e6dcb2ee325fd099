import { badTokenizer, brief, isObject, stepsOf, type Fields } from "./fields.ts";
import { metaspaceOf } from "./preTokenizers.ts";

/** How token texts become bytes. */
export type ByteScheme =
  /** Each character of a token stands for one byte (GPT-2, Llama 3). */
  | { readonly kind: "byte-level" }
  /** `space` stands for a blank; decoding drops `leadingSpaces` blanks at the start of a text (Llama 2). */
  | {
      readonly kind: "metaspace";
      readonly space: string;
      readonly leadingSpaces: number;
      /** `<0xNN>` is a byte. */
      readonly byteTokens: boolean;
    };

/** Llama 2 drops one. */
const maxStrip = 8;

/**
 * The decoder chains in use by GPT-2 and Llama models; any other would decode wrongly, so it is refused.
 * @throws EngineError `bad-tokenizer`
 */
export function readScheme(decoder: unknown): ByteScheme {
  const steps = stepsOf("decoder", decoder, "decoders");
  for (const step of steps) checkStep(step);
  if (steps.some(({ type }) => type === "ByteLevel")) return { kind: "byte-level" };
  const signs = steps.filter(({ type }) => type === "Metaspace" || type === "Replace");
  const [sign] = signs;
  if (!sign || signs.length > 1) throw badTokenizer(`got the decoder ${brief(decoder)}, expected one that says how blanks are written`);
  const { replacement, scheme } = sign.type === "Metaspace" ? metaspaceOf(sign) : { replacement: replacedText(sign), scheme: "never" };
  const stripped = steps.reduce((most, { type, start }) => (type === "Strip" ? Math.max(most, Number(start)) : most), 0);
  return {
    kind: "metaspace",
    space: replacement,
    leadingSpaces: Math.max(stripped, scheme === "never" ? 0 : 1),
    byteTokens: steps.some(({ type }) => type === "ByteFallback"),
  };
}

function checkStep(step: Fields): void {
  switch (step.type) {
    case "ByteLevel":
    case "Metaspace":
    case "ByteFallback":
    case "Fuse":
      return;
    case "Replace":
      if (step.content !== " ") throw badTokenizer(`got the decoder ${brief(step)}, expected one that puts blanks`);
      return;
    case "Strip": {
      const { content, start, stop } = step;
      // Blanks at the end cannot be dropped from a text that is given out as it comes.
      const fits = content === " " && stop === 0 && Number.isInteger(start) && Number(start) >= 0 && Number(start) <= maxStrip;
      if (!fits) throw badTokenizer(`got the decoder ${brief(step)}, expected one that drops 0 to ${maxStrip} blanks at the start`);
      return;
    }
    default:
      throw badTokenizer(`got the decoder ${brief(step)}, expected ByteLevel, Metaspace, or Replace with ByteFallback, Fuse and Strip`);
  }
}

function replacedText({ pattern }: Fields): string {
  const text = isObject(pattern) ? pattern.String : undefined;
  if (typeof text === "string" && text !== "") return text;
  throw badTokenizer(`got ${brief(pattern)} as the sign for a blank, expected a String`);
}
