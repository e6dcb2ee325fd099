// Reads the JSON reports of Vitest and Playwright. Node's own modules only.
import { readFileSync } from "node:fs";

/** @typedef {{ passed: number, failed: number, skipped: number, skips: string[] }} Totals */

/** @returns {Totals} */
export const noTests = () => ({ passed: 0, failed: 0, skipped: 0, skips: [] });

/**
 * @param {any} report
 * @returns {Totals}
 */
function vitestTotals(report) {
  const tests = report.testResults.flatMap((/** @type {any} */ file) => file.assertionResults);
  const skips = tests.filter((/** @type {any} */ test) => !["passed", "failed"].includes(test.status));
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: skips.length,
    skips: skips.map((/** @type {any} */ test) => [test.fullName, test.meta?.reason].filter(Boolean).join(": ")),
  };
}

/**
 * @param {any} suite
 * @returns {string[]} titles of skipped tests, with the reason given
 */
function playwrightSkips(suite) {
  const own = (suite.specs ?? []).flatMap((/** @type {any} */ spec) =>
    spec.tests
      .filter((/** @type {any} */ test) => test.status === "skipped")
      .map((/** @type {any} */ test) =>
        [spec.title, test.annotations.find((/** @type {any} */ a) => a.type === "skip")?.description].filter(Boolean).join(": "),
      ),
  );
  return [...own, ...(suite.suites ?? []).flatMap(playwrightSkips)];
}

/**
 * What a test run counted.
 * @param {string} file JSON report
 * @param {number} code exit code of the run: a failure without a failed test still counts as one
 * @returns {Totals}
 */
export function readTotals(file, code) {
  let totals = noTests();
  try {
    const report = JSON.parse(readFileSync(file, "utf8"));
    totals = report.stats
      ? {
          passed: report.stats.expected + report.stats.flaky,
          failed: report.stats.unexpected,
          skipped: report.stats.skipped,
          skips: playwrightSkips(report),
        }
      : vitestTotals(report);
  } catch (error) {
    console.error(`No report in ${file}: ${String(error)}`);
  }
  return code !== 0 && totals.failed === 0 ? { ...totals, failed: 1 } : totals;
}
