import { encode } from "uqr";

/** White modules around the code that scanners need (ISO/IEC 18004). */
export const QUIET_MODULES = 4;
/** 117 modules a side: what phones still read from a screen at arm's length. Larger ones exist, up to version 40. */
const MOST_VERSION = 25;
/** Of bytes, at the weakest error correction of that version. */
export const MOST_SCANNABLE = 1273;

export interface QrPath {
  /** Modules a side, the quiet zone included. */
  readonly size: number;
  /** An SVG path over the dark modules, one unit a module. */
  readonly path: string;
}

/** The code for a text as one path; null for a text too long for a code that can be scanned. */
export function qrPath(text: string): QrPath | null {
  if (new TextEncoder().encode(text).byteLength > MOST_SCANNABLE) return null;
  const { data, size } = encode(text, { ecc: "L", boostEcc: true, border: QUIET_MODULES, maxVersion: MOST_VERSION });
  return { size, path: data.map((row, y) => rowPath(row, y)).join("") };
}

/** Dark runs of one row as rectangles of height 1. */
function rowPath(row: readonly boolean[], y: number): string {
  let path = "";
  for (let x = 0; x < row.length; x++) {
    if (row[x] !== true) continue;
    const from = x;
    while (row[x + 1] === true) x++;
    path += `M${from} ${y}h${x + 1 - from}v1H${from}z`;
  }
  return path;
}
