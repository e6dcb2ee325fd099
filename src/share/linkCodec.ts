import { crc32, deflate, fromBase64Url, inflate, toBase64Url } from "./bytes.ts";
import { badLink } from "./linkErrors.ts";
import { linkLimits } from "./linkState.ts";
import type { LinkState } from "./linkState.ts";
import { fromWire, toWire } from "./wire.ts";

/** Of the wire format; a page reads its own version and those before it. */
const VERSION = 1;
const PREFIX = "#lab=";
const CHECK_BYTES = 4;

/** Whether a fragment means to be a link of this page, intact or not; others are places on the page. */
export const isLink = (fragment: string): boolean => fragment.startsWith(PREFIX);

/**
 * "#lab=1." and the base64url of: 4 bytes CRC-32 (big-endian) of what follows, then the text deflated; the text is positional JSON (see wire.ts).
 * @returns the fragment with its "#"
 * @throws EngineError `bad-link` for a state that no link can hold, naming its part
 */
export async function encodeLink(state: LinkState): Promise<string> {
  const text = JSON.stringify(toWire(state));
  // What cannot be read back is refused here, where it can still be changed.
  readWireText(text);
  const bytes = new TextEncoder().encode(text);
  const packed = await deflate(bytes);
  const payload = new Uint8Array(CHECK_BYTES + packed.byteLength);
  new DataView(payload.buffer).setUint32(0, crc32(packed));
  payload.set(packed, CHECK_BYTES);
  const fragment = `${PREFIX}${VERSION}.${toBase64Url(payload)}`;
  if (bytes.byteLength > linkLimits.bytes || fragment.length > linkLimits.characters) {
    const message = `it would have ${fragment.length} characters, more than the ${linkLimits.characters} that a page reads.`;
    throw badLink(message, "Share fewer edits, or shorter ones.");
  }
  return fragment;
}

/**
 * @param fragment with or without its "#"
 * @throws EngineError `bad-link` saying whether it is damaged, from a newer page, or of no page at all
 */
export async function decodeLink(fragment: string): Promise<LinkState> {
  const payload = fromBase64Url(payloadOf(fragment.startsWith("#") ? fragment : `#${fragment}`));
  if (payload.byteLength <= CHECK_BYTES) throw badLink("it ends too early: a part of it is missing.");
  const packed = payload.slice(CHECK_BYTES);
  if (crc32(packed) !== new DataView(payload.buffer).getUint32(0))
    throw badLink("its checksum is not that of its text: it was changed on the way.");
  return readWireText(decodeText(await inflate(packed, linkLimits.bytes)));
}

function payloadOf(fragment: string): string {
  if (fragment.length > linkLimits.characters)
    throw badLink(`got ${fragment.length} characters, expected at most ${linkLimits.characters}.`);
  const [, version, payload] = /^#lab=(\d{1,6})\.(.*)$/s.exec(fragment) ?? [];
  if (version === undefined || payload === undefined)
    throw badLink(`got ${JSON.stringify(fragment.slice(0, 12))}, expected "${PREFIX}${VERSION}.…".`);
  if (version !== String(VERSION)) {
    const newer = Number(version) > VERSION;
    const message = `its version is ${Number(version)}, and this page reads version ${VERSION}.`;
    throw newer
      ? badLink(message, "It was made by a newer version of the page: open it there, or reload this page to update it.")
      : badLink(message);
  }
  return payload;
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw badLink("what it unpacks to is no text.", undefined, { cause });
  }
}

/** Only the one spelling of a state is read, so that nothing in a link goes unnoticed. */
function readWireText(text: string): LinkState {
  let wire: unknown;
  try {
    wire = JSON.parse(text);
  } catch (cause) {
    throw badLink("what it unpacks to is not what a page writes.", undefined, { cause });
  }
  const state = fromWire(wire);
  if (JSON.stringify(toWire(state)) !== text) throw badLink("it says something in another way than a page writes it.");
  return state;
}
