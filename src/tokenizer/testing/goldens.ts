/** What the original library makes of the golden texts; see goldens.py. */
import goldens from "./goldens.json" with { type: "json" };
import type { StyleName } from "./styles.ts";
import { goldenTexts } from "./texts.ts";

/** The styles; `sentencePiece`: the program itself instead of llama2 (its text left out); `smollm2`: the vocabulary of SmolLM2's file. */
type GoldenName = StyleName | "sentencePiece" | "smollm2";

const size = 4;
const missing = ".".repeat(size);

/** The golden texts and the digest of each. Texts with characters that not every Unicode version knows are left out. */
export function goldensOf(name: GoldenName): readonly (readonly [text: string, digest: string])[] {
  const digests = goldens.digests[name];
  return goldenTexts()
    .map((text, index) => [text, digests.slice(index * size, (index + 1) * size)] as const)
    .filter(([, expected]) => expected !== missing);
}

/** FNV-1a over ids and the text's code points, 24 bits of it in base64. */
export function digest(ids: readonly number[], text: string): string {
  let hash = 0x811c9dc5;
  for (const value of [...ids, -1, ...Array.from(text, (character) => character.codePointAt(0) ?? 0)])
    hash = Math.imul(hash ^ value, 0x01000193);
  return btoa(String.fromCharCode(hash >>> 24, (hash >>> 16) & 255, (hash >>> 8) & 255))
    .replaceAll("+", "-")
    .replaceAll("/", "_");
}
