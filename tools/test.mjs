// `npm test`: everything a change must pass. `npm test -- PART…` runs parts of it: lint, unit, fuzz, gpu, reference, harnesses, build, e2e,
// browser.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { findChromium } from "./lib/chromium.mjs";
import { installMissing, programOf, requireNode, root, run } from "./lib/commands.mjs";
import { installChromium, installMesa } from "./lib/debian.mjs";
import { noTests, readTotals } from "./lib/testTotals.mjs";

const reports = join(root, "artifacts/reports");
const node = process.execPath;

/** What a step ended with. `skip` says why nothing ran. @typedef {{ code: number, report?: string, note?: string, skip?: string }} Result */
/** @typedef {{ part: string, name: string, seconds: number, totals: import("./lib/testTotals.mjs").Totals } & Result} Outcome */

/**
 * @param {string} project
 * @param {{ name?: string, only?: string[], env?: Record<string, string> }} [options] `only`: parts of the files' paths
 * @returns {{ code: number, report: string }}
 */
function vitest(project, { name = project, only = [], env = {} } = {}) {
  const report = join(reports, `${name}.json`);
  const args = ["run", "--project", project, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  return { code: run(node, [programOf("vitest"), ...args, ...only], env), report };
}

/**
 * The adapter that GPU tests would compute on. A process of its own: the driver stays loaded in the one that asks.
 * @param {Record<string, string>} [env]
 * @returns {{ name?: string, fault?: string }} neither when the driver brought its process down
 */
function findAdapter(env = {}) {
  const { stdout } = spawnSync(node, [join(root, "tools/adapter.mjs")], { encoding: "utf8", env: { ...process.env, ...env } });
  const answer = stdout.split("\n").find((line) => line.startsWith("{"));
  return answer === undefined ? {} : JSON.parse(answer);
}

/** @returns {Result} */
function gpuTests() {
  const { name, fault } = findAdapter();
  const note = name ?? fault ?? "the adapter's driver crashed";
  console.log(note);
  return { ...vitest("gpu"), note };
}

/** Kernels once more, on a driver that shares no code with the browser's. @returns {Result} */
function lavapipeTests() {
  // Set but empty counts as unset: this step is for lavapipe alone.
  const env = { ELDER_ADAPTER: "lavapipe", VK_ICD_FILENAMES: "" };
  let adapter = findAdapter(env);
  if (adapter.fault !== undefined) {
    installMesa();
    adapter = findAdapter(env);
  }
  if (adapter.fault !== undefined) return { code: 0, skip: adapter.fault };
  const note = adapter.name ?? "lavapipe's driver crashed";
  console.log(note);
  return { ...vitest("gpu", { name: "gpu-lavapipe", only: ["src/kernels/", "src/gpu/", "tools/lib/dawn.gpu.test.ts"], env }), note };
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

/** A program's short run. @param {string} name @param {string[]} args */
const short = (name, ...args) => ({ code: run(node, [join(root, "tools/run.mjs"), name, "--short", ...args]) });

/** @type {{ part: string, name: string, run: () => Result }[]} */
const steps = [
  { part: "lint", name: "oxlint", run: () => ({ code: run(node, [programOf("oxlint")]) }) },
  { part: "lint", name: "oxfmt", run: () => ({ code: run(node, [programOf("oxfmt"), "--check"]) }) },
  { part: "lint", name: "tsc", run: () => ({ code: run(node, [programOf("typescript", "tsc"), "--noEmit"]) }) },
  { part: "lint", name: "knip", run: () => ({ code: run(node, [programOf("knip")]) }) },
  { part: "lint", name: "audit", run: () => ({ code: run(node, [join(root, "tools/audit.mjs")]) }) },
  { part: "unit", name: "unit tests", run: () => vitest("unit") },
  {
    part: "fuzz",
    name: "fuzz",
    run: () => ({ code: run(node, [join(root, "tools/run.mjs"), "fuzz", "--short"]), note: "200,000 mutants" }),
  },
  { part: "gpu", name: "GPU tests", run: gpuTests },
  { part: "gpu", name: "GPU tests, lavapipe", run: lavapipeTests },
  { part: "reference", name: "reference", run: reference },
  { part: "harnesses", name: "soak", run: () => short("soak") },
  { part: "harnesses", name: "chaos", run: () => short("chaos") },
  { part: "build", name: "build", run: () => ({ code: run(node, [programOf("vite"), "build", "--logLevel", "warn"]) }) },
  { part: "e2e", name: "browser tests", run: playwright },
  { part: "browser", name: "chaos in Chromium", run: () => short("chaos", "--only", "kills,losses") },
];

function requireChromium() {
  if (findChromium() === undefined) installChromium();
  if (findChromium() !== undefined) return;
  console.error(
    "No Chrome or Chromium found: install one, or run `npx playwright install --with-deps chromium`, or set CHROME_PATH to its program.",
  );
  process.exit(1);
}

/** @param {string} name @param {Result} result */
function countTests(name, { code, report, skip }) {
  if (skip !== undefined) return { ...noTests(), skipped: 1, skips: [`${name}: ${skip}`] };
  return report === undefined ? { ...noTests(), failed: code === 0 ? 0 : 1 } : readTotals(report, code);
}

/** @param {(typeof steps)[number]} step @returns {Outcome} */
function perform({ part, name, run: start }) {
  console.log(`\n── ${name}`);
  const begun = performance.now();
  const result = start();
  if (result.skip !== undefined) console.log(`skipped: ${result.skip}`);
  return { part, name, seconds: (performance.now() - begun) / 1000, totals: countTests(name, result), ...result };
}

/** @param {readonly Outcome[]} outcomes */
function summarize(outcomes) {
  console.log("\nstep                 result      time");
  for (const { name, code, seconds, note, skip } of outcomes) {
    const result = code !== 0 ? "FAILED" : skip === undefined ? "ok" : "skipped";
    console.log(`${name.padEnd(20)} ${result.padEnd(7)} ${seconds.toFixed(1).padStart(7)} s${note ? `  ${note}` : ""}`);
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
const wanted = asked.length === 0 ? parts : asked.some((part) => ["e2e", "browser"].includes(part)) ? [...asked, "build"] : asked;
if (["gpu", "reference", "harnesses", "e2e", "browser"].some((part) => wanted.includes(part))) requireChromium();
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
/** @type {Outcome[]} */
const outcomes = [];
for (const step of steps.filter(({ part }) => wanted.includes(part))) outcomes.push(perform(step));
summarize(outcomes);
process.exit(outcomes.every(({ code }) => code === 0) ? 0 : 1);
