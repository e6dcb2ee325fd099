// `npm start`: installs what is missing, builds what is old, and serves the page on this machine.
//   --dev        Vite's development server instead, with hot reload
//   --port N     a port of your choice (default 4173, or the next free one)
//   --base PATH  serve the build under a path, e.g. /some/path/
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { installMissing, programOf, requireNode, root, run } from "./lib/commands.mjs";

const sources = ["src", "shaders", "public", "tools/bundle", "index.html", "vite.config.ts", "tsconfig.json", "package-lock.json"];

/**
 * Time of the newest file at or below a path.
 * @param {string} path
 * @returns {number} milliseconds; 0 when there is nothing
 */
function newest(path) {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (facts === undefined) return 0;
  if (!facts.isDirectory()) return facts.mtimeMs;
  // The folder's own time tells of files removed.
  return Math.max(facts.mtimeMs, ...readdirSync(path).map((entry) => newest(join(path, entry))));
}

/**
 * @param {string} name of an option with a value
 * @param {string} fallback
 */
function option(name, fallback) {
  const at = process.argv.indexOf(name);
  return at < 0 ? fallback : (process.argv[at + 1] ?? fallback);
}

requireNode();
installMissing();
const port = option("--port", "4173");
if (process.argv.includes("--dev")) {
  process.exit(run(process.execPath, [programOf("vite"), "--host", "127.0.0.1", "--port", port]));
}
const built = statSync(join(root, "dist/index.html"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
if (built < Math.max(...sources.map((path) => newest(join(root, path))))) {
  const code = run(process.execPath, [programOf("vite"), "build", "--logLevel", "warn"]);
  if (code !== 0) process.exit(code);
}
const base = option("--base", "/");
// Vite is there only once it has been installed.
const { servePreview } = await import("./lib/preview.mjs");
const { address } = await servePreview(Number(port), base);
console.log(`ELDER Lab is at ${address}\nOpen it in Chrome or another browser with WebGPU. Ctrl+C ends it.`);
