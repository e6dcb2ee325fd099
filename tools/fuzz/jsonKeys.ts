/** The keys of a JSON text, without a JSON reader: what `JSON.parse` passes over in silence shows. */

/**
 * @param text valid JSON
 * @returns the first key that an object of it has twice, or that is `__proto__`
 */
export function badKeyOf(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === "{") open.push(new Set());
    else if (character === "[") open.push(undefined);
    else if (character === "}" || character === "]") open.pop();
    else if (character === '"') {
      const end = endOfString(text, at);
      const keys = open.at(-1);
      if (keys && /^\s*:/.test(text.slice(end, end + 200))) {
        const key = String(JSON.parse(text.slice(at, end)));
        if (keys.has(key) || key === "__proto__") return key;
        keys.add(key);
      }
      at = end - 1;
    }
  }
  return undefined;
}

/** The place after the closing quote. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}
