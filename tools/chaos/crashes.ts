/** The power goes while edits are being kept: in every operation of thirty edits, and at random ones. */
import type { KeepingOptions } from "../../src/keeping/document.ts";
import { migrations } from "../../src/keeping/schema.ts";
import { crashIn, operationsOf } from "../../src/keeping/testing/crashScript.ts";
import type { TornOptions } from "../../src/keeping/testing/tornFiles.ts";
import { createPrng } from "../../src/lib/prng.ts";
import { countRow, type ChaosOptions, type ChaosPart, type ChaosResult } from "./part.ts";

const [SHORT, LONG] = [
  { random: 20, seeds: 1 },
  { random: 500, seeds: 3 },
];
const MOST_MILLISECONDS = 2000;
/** Small, so that files are written anew in the middle of it. */
const options: KeepingOptions = { migrations, now: () => 7, compactAbove: 2500 };

export const crashes: ChaosPart = {
  name: "crashes",
  plants: ["skipped-flush", "missing-crc"],
  async run({ long, seed, plant }: ChaosOptions): Promise<ChaosResult> {
    const torn: TornOptions = plant === "skipped-flush" ? { skipFlush: true } : {};
    const own = plant === "missing-crc" ? { ...options, sum: () => 0 } : options;
    const operations = await operationsOf(torn, own);
    const prng = createPrng(seed);
    const { random, seeds } = long ? LONG : SHORT;
    const every = Array.from({ length: operations * seeds }, (_, i) => 1 + (i % operations));
    const drawn = Array.from({ length: random }, () => 1 + prng.below(operations));
    const faults: string[] = [];
    let slowest = 0;
    for (const operation of [...every, ...drawn]) {
      const tear = prng.below(2 ** 31);
      const { fault, milliseconds } = await crashIn(operation, tear, torn, own);
      slowest = Math.max(slowest, milliseconds);
      if (fault !== undefined) faults.push(`operation ${operation} of ${operations}, tear ${tear}: ${fault}`);
    }
    const reopened = { runs: every.length + drawn.length, figure: `open again after ${slowest.toFixed(1)} ms at most`, bound: "≤ 2 s" };
    return {
      rows: [
        countRow(every.length + drawn.length, faults, "crashes left the last acknowledged state or the next one"),
        { ...reopened, ok: slowest <= MOST_MILLISECONDS },
      ],
      faults,
    };
  },
};
