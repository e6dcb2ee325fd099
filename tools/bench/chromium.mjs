// `node tools/bench/chromium.mjs OPTIONS OUT`: builds the peers' page, opens it in a headless Chromium and writes what it measured to OUT.
import { createReadStream, existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { chromium } from "@playwright/test";
import { build } from "vite";
import { findChromium } from "../lib/chromium.mjs";
import { root } from "../lib/commands.mjs";

const built = join(root, "node_modules/.cache/elder-lab/bench-page");
const folders = [
  { prefix: "/ort/", folder: join(root, "node_modules/onnxruntime-web/dist") },
  { prefix: "/models/", folder: join(root, "public/models") },
  { prefix: "/", folder: built },
];
/** @type {Record<string, string>} */
const types = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
  ".json": "application/json",
};

function buildPage() {
  return build({
    root: join(root, "tools/bench/page"),
    configFile: false,
    logLevel: "error",
    publicDir: false,
    build: { outDir: built, emptyOutDir: true, target: "es2023", minify: false, chunkSizeWarningLimit: 10_000 },
  });
}

/** @param {string} url */
function fileOf(url) {
  const path = normalize(decodeURIComponent(new URL(url, "http://page").pathname));
  const { prefix, folder } = folders.find((each) => path.startsWith(each.prefix)) ?? { prefix: "/", folder: built };
  return join(folder, path === "/" ? "index.html" : path.slice(prefix.length));
}

/** Serves the page, the runtime and the model on this machine only. */
async function serve() {
  const server = createServer((request, response) => {
    const file = fileOf(request.url ?? "/");
    if (!existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "Content-Type": types[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server gave no port.");
  return { address: `http://127.0.0.1:${address.port}/`, close: () => server.close() };
}

const silent = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** A real GPU first; then the browser's software adapter. */
const adapters = [
  ["--enable-unsafe-webgpu", "--enable-features=Vulkan", "--use-angle=vulkan", "--disable-vulkan-surface", "--ignore-gpu-blocklist"],
  ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"],
];

/** @param {string} address */
async function openOnAdapter(address) {
  const executablePath = findChromium();
  for (const args of adapters) {
    const browser = await chromium.launch({ args: [...silent, ...args], ...(executablePath === undefined ? {} : { executablePath }) });
    const page = await browser.newPage();
    await page.goto(address);
    const found = await page.evaluate(async () => Boolean(await navigator.gpu?.requestAdapter()));
    if (found) return { browser, page };
    await browser.close();
  }
  throw new Error("Chromium gives no WebGPU adapter.");
}

const [options = "{}", out = ""] = process.argv.slice(2);
await buildPage();
const server = await serve();
const { browser, page } = await openOnAdapter(server.address);
page.on("console", (message) => {
  if (message.text().startsWith("bench: ") || message.type() === "error") console.error(`    ${message.text()}`);
});
try {
  const section = await page.evaluate((given) => globalThis.window.measurePeers(given), JSON.parse(options));
  writeFileSync(out, JSON.stringify(section));
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
await browser.close();
server.close();
