import type { TokenizerJson } from "./tokenizerJson.ts";

const utf8 = new TextEncoder();

/** GPT-2's table: printable Latin-1 characters stand for themselves, the other bytes for U+0100 onwards, in order. */
const byteOfCharacter: ReadonlyMap<string, number> = (() => {
  const table = new Map<string, number>();
  let next = 0x100;
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    table.set(String.fromCharCode(printable ? byte : next++), byte);
  }
  return table;
})();

/** The exact bytes of each token, by id. Added tokens are their own text. */
export function tokenBytes({ vocabulary, addedTokens, scheme }: TokenizerJson): ReadonlyMap<number, Uint8Array> {
  const bytes = new Map<number, Uint8Array>();
  for (const [id, token] of vocabulary) {
    bytes.set(id, scheme.kind === "byte-level" ? byteLevelBytes(token) : metaspaceBytes(token, scheme.space));
  }
  for (const { id, content } of addedTokens) bytes.set(id, utf8.encode(content));
  return bytes;
}

/** A token with a character outside the table is taken for plain text. */
function byteLevelBytes(token: string): Uint8Array {
  const bytes = new Uint8Array(token.length);
  let at = 0;
  for (const character of token) {
    const byte = byteOfCharacter.get(character);
    if (byte === undefined) return utf8.encode(token);
    bytes[at++] = byte;
  }
  return bytes;
}

function metaspaceBytes(token: string, space: string): Uint8Array {
  const byte = /^<0x([0-9A-Fa-f]{2})>$/.exec(token)?.[1];
  if (byte !== undefined) return Uint8Array.of(Number.parseInt(byte, 16));
  return utf8.encode(token.replaceAll(space, " "));
}
