/** Added tokens: texts that are one token wherever they stand, cut out before anything else happens. */
import { badTokenizer, booleanOf, brief, isObject } from "./fields.ts";
import { isTokenId, maxTokenLength, type BpeModel } from "./vocabulary.ts";

export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly special: boolean;
  /** Only where no word goes on before or after it. */
  readonly singleWord: boolean;
  /** Takes the white space before it along. */
  readonly lstrip: boolean;
  /** Takes the white space after it along. */
  readonly rstrip: boolean;
  /** Looked for in the normalized text. */
  readonly normalized: boolean;
}

/** @throws EngineError `bad-tokenizer` */
export function readAddedTokens(list: unknown, { texts, ids }: Pick<BpeModel, "texts" | "ids">): readonly AddedToken[] {
  if (!Array.isArray(list)) throw badTokenizer(`got added_tokens ${brief(list)}, expected a list`);
  const ownTexts = new Map(texts);
  const ownIds = new Map(ids);
  return (list as unknown[]).map((value) => {
    const token = readAddedToken(value);
    const { id, content } = token;
    const [otherText, otherId] = [ownTexts.get(id) ?? content, ownIds.get(content) ?? id];
    if (otherText !== content)
      throw badTokenizer(`got the added token ${brief(content)} with the id ${id} of ${brief(otherText)}, expected one of its own`);
    if (otherId !== id) throw badTokenizer(`got the added token ${brief(content)} with the ids ${otherId} and ${id}, expected one`);
    ownTexts.set(id, content);
    ownIds.set(content, id);
    return token;
  });
}

function readAddedToken(token: unknown): AddedToken {
  if (!isObject(token) || !isTokenId(token.id) || typeof token.content !== "string" || token.content === "")
    throw badTokenizer(`got the added token ${brief(token)}, expected an id and a content`);
  const { id, content } = token;
  if (content.length > maxTokenLength)
    throw badTokenizer(`got the added token ${brief(content)} of ${content.length} characters, expected at most ${maxTokenLength}`);
  const special = booleanOf(token, "special", false);
  return {
    id,
    content,
    special,
    singleWord: booleanOf(token, "single_word", false),
    lstrip: booleanOf(token, "lstrip", false),
    rstrip: booleanOf(token, "rstrip", false),
    normalized: booleanOf(token, "normalized", !special),
  };
}

/** A part of a text: an added token's id, or a text without any, which begins at `start`. */
export type Section = { readonly id: number } | { readonly text: string; readonly start: number };

interface Node {
  readonly next: Map<number, Node>;
  token?: AddedToken;
}

/** Finds added tokens from the left, the longest first. One walk over the text, however many tokens there are. */
export class AddedTokenFinder {
  readonly #root: Node = { next: new Map() };

  /** @param contents what to look for; of two alike the first counts */
  constructor(contents: Iterable<readonly [string, AddedToken]>) {
    for (const [content, token] of contents) if (content !== "") this.#nodeOf(content).token ??= token;
  }

  split(text: string): readonly Section[] {
    if (this.#root.next.size === 0) return text === "" ? [] : [{ text, start: 0 }];
    const sections: Section[] = [];
    let done = 0;
    const until = (end: number): void => {
      if (end > done) sections.push({ text: text.slice(done, end), start: done });
    };
    for (let at = 0; at < text.length;) {
      const token = this.#longestAt(text, at);
      const end = at + (token?.length ?? 1);
      if (token && !(token.token.singleWord && (wordBefore(text, at) || wordAfter(text, end)))) {
        until(token.token.lstrip ? spaceBefore(text, at) : at);
        sections.push({ id: token.token.id });
        done = token.token.rstrip ? spaceAfter(text, end) : end;
      }
      at = Math.max(end, done);
    }
    until(text.length);
    return sections;
  }

  #nodeOf(content: string): Node {
    let node = this.#root;
    for (let i = 0; i < content.length; i++) {
      const next = node.next.get(content.charCodeAt(i)) ?? { next: new Map() };
      node.next.set(content.charCodeAt(i), next);
      node = next;
    }
    return node;
  }

  #longestAt(text: string, start: number): { readonly token: AddedToken; readonly length: number } | undefined {
    let found;
    let node = this.#root.next.get(text.charCodeAt(start));
    for (let end = start + 1; node; end++) {
      if (node.token) found = { token: node.token, length: end - start };
      node = end < text.length ? node.next.get(text.charCodeAt(end)) : undefined;
    }
    return found;
  }
}

const wordEnd = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]$/u;
const wordStart = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u;
const space = /^\p{White_Space}$/u;

// Two code units hold the character next to a place, whole.
const wordBefore = (text: string, at: number): boolean => wordEnd.test(text.slice(Math.max(0, at - 2), at));
const wordAfter = (text: string, at: number): boolean => wordStart.test(text.slice(at, at + 2));

function spaceBefore(text: string, at: number): number {
  let begin = at;
  while (begin > 0 && space.test(text[begin - 1] ?? "")) begin--;
  return begin;
}

function spaceAfter(text: string, at: number): number {
  let end = at;
  while (end < text.length && space.test(text[end] ?? "")) end++;
  return end;
}
