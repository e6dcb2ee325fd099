/** Thirty edits on a file system that loses power: which states may be there afterwards, and whether one of them is. */
import { isDeepStrictEqual } from "node:util";
import { errorFacts } from "../../lib/errors.ts";
import type { Content } from "../content.ts";
import { createDocument, openDocument, type KeepingOptions } from "../document.ts";
import { tornFiles, type TornFiles, type TornOptions } from "./tornFiles.ts";

/** The document after each of 30 edits; some of the arrays stay the same. */
export const states: readonly Content[] = Array.from({ length: 31 }, (_, edit) => ({
  facts: {
    name: `p${edit >> 3}`,
    edits: Array.from({ length: edit % 11 }, (__, id) => ({ id, prompt: `Prompt ${id}`, on: (edit + id) % 5 > 0 })),
  },
  arrays: {
    router: Float32Array.from({ length: 20 }, (__, at) => Math.sin(edit * 31 + at)),
    codes: Uint8Array.from({ length: 9 }, (__, at) => (edit >> 2) + at),
  },
}));
const [start, , , later] = states as [Content, Content, Content, Content];

/** Seeded; from 0 to 1. */
const randomOf = (seed: number) => () => (seed = (Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0) / 2 ** 32;

/** @returns how many states were acknowledged before the power went */
export async function writeStates(files: TornFiles, own: KeepingOptions): Promise<number> {
  let acknowledged = 0;
  try {
    const document = await createDocument(files, "p", start, own);
    acknowledged = 1;
    for (const state of states.slice(1)) {
      await document.commit(state);
      acknowledged++;
    }
    await document.close();
  } catch (thrown) {
    if (!files.isOff) throw thrown;
  }
  return acknowledged;
}

/** Operations of a script that nothing stops. */
export async function operationsOf(torn: TornOptions, own: KeepingOptions): Promise<number> {
  const whole = tornFiles(torn);
  await writeStates(whole, own);
  return whole.operations;
}

export interface Crash {
  /** What is wrong with what was found afterwards. */
  readonly fault: string | undefined;
  /** Until it was open again. */
  readonly milliseconds: number;
}

/** Stops the script in an operation, from 1, tears what was not flushed, and opens the document again. */
export async function crashIn(operation: number, seed: number, torn: TornOptions, own: KeepingOptions): Promise<Crash> {
  const files = tornFiles({ ...torn, stopAt: operation });
  const acknowledged = await writeStates(files, own);
  const disk = files.afterCrash(randomOf(seed));
  const started = performance.now();
  let milliseconds = 0;
  try {
    const document = await openDocument(disk, "p", own);
    milliseconds = performance.now() - started;
    if (document.damage) return { fault: `damage: ${document.damage.message}`, milliseconds };
    const found = [states[acknowledged - 1], states[acknowledged]].some((state) => isDeepStrictEqual(document.content, state));
    if (!found) return { fault: "another state", milliseconds };
    if ((await disk.list()).length !== 1) return { fault: "an orphan", milliseconds };
    // It goes on from there.
    await document.commit(later);
    await document.close();
    const again = await openDocument(disk, "p", own);
    return { fault: isDeepStrictEqual(again.content, later) ? undefined : "what was committed afterwards is lost", milliseconds };
  } catch (thrown) {
    const { code, message } = errorFacts(thrown);
    return { fault: acknowledged === 0 && code === "unknown-project" ? undefined : `${code}: ${message}`, milliseconds };
  }
}
