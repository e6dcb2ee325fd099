/** What an evaluation goes on from after a stop, as one file: magic, length of the JSON, JSON, floats, SHA-256 of all before. */
import { createHash } from "node:crypto";
import { open, readFile, rename } from "node:fs/promises";
import type { EvaluationResult } from "../../src/evaluation/results.ts";
import type { SavedEvaluation } from "../../src/evaluation/runner.ts";
import { EngineError } from "../../src/lib/errors.ts";
import type { RunTiming } from "./timing.ts";

const MAGIC = Buffer.from("ELDEREV1");
const DIGEST = 32;

export interface Partial {
  /** Runs that are done, with their timings. */
  readonly finished: readonly EvaluationResult[];
  readonly finishedTimings: readonly RunTiming[];
  /** The one that was stopped. */
  readonly saved: SavedEvaluation;
  readonly timing: RunTiming;
}

/** The arrays leave the JSON their names and lengths. */
interface Header extends Omit<Partial, "saved"> {
  readonly saved: Omit<SavedEvaluation, "method"> & { readonly facts: unknown };
  readonly arrays: readonly { readonly name: string; readonly length: number }[];
}

export const partialPath = (out: string): string => `${out}.partial`;

/** Writes beside the path and renames, so that a kill at any time leaves the old file or the new one. */
export async function writePartial(path: string, { saved, ...rest }: Partial): Promise<void> {
  const { method, ...savedRest } = saved;
  const arrays = Object.entries(method.arrays);
  const listed = arrays.map(([name, { length }]) => ({ name, length }));
  const header: Header = { ...rest, saved: { ...savedRest, facts: method.facts }, arrays: listed };
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const hash = createHash("sha256");
  const file = await open(`${path}.new`, "w");
  try {
    const put = async (bytes: Uint8Array): Promise<void> => {
      hash.update(bytes);
      await file.writeFile(bytes);
    };
    for (const bytes of [MAGIC, length, json]) await put(bytes);
    for (const [, { buffer, byteOffset, byteLength }] of arrays) await put(new Uint8Array(buffer, byteOffset, byteLength));
    await file.writeFile(hash.digest());
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}

/** @returns undefined where there is none. @throws EngineError `bad-state` when it is not a whole one */
export async function readPartial(path: string): Promise<Partial | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  if (!bytes) return undefined;
  const bad = (got: string): EngineError =>
    new EngineError("bad-state", `${path}: got ${got}, expected what a stopped evaluation left.`, "Begin anew without --resume.");
  const end = bytes.length - DIGEST;
  if (end < MAGIC.length + 4 || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw bad("another kind of file");
  const digest = createHash("sha256").update(bytes.subarray(0, end)).digest();
  if (!digest.equals(bytes.subarray(end))) throw bad("bytes that do not match their checksum");
  const from = MAGIC.length + 4;
  const size = bytes.readUInt32LE(MAGIC.length);
  const { saved, arrays, ...rest } = JSON.parse(bytes.toString("utf8", from, from + size)) as Header;
  const { facts, ...savedRest } = saved;
  const floats = readArrays(bytes.subarray(from + size, end), arrays);
  return { ...rest, saved: { ...savedRest, method: { facts, arrays: floats } } };
}

function readArrays(bytes: Uint8Array, listed: Header["arrays"]): Record<string, Float32Array> {
  let at = 0;
  const read = listed.map(({ name, length }) => {
    const own = bytes.slice(at, (at += 4 * length));
    // A slice of a Node buffer may share its memory: floats need bytes of their own that begin at a whole float.
    return [name, new Float32Array(Uint8Array.from(own).buffer)] as const;
  });
  return Object.fromEntries(read);
}
