/** The words of the benchmark's screen. */
export const bench = {
  title: "Benchmark",
  intro:
    "Measures this project's kernels and training step on your GPU against the same computation in stock TF.js ops, in rounds of A B B A. Leave the page alone meanwhile: other work on the GPU makes the intervals wide.",
  quick: "Quick: fewer rounds",
  start: "Measure",
  stop: "Stop",
  download: "Download JSON",
  back: "Back to the lab",
  progress: "Progress",
  measuring: (done: number, total: number, name: string) =>
    name === "" ? `${done} of ${total} measured` : `Measuring ${done} of ${total}: ${name}`,
  done: "Done.",
  stopped: "Stopped before the end.",
  adapter: (name: string, host: string) => `On ${name}, in ${host}.`,
  table: "Ratios with their intervals; each figure is for one unit of work.",
  columns: ["Measured", "Ours", "Other", "Ratio", "Bar", "Dispatches", "Bytes bound", "Peak bytes"],
  milliseconds: (ms: string, label: string) => `${ms} ms, ${label}`,
  both: (ours: string, other: string) => `${ours} / ${other}`,
  limits: (copy: string, dispatch: string) => `This adapter copies ${copy} GB/s; an empty dispatch takes ${dispatch} µs.`,
  file: "elder-bench.json",
} as const;
