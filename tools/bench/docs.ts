import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { reportText } from "../../src/bench/report.ts";
import type { Results } from "../../src/bench/results.ts";
import { drawPlot } from "./plot.ts";

const INTRODUCTION = `# Performance

This file and its plot are written by \`npm run bench -- --docs\` (or \`--from FILE --docs\`, from results written with \`--json FILE\`).

How it is measured: both sides on one device, in one process or page; rounds of A B B A; the ratio of each round, its median, and the interval that holds
the median with 95 % confidence (few rounds: the range). A run repeats its call and ends when the GPU is done; on GPUs each call takes the next copy of its weights, so
that no cache holds them. Dispatches, the bytes bound by them and the most buffer bytes at once are counted on the device itself
(\`src/gpu/meter.ts\`), for every side alike. "Least ms" is the larger of bytes at copy bandwidth and dispatches at the cost of an empty one, both
measured in the same run. "Results differ by" is the largest difference over the largest value.

Stock TF.js runs with its own choice of programs on float32 weights. onnxruntime-web and transformers.js run in Chromium on our device and on the same packed
bytes, with the fused operators that onnxruntime has.

What a frame of the routing heatmap costs in script stands in [frames.md](frames.md), written by \`npm run frames -- --docs\`: at most 4 ms for 512 tokens × 48 layers × 16 experts.

![Every ratio with its interval and its bar](performance.svg)
`;

/** docs/performance.md and its plot, in the project that the program was called in. */
export async function writeDocs(results: Results): Promise<void> {
  await writeFile(join("docs", "performance.svg"), drawPlot(results));
  await writeFile(join("docs", "performance.md"), `${INTRODUCTION}\n${reportText(results)}\n`);
}
