// `npm run frames -- [--frames N] [--docs]`: builds the heatmap's page, opens it in a headless Chromium and prints what a frame costs in script
// for 512 tokens × 48 layers × 16 experts. Exits 1 past the bar. `--docs` writes docs/frames.md.
import { createReadStream, existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { cpus } from "node:os";
import { extname, join, normalize } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "@playwright/test";
import react from "@vitejs/plugin-react";
import { build } from "vite";
import { findChromium } from "./lib/chromium.mjs";
import { root } from "./lib/commands.mjs";

/** Milliseconds of script a frame, on the average. */
const BAR_MS = 4;
const built = join(root, "node_modules/.cache/elder-lab/frames-page");
/** @type {Record<string, string>} */
const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };

/** Served apart from other origins, so that clocks are fine. */
async function serve() {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? "/", "http://page").pathname);
    const file = join(built, path === "/" ? "index.html" : path);
    if (!existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    const apart = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };
    response.writeHead(200, { "Content-Type": types[extname(file)] ?? "application/octet-stream", ...apart });
    createReadStream(file).pipe(response);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server gave no port.");
  return { address: `http://127.0.0.1:${address.port}/`, close: () => server.close() };
}

/** @param {readonly number[]} values @param {number} share */
function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

const { values } = parseArgs({ options: { frames: { type: "string", default: "240" }, docs: { type: "boolean", default: false } } });
const frames = Number(values.frames);
if (!Number.isInteger(frames) || frames < 1 || frames > 450) {
  console.error(`Got --frames ${values.frames}, expected a whole number from 1 to 450.`);
  process.exit(2);
}
await build({
  root: join(root, "tools/frames"),
  configFile: false,
  logLevel: "error",
  publicDir: false,
  plugins: [react()],
  build: { outDir: built, emptyOutDir: true, target: "es2023", chunkSizeWarningLimit: 2000 },
});
const server = await serve();
const executablePath = findChromium();
const browser = await chromium.launch({ args: ["--no-sandbox", "--disable-quic"], ...(executablePath ? { executablePath } : {}) });
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
page.on("pageerror", (error) => console.error(error.message));
await page.goto(server.address);
await page.waitForFunction(() => globalThis.window.heatmapFrames !== undefined);
const session = await page.context().newCDPSession(page);
// The thread's own time: what other programs take of the processor is not counted.
await session.send("Performance.enable", { timeDomain: "threadTicks" });

/** Milliseconds so far. */
async function spent() {
  const { metrics } = await session.send("Performance.getMetrics");
  /** @param {string} name */
  const of = (name) => 1000 * (metrics.find((metric) => metric.name === name)?.value ?? Number.NaN);
  return { script: of("ScriptDuration"), layout: of("LayoutDuration") + of("RecalcStyleDuration") };
}

const scenes = [];
for (const [at, name] of (await page.evaluate(() => globalThis.window.heatmapFrames.scenes)).entries()) {
  const play = (/** @type {number} */ count) =>
    page.evaluate(([scene, n]) => globalThis.window.heatmapFrames.run(scene, n), /** @type {const} */ ([at, count]));
  const prepare = () =>
    page.evaluate(([scene, n]) => globalThis.window.heatmapFrames.prepare(scene, n), /** @type {const} */ ([at, frames]));
  // The first frames compile what follows.
  await prepare();
  await play(Math.min(40, frames));
  await prepare();
  const before = await spent();
  const times = await play(frames);
  const after = await spent();
  scenes.push({ name, times, script: (after.script - before.script) / frames, layout: (after.layout - before.layout) / frames });
}
const version = browser.version();
await browser.close();
server.close();

const heads = [
  "scene",
  "script ms a frame",
  "bar",
  "style and layout ms",
  "script by the clock, median and 95 %",
  "frame to frame, median ms",
];
const lines = scenes.map(({ name, times, script, layout }) => {
  const clock = [0.5, 0.95].map((share) => quantile(times.script, share).toFixed(1)).join(" and ");
  const bar = `at most ${BAR_MS}: ${script <= BAR_MS ? "met" : "not met"}`;
  return [name, script.toFixed(2), bar, layout.toFixed(2), clock, quantile(times.interval, 0.5).toFixed(1)];
});
const table = [heads, heads.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
const told = `512 tokens × 48 layers × 16 experts, ${frames} frames a scene, 1440 × 900, Chromium ${version}, ${cpus()[0]?.model ?? "unknown processor"} × ${cpus().length}`;
console.log(`${told}\n\n${table}`);
if (values.docs) {
  const text = `# Frames of the routing heatmap

Written by \`npm run frames -- --docs\`.

The microscope's heatmap as it stands in the page, with its readout and the table of the column beside it, given one act a frame. Script is all that the act, React and
the drawing take of the page's thread, in its own time, on the average; by the clock, other programs on the machine count as well. Scaling and compositing are the
browser's. Cells are one image with a pixel a cell, which grows by its new columns and is scaled by the stylesheet; what stands over it is drawn for the columns in sight.

Measured ${new Date().toISOString().slice(0, 10)}: ${told}.

${table}
`;
  writeFileSync(join(root, "docs/frames.md"), text);
}
process.exit(scenes.every(({ script }) => script <= BAR_MS) ? 0 : 1);
