// Runs a command-line program: `node tools/run.mjs NAME ARGS…` bundles tools/NAME.ts as the page is bundled
// (TypeScript, `?raw` shaders, TF.js through its ES modules), runs it and exits with what its `main(argv)` returns.
// Programs run from the bundle, in a process of their own, so that the bundler's memory is none of theirs: they find files from
// process.cwd(), which is where they were called.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = join(root, "node_modules/.cache/elder-lab");

/**
 * One module with everything but Node's own modules, the native `webgpu` and Playwright in it.
 * @param {string} name
 */
async function bundle(name) {
  const entry = "virtual:program";
  const program = {
    name: "program",
    /** @param {string} id */
    resolveId: (id) => (id === entry ? id : undefined),
    /** @param {string} id */
    load: (id) =>
      // WebGPU comes first: TF.js looks for it when it is imported.
      id === entry
        ? `import ${JSON.stringify(join(root, "tools/testing/dawn.ts"))};
import { main } from ${JSON.stringify(join(root, `tools/${name}.ts`))};
const flushed = (stream) => new Promise((resolve) => stream.write("", resolve));
let code = 1;
try {
  code = await main(process.argv.slice(2));
} catch (error) {
  console.error(error);
}
await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
// Dawn keeps the event loop alive while a device lives.
process.exit(code);`
        : undefined,
  };
  const result = await build({
    root,
    configFile: false,
    logLevel: "warn",
    plugins: [program],
    ssr: { noExternal: true, external: ["webgpu", "@playwright/test"] },
    resolve: { mainFields: ["module", "jsnext:main", "main"] },
    build: { ssr: true, write: false, minify: false, target: "node20", rollupOptions: { input: entry, output: { codeSplitting: false } } },
  });
  if (!("output" in result)) throw new Error(`Bundling tools/${name}.ts gave no output.`);
  const [chunk] = result.output;
  return chunk.code;
}

const [name, ...argv] = process.argv.slice(2);
if (name === undefined || !existsSync(join(root, `tools/${name}.ts`))) {
  console.error(
    `usage: node tools/run.mjs NAME ARGS…\nNAME is a program in tools/ (tools/NAME.ts exports main(argv)); got ${name ?? "nothing"}.`,
  );
  process.exit(2);
}
const file = join(cache, `${name}.mjs`);
mkdirSync(dirname(file), { recursive: true });
// Renamed into place, so that two runs at once never read half a bundle.
writeFileSync(`${file}.${process.pid}`, await bundle(name));
renameSync(`${file}.${process.pid}`, file);
const program = spawn(process.execPath, [file, ...argv], { stdio: "inherit" });
// The program ends itself in its own way, and this process after it. A terminal tells both of an interrupt, a scheduler maybe this one alone.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => program.kill("SIGTERM"));
const [status, signal] = await once(program, "exit");
if (signal !== null) console.error(`tools/${name}.ts was ended by ${signal}.`);
process.exit(status ?? 1);
