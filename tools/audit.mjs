// `npm run audit`: what the dependencies are, checked without a network. Exits 1 when something is not as it should be.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as rules from "./audit/lockfile.mjs";
import { root } from "./lib/commands.mjs";

/** @param {string} path from the root */
const text = (path) => readFileSync(join(root, path), "utf8");
const installedPath = "node_modules/.package-lock.json";
const lock = JSON.parse(text("package-lock.json"));
const manifest = JSON.parse(text("package.json"));
const readme = text("README.md");
const { asOf, advisories } = JSON.parse(text("tools/audit/advisories.json"));
const installed = existsSync(join(root, installedPath)) ? JSON.parse(text(installedPath)) : { packages: {} };

/** @type {readonly (readonly [name: string, faults: readonly string[]])[]} */
const checks = [
  ["lock file's version", rules.checkVersion(lock)],
  ["a hash for every package", rules.checkIntegrity(lock)],
  ["one registry, nothing else", [...rules.checkOrigins(lock), ...rules.checkRequests(manifest)]],
  ["no install scripts but those known", rules.checkScripts(lock, text(".npmrc"))],
  ["licences", rules.checkLicences(lock)],
  ["a reason for every direct dependency", rules.checkReasons(manifest, readme)],
  [`none of ${advisories.length} advisories of ${asOf}`, rules.checkAdvisories(lock, advisories)],
  ["what is installed is what is locked", rules.checkInstalled(lock, installed)],
];
for (const [name, faults] of checks) {
  console.log(`${faults.length === 0 ? "ok    " : "FAULTY"}  ${name}`);
  for (const fault of faults) console.log(`          ${fault}`);
}
console.log(
  `\n${Object.keys(lock.packages).length - 1} packages; ${rules.withoutHash(lock)} builds of development tools for other systems have no hash in the lock`,
);
process.exit(checks.every(([, faults]) => faults.length === 0) ? 0 : 1);
