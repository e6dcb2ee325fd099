import type { TokenizerJson } from "./tokenizerJson.ts";

const utf8 = new TextEncoder();
const whole = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });

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

/** The exact bytes of a token, by id; nothing for an id that is none. */
export function tokenBytes({ model, addedTokens, scheme }: TokenizerJson): (id: number) => Uint8Array | undefined {
  const { texts } = model;
  const added = new Map(addedTokens.map(({ id, content }) => [id, content]));
  return (id) => {
    const token = added.get(id) ?? texts.get(id);
    if (token === undefined) return undefined;
    if (scheme.kind === "metaspace") return metaspaceBytes(token, scheme);
    // Added tokens are their own text, even where each character is one of the table.
    return added.has(id) ? utf8.encode(token) : byteLevelBytes(token);
  };
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

function metaspaceBytes(token: string, { space, byteTokens }: { readonly space: string; readonly byteTokens: boolean }): Uint8Array {
  const byte = byteTokens ? /^<0x([0-9A-Fa-f]{2})>$/.exec(token)?.[1] : undefined;
  if (byte !== undefined) return Uint8Array.of(Number.parseInt(byte, 16));
  return utf8.encode(token.replaceAll(space, " "));
}

/** Bytes as they are shown: characters that are whole, and `<0xE2>` for each byte that is part of one. */
export function bytesText(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at] ?? 0;
    const length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    const character = decodeWhole(bytes.subarray(at, at + length));
    text += character ?? `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;
    at += character === undefined ? 1 : length;
  }
  return text;
}

function decodeWhole(bytes: Uint8Array): string | undefined {
  try {
    return whole.decode(bytes);
  } catch {
    return undefined;
  }
}
