// `npm run budget`: builds the page, serves it, opens it with an empty cache in Chromium, and prints what a first visit costs against its
// budgets. Exits 1 past one. `--no-build` takes the build that is there.
import { chromium } from "@playwright/test";
import { findChromium } from "./lib/chromium.mjs";
import { programOf, run } from "./lib/commands.mjs";
import { firstContentfulPaint, PAINT_BUDGET, SCRIPT_BUDGET, scriptsBeforeInteractive } from "./lib/firstLoad.mjs";
import { servePreview } from "./lib/preview.mjs";

const VISITS = 5;
/** What comes late would come within this. */
const QUIET_MS = 5000;
const args = [
  "--no-sandbox",
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--disable-quic",
  "--disable-background-networking",
];

/** @param {number} bytes */
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

/**
 * @param {import("@playwright/test").Browser} browser @param {string} address
 * @returns {Promise<number[]>} ascending
 */
async function paints(browser, address) {
  const times = [];
  for (let count = 0; count < VISITS; count++) {
    const context = await browser.newContext({ serviceWorkers: "block" });
    const page = await context.newPage();
    await page.goto(address, { waitUntil: "commit" });
    times.push(await firstContentfulPaint(page));
    await context.close();
  }
  return times.sort((a, b) => a - b);
}

/** One visit to its end: its scripts, and what it asks of the network when everything is there. @param {import("@playwright/test").Browser} browser @param {string} address */
async function visit(browser, address) {
  const context = await browser.newContext();
  /** @type {{ url: string, keeping: boolean }[]} */
  const requests = [];
  context.on("request", (request) => requests.push({ url: request.url(), keeping: request.serviceWorker() !== null }));
  const page = await context.newPage();
  await page.goto(address);
  const scripts = await scriptsBeforeInteractive(page);
  await page.locator("button:enabled", { hasText: /^Generate$/ }).waitFor({ timeout: 120_000 });
  await page.locator("[data-kept=kept], [data-kept=unable]").waitFor({ timeout: 120_000 });
  const kept = await page.locator("[data-kept=kept]").isVisible();
  const loaded = requests.length;
  await page.waitForTimeout(QUIET_MS);
  const { origin } = new URL(address);
  const others = requests.map(({ url }) => url).filter((url) => !url.startsWith(origin) && !/^(?:data|blob):/.test(url));
  const keeping = requests.filter((request) => request.keeping).length;
  await context.close();
  return { scripts, after: requests.slice(loaded).map(({ url }) => url), others, keeping, kept };
}

if (!process.argv.includes("--no-build")) {
  const code = run(process.execPath, [programOf("vite"), "build", "--logLevel", "warn"]);
  if (code !== 0) process.exit(code);
}
const executablePath = findChromium();
const browser = await chromium.launch({ args, ...(executablePath === undefined ? {} : { executablePath }) });
const { address, close } = await servePreview(0, "/");
const times = await paints(browser, address);
const { scripts, after, others, keeping, kept } = await visit(browser, address);
await browser.close();
await close();

const bytes = scripts.reduce((sum, script) => sum + script.bytes, 0);
const median = times[Math.floor(VISITS / 2)] ?? Number.NaN;
const lines = [
  { name: "script before interaction, gzipped", value: kilobytes(bytes), bar: `≤ ${kilobytes(SCRIPT_BUDGET)}`, ok: bytes <= SCRIPT_BUDGET },
  {
    name: `first contentful paint, median of ${VISITS}`,
    value: `${Math.round(median)} ms`,
    bar: `< ${PAINT_BUDGET} ms`,
    ok: median < PAINT_BUDGET,
  },
  { name: "requests after load", value: String(after.length), bar: "0", ok: after.length === 0 },
  { name: "opens without a network", value: kept ? "yes" : "no", bar: "yes", ok: kept },
  { name: "requests to other hosts", value: String(others.length), bar: "0", ok: others.length === 0 },
];
for (const { name, value, bar, ok } of lines) console.log(`${ok ? "ok  " : "OVER"}  ${name.padEnd(40)} ${value.padStart(10)}   ${bar}`);
console.log(`\nscripts: ${scripts.map((script) => `${script.file} ${kilobytes(script.bytes)}`).join(", ")}`);
console.log(`paints: ${times.map((time) => `${Math.round(time)} ms`).join(", ")}; files kept for offline use after the load: ${keeping}`);
for (const url of [...after, ...others]) console.log(`asked for: ${url}`);
process.exit(lines.every(({ ok }) => ok) ? 0 : 1);
