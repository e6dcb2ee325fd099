// `npm test`: everything a change must pass. `npm test -- PART…` runs parts of it: lint, unit, gpu, reference, build, e2e.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { findChromium } from "./lib/chromium.mjs";
import { installMissing, programOf, requireNode, root, run } from "./lib/commands.mjs";
import { noTests, readTotals } from "./lib/testTotals.mjs";

const reports = join(root, "artifacts/reports");
const node = process.execPath;

/** @typedef {{ part: string, name: string, seconds: number, code: number, totals: import("./lib/testTotals.mjs").Totals, note?: string }} Outcome */

/**
 * @param {string} project
 * @returns {{ code: number, report: string }}
 */
function vitest(project) {
  const report = join(reports, `${project}.json`);
  const args = ["run", "--project", project, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  return { code: run(node, [programOf("vitest"), ...args]), report };
}

function playwright() {
  const report = join(reports, "e2e.json");
  return { code: run(node, [programOf("@playwright/test", "playwright"), "test"], { PLAYWRIGHT_JSON_OUTPUT_FILE: report }), report };
}

/** Golden values from an independent implementation: those of the tree, or the folder that ELDER_REFERENCE names. */
function reference() {
  const folder = resolve(root, process.env["ELDER_REFERENCE"] ?? "tools/testing/reference");
  return { code: run(node, [join(root, "tools/run.mjs"), "reference", folder]) };
}

/** @type {{ part: string, name: string, run: () => { code: number, report?: string, note?: string } }[]} */
const steps = [
  { part: "lint", name: "oxlint", run: () => ({ code: run(node, [programOf("oxlint")]) }) },
  { part: "lint", name: "oxfmt", run: () => ({ code: run(node, [programOf("oxfmt"), "--check"]) }) },
  { part: "lint", name: "tsc", run: () => ({ code: run(node, [programOf("typescript", "tsc"), "--noEmit"]) }) },
  { part: "lint", name: "knip", run: () => ({ code: run(node, [programOf("knip")]) }) },
  { part: "unit", name: "unit tests", run: () => vitest("unit") },
  { part: "gpu", name: "GPU tests", run: () => vitest("gpu") },
  { part: "reference", name: "reference", run: reference },
  { part: "build", name: "build", run: () => ({ code: run(node, [programOf("vite"), "build", "--logLevel", "warn"]) }) },
  { part: "e2e", name: "browser tests", run: playwright },
];

/** Debian has a package that holds all we need; elsewhere the reader chooses. */
function installChromium() {
  const isDebian = existsSync("/etc/os-release") && /^ID=debian$/m.test(readFileSync("/etc/os-release", "utf8"));
  if (!isDebian || process.getuid?.() !== 0) return;
  console.log("Installing Chromium (apt-get) …");
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const retry = ["-o", "Acquire::Retries=5"];
  run("apt-get", [...retry, "update", "-qq"], env);
  run("apt-get", [...retry, "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu-core"], env);
}

function requireChromium() {
  if (findChromium() === undefined) installChromium();
  if (findChromium() !== undefined) return;
  console.error(
    "No Chrome or Chromium found: install one, or run `npx playwright install --with-deps chromium`, or set CHROME_PATH to its program.",
  );
  process.exit(1);
}

/** @param {(typeof steps)[number]} step @returns {Outcome} */
function perform({ part, name, run: start }) {
  console.log(`\n── ${name}`);
  const begun = performance.now();
  const { code, report, note } = start();
  const totals = report === undefined ? { ...noTests(), failed: code === 0 ? 0 : 1 } : readTotals(report, code);
  return { part, name, seconds: (performance.now() - begun) / 1000, code, totals, ...(note === undefined ? {} : { note }) };
}

/** @param {readonly Outcome[]} outcomes */
function summarize(outcomes) {
  console.log("\nstep            result     time");
  for (const { name, code, seconds, note } of outcomes) {
    console.log(
      `${name.padEnd(15)} ${(code === 0 ? "ok" : "FAILED").padEnd(7)} ${seconds.toFixed(1).padStart(6)} s${note ? `  ${note}` : ""}`,
    );
  }
  for (const skip of outcomes.flatMap(({ totals }) => totals.skips)) console.log(`skipped: ${skip}`);
  const sum = (/** @type {"passed" | "failed" | "skipped"} */ key) => outcomes.reduce((total, { totals }) => total + totals[key], 0);
  console.log(`\n${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped`);
}

const asked = process.argv.slice(2);
const parts = [...new Set(steps.map(({ part }) => part))];
const unknown = asked.find((part) => !parts.includes(part));
if (unknown !== undefined) {
  console.error(`There is no part "${unknown}"; the parts are ${parts.join(", ")}.`);
  process.exit(2);
}
requireNode();
installMissing();
// Browser tests run on the production build.
const wanted = asked.length === 0 ? parts : asked.includes("e2e") ? [...asked, "build"] : asked;
if (["gpu", "reference", "e2e"].some((part) => wanted.includes(part))) requireChromium();
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
/** @type {Outcome[]} */
const outcomes = [];
for (const step of steps.filter(({ part }) => wanted.includes(part))) outcomes.push(perform(step));
summarize(outcomes);
process.exit(outcomes.every(({ code }) => code === 0) ? 0 : 1);
