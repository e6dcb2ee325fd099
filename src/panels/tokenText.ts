/** Tokens as they are drawn: what has no ink of its own gets a sign. */

export interface TokenPart {
  readonly text: string;
  /** A sign for something invisible, not the token's own ink. */
  readonly sign: boolean;
}

const signs: Readonly<Record<string, string>> = { " ": "·", "\n": "↵", "\r": "␍", "\t": "⇥" };
/** Blanks, controls, what joins or turns its neighbours unseen, the empty Braille cell. */
const inkless = /[\p{Cc}\p{Zs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\ufff9-\ufffb\u2800]/u;
/** A byte that is part of a character, as the tokenizer writes it, or one character. */
const units = /<0x[89A-F][0-9A-F]>|[^]/gu;
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** A token's text in runs of ink and of signs. A mark that would sit on what is before it gets a dotted circle to sit on. */
export function tokenParts(text: string): readonly TokenPart[] {
  if (text === "") return [{ text: "∅", sign: true }];
  const parts: { text: string; sign: boolean }[] = [];
  const add = (drawn: string, sign: boolean): void => {
    const last = parts.at(-1);
    if (last?.sign === sign) last.text += drawn;
    else parts.push({ text: drawn, sign });
  };
  for (const [unit] of text.matchAll(units)) {
    const sign = unit.startsWith("<0x") ? unit : signOf(unit);
    if (sign === undefined && /^\p{M}/u.test(unit) && parts.at(-1)?.sign !== false) add("◌", false);
    add(sign ?? unit, sign !== undefined);
  }
  return parts;
}

function signOf(character: string): string | undefined {
  if (!inkless.test(character)) return undefined;
  return signs[character] ?? `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}>`;
}

/** A token as one text. Set apart from what stands beside it, where letters that run from right to left would turn that round. */
export function visibleToken(text: string): string {
  const drawn = tokenParts(text)
    .map((part) => part.text)
    .join("");
  return rightToLeft.test(drawn) ? `\u2066${drawn}\u2069` : drawn;
}

/** A token as it is labelled under a column: without the space in front, which costs room and tells little there. */
export function tokenLabel(text: string): string {
  const trimmed = text.replace(/^ /u, "");
  return visibleToken(trimmed === "" ? text : trimmed);
}
