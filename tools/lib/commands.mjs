// What `npm start` and `npm test` share. Node's own modules only: they run before anything is installed.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** @param {string} path from the root */
const readJson = (path) => JSON.parse(readFileSync(join(root, path), "utf8"));

/**
 * Runs a command to its end with its output on ours.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Record<string, string>} [env] on top of our own
 * @returns {number} exit code
 */
export function run(command, args, env = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } });
  if (result.error) console.error(`${command}: ${result.error.message}`);
  return result.status ?? 1;
}

/** Path of the program that an installed package brings, to be run by `node`. */
export function programOf(/** @type {string} */ packageName, name = packageName) {
  const { bin } = readJson(`node_modules/${packageName}/package.json`);
  return join(root, "node_modules", packageName, typeof bin === "string" ? bin : bin[name]);
}

/**
 * True when node_modules holds what package-lock.json asks for, version by version. Optional packages are for other platforms.
 * @returns {boolean}
 */
function isInstalled() {
  try {
    const installed = readJson("node_modules/.package-lock.json").packages;
    /** @type {[string, { version?: string, optional?: boolean }][]} */
    const wanted = Object.entries(readJson("package-lock.json").packages);
    return wanted.every(([path, entry]) => path === "" || entry.optional === true || installed[path]?.version === entry.version);
  } catch {
    return false;
  }
}

/** Runs `npm ci` when something is missing; ends the process when that fails. */
export function installMissing() {
  if (isInstalled()) return;
  console.log("Installing what is missing (npm ci) …");
  const npm = process.env["npm_execpath"];
  const [command, ...before] = npm?.endsWith(".js") ? [process.execPath, npm] : [process.platform === "win32" ? "npm.cmd" : "npm"];
  const result = spawnSync(command ?? "npm", [...before, "ci"], { cwd: root, stdio: "inherit", shell: process.platform === "win32" });
  if (result.status !== 0) {
    console.error("npm ci failed: see its message above. It needs Node 20.19 or newer and a reachable package registry.");
    process.exit(1);
  }
}

/** Ends the process when Node is older than package.json asks for. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`This needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}
