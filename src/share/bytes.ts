import { badLink } from "./linkErrors.ts";

/** Base64 for addresses, without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @throws EngineError `bad-link` for anything but what toBase64Url gives */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) throw badLink("got characters that are none of its own, expected base64url.");
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  // Spare bits at the end would let two texts mean the same.
  if (toBase64Url(bytes) !== text) throw badLink("its last character was changed.");
  return bytes;
}

/** CRC-32 (IEEE 802.3), as an unsigned integer. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
}

type Transform = ReadableWritablePair<Uint8Array, BufferSource>;

export function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return through(bytes, new CompressionStream("deflate-raw"), Infinity);
}

/**
 * @param most bytes; reading ends there, whatever a few bytes promise to become
 * @throws EngineError `bad-link` for what is no deflated text or a longer one
 */
export async function inflate(bytes: Uint8Array<ArrayBuffer>, most: number): Promise<Uint8Array<ArrayBuffer>> {
  return through(bytes, new DecompressionStream("deflate-raw"), most);
}

async function through(bytes: Uint8Array<ArrayBuffer>, transform: Transform, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([bytes]).stream().pipeThrough(transform).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw badLink("it cannot be unpacked: a part of it is missing or was changed.", undefined, { cause });
    });
    if (done) break;
    parts.push(value);
    length += value.byteLength;
    if (length > most) {
      await reader.cancel().catch(() => {});
      throw badLink(`it unpacks to more than ${most} bytes, which no link of this page does.`);
    }
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}
