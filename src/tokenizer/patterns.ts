/**
 * Regular expressions of tokenizer files. They are written for Oniguruma and come from strangers: what could run for ages is refused,
 * and what the core translates differently is put in words that it translates exactly.
 */
import { badTokenizer, brief, isObject } from "./fields.ts";

/** GPT-2's pre-tokenizer, as printed in its source. */
export const gpt2Pattern = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

/** The longest in use has about 1,000 characters. */
const maxLength = 4096;
const maxDepth = 16;
const maxCount = 1024;
/** Counts up to this many are no loops: `\p{N}{1,3}` gives back at most two characters. */
const smallCount = 3;
/** In one alternative. */
const maxLoops = 2;

const groupStart = /\((?:\?(?:[:=!]|<[=!]))?(?!\?)/y;
const foldedGroup = /\(\?i:((?:[A-Za-z'’|]|\[[A-Za-z]+\])+)\)/y;
const escaped = /\\(?:[pP]\{\^?[A-Za-z_]+\}|x\{[0-9A-Fa-f]{1,6}\}|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|[dDsSwWhHbBAzZrntfvae]|[^A-Za-z0-9])/uy;
const repetition = /(?:[?*+]|\{(\d{1,4})(?:,(\d{1,4})?)?\})([?+])?/y;
const plain = /[^\\[\](){}|?*+]/uy;

/**
 * An alternative may have two loops (`*`, `+`, a wide count) and nothing after the second that must match; groups are not repeated;
 * nothing refers back. So a search takes at most a time that grows with the square of the text's length. The patterns of GPT-2, Llama,
 * Qwen, Mistral and DeepSeek all fit, and theirs grows with the length.
 * @returns the same pattern, case-insensitive groups written out: Oniguruma folds s with ſ and k with the Kelvin sign too
 * @throws EngineError `bad-tokenizer`
 */
export function safePattern(regex: string): string {
  return new PatternReader(regex).read();
}

/** A group being read, or the whole: the loops of the alternative being read, and of the one with the most. */
interface Level {
  loops: number;
  most: number;
  /** Something must match after a loop. */
  tail: boolean;
}

const newLevel = (): Level => ({ loops: 0, most: 0, tail: false });
/** One character, whatever it is. */
const single: Level = newLevel();

class PatternReader {
  readonly #regex: string;
  readonly #levels: Level[] = [];
  #level = newLevel();
  #at = 0;
  #out = "";

  constructor(regex: string) {
    this.#regex = regex;
  }

  read(): string {
    if (this.#regex.length > maxLength) this.#refuse(`${this.#regex.length} characters, more than ${maxLength}`);
    while (this.#at < this.#regex.length) this.#readItem(this.#regex[this.#at]);
    if (this.#levels.length > 0) this.#refuse("a bracket too few");
    return this.#out;
  }

  #readItem(character: string | undefined): void {
    const folded = this.#take(foldedGroup);
    if (folded) {
      this.#out += `(?:${writeFolds(folded[1] ?? "")})`;
      this.#endItem(single, true);
    } else if (character === "(") this.#openGroup();
    else if (character === ")") this.#closeGroup();
    else if (character === "|") {
      this.#out += this.#regex[this.#at++];
      this.#level.loops = 0;
    } else {
      const item = character === "[" ? this.#takeClass() : (this.#take(character === "\\" ? escaped : plain)?.[0] ?? "");
      if (item === "") this.#refuse(`${brief(this.#regex.slice(this.#at, this.#at + 3))}, which is not supported there`);
      this.#out += item;
      this.#endItem(single, false);
    }
  }

  #openGroup(): void {
    const opening = this.#take(groupStart) ?? this.#refuse("a kind of group that is not supported");
    this.#out += opening[0];
    this.#levels.push(this.#level);
    this.#level = newLevel();
    if (this.#levels.length > maxDepth) this.#refuse(`groups nested deeper than ${maxDepth}`);
  }

  #closeGroup(): void {
    const outer = this.#levels.pop() ?? this.#refuse("a bracket too many");
    const inner = this.#level;
    this.#level = outer;
    this.#out += this.#regex[this.#at++];
    this.#endItem(inner, true);
  }

  /** The repetition after an item, and what both add to their alternative. */
  #endItem(inner: Level, group: boolean): void {
    const [text = "", least = "0", most = text.includes(",") ? "Infinity" : least, manner = ""] = this.#take(repetition) ?? [];
    const counted = text.startsWith("{");
    if (manner === "+" || (manner === "?" && counted)) this.#refuse("a possessive or lazy count");
    if (Math.max(Number(least), most === "Infinity" ? 0 : Number(most)) > maxCount) this.#refuse(`a count over ${maxCount}`);
    const once = text === "" || text.startsWith("?");
    if (group && !once) this.#refuse("a repeated group");
    const loop = counted ? Number(most) > smallCount && most !== least : !once;
    const optional = text !== "" && !text.startsWith("+") && !(counted && Number(least) > 0);
    this.#count(inner, loop, optional);
    this.#out += text;
  }

  #count(inner: Level, loop: boolean, optional: boolean): void {
    const level = this.#level;
    const before = level.loops;
    level.loops += inner.most + Number(loop);
    if ((before >= maxLoops && !optional) || (level.loops >= maxLoops && inner.tail))
      this.#refuse("something that must match after two loops");
    if (level.loops > maxLoops) this.#refuse("more than two loops in one alternative");
    level.most = Math.max(level.most, level.loops);
    level.tail ||= inner.tail || (before > 0 && !optional);
  }

  /** A character class, which may hold classes. */
  #takeClass(): string {
    const begin = this.#at;
    for (let depth = 0; this.#at < this.#regex.length; this.#at++) {
      const character = this.#regex[this.#at];
      if (character === "\\") this.#at++;
      else if (character === "[" && ++depth > maxDepth) this.#refuse(`character classes nested deeper than ${maxDepth}`);
      else if (character === "]" && --depth === 0) return this.#regex.slice(begin, ++this.#at);
    }
    return this.#refuse("a character class that does not end");
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#regex);
    if (match) this.#at += match[0].length;
    return match;
  }

  #refuse(what: string): never {
    throw badTokenizer(`got the regular expression ${brief(this.#regex)} with ${what}, expected one that cannot run away`);
  }
}

function writeFolds(body: string): string {
  let inClass = false;
  return body.replaceAll(/[A-Za-z[\]]/g, (character) => {
    if (character === "[" || character === "]") {
      inClass = character === "[";
      return character;
    }
    const lower = character.toLowerCase();
    const all = `${lower}${lower.toUpperCase()}${{ s: "ſ", k: "\u212a" }[lower] ?? ""}`;
    return inClass ? all : `[${all}]`;
  });
}

/**
 * The pattern of a Split or a Replace: a regular expression, or a text that stands for itself.
 * @throws EngineError `bad-tokenizer`
 */
export function patternOf(value: unknown): { readonly Regex: string } | { readonly String: string } {
  if (isObject(value)) {
    if (typeof value.Regex === "string" && value.Regex !== "") return { Regex: safePattern(value.Regex) };
    if (typeof value.String === "string" && value.String !== "" && value.String.length <= maxLength) return { String: value.String };
  }
  throw badTokenizer(`got the pattern ${brief(value)}, expected a Regex or a String`);
}
