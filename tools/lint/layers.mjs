// oxlint plugin with the import table of docs/architecture.md: imports point down the list only.
import { dirname, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** From top to bottom; folders in one row are siblings and do not import each other. */
const rows = [
  ["app"],
  ["panels"],
  ["texts"],
  ["charts", "ui"],
  ["lessons", "share"],
  ["store"],
  ["engine"],
  ["evaluation"],
  ["keeping"],
  ["exchange"],
  ["ledger"],
  ["bench"],
  ["methods"],
  ["editing"],
  ["mixture"],
  ["model"],
  ["weights"],
  ["tokenizer"],
  ["kernels"],
  ["gpu"],
  ["lib"],
];
const rank = new Map(rows.flatMap((row, index) => row.map((folder) => /** @type {[string, number]} */ ([folder, index]))));

/** Know nothing of the domain: props in, pixels out. */
const withoutDomain = new Set(["charts", "ui"]);
/** On the page's thread. */
const page = new Set(["app", "panels", "texts", "charts", "ui", "lessons", "share", "store"]);
/** What the page takes from the engine; the rest runs in the worker. */
const pageSide = [
  "src/engine/protocol",
  "src/engine/client",
  "src/bench/results",
  "src/bench/report",
  "src/bench/client",
  "src/evaluation/results",
  // Pure, and of few lines: rates and how sure they are.
  "src/evaluation/intervals",
];
const pagePackages = ["react", "react-dom", "zustand", "recharts"];

/**
 * @param {string} from folder under src
 * @param {string} to folder under src
 * @param {string} path of the module imported, from the root, without its extension
 * @returns {string | undefined} what is wrong and what to do
 */
function wrongFolder(from, to, path) {
  const down = rank.get(to);
  const here = rank.get(from);
  if (down === undefined || here === undefined)
    return `src/${to} is not in the import table: add it to tools/lint/layers.mjs and to docs/architecture.md.`;
  if (withoutDomain.has(from) && to !== "lib") {
    return `src/${from} knows nothing of the domain and imports src/lib only: take what you need from src/${to} as a prop.`;
  }
  if (down <= here) {
    return `src/${from} may not import src/${to}: imports point down (${rows.map((row) => row.join("+")).join(" > ")}). Move the shared part into the lower folder, or pass it in as an argument.`;
  }
  if (page.has(from) && !page.has(to) && to !== "lib" && !pageSide.includes(path)) {
    return `src/${from} runs on the page's thread and may not import ${path}: call the engine through src/engine/client.ts, and take types from src/engine/protocol.ts.`;
  }
  return undefined;
}

/**
 * @param {string} file importing, from the root
 * @param {string} source as written
 * @returns {string | undefined} what is wrong and what to do
 */
export function wrongImport(file, source) {
  const [top, from = ""] = file.split("/");
  const isTest = /\.test\.tsx?$|\/testing\//.test(file);
  if (top !== "src" || !rank.has(from)) return undefined;
  if (!source.startsWith(".")) {
    const name = source.split("/")[0] ?? source;
    if (!pagePackages.includes(name) || page.has(from) || isTest) return undefined;
    return `${name} stays in ${[...page].join(", ")}: src/${from} also runs in the worker and headless. Pass plain data up and draw it there.`;
  }
  const path = relative(root, resolve(root, dirname(file), source.replace(/\?.*$/, "")))
    .split(sep)
    .join("/");
  const [area, to = ""] = path.split("/");
  if (area === "shaders") {
    return from === "kernels"
      ? undefined
      : `src/${from} may not import ${path}: shaders are declared in src/kernels. Import the kernel's declaration.`;
  }
  if (area !== "src") {
    return isTest ? undefined : `src may not import ${path}: only tests take from outside src. Move what the page needs into src.`;
  }
  return to === from || isTest ? undefined : wrongFolder(from, to, path.replace(/\.tsx?$/, ""));
}

const importsPointDown = {
  /** @param {{ filename: string, report(problem: { node: object, message: string }): void }} context */
  create(context) {
    const file = relative(root, context.filename).split(sep).join("/");
    /** @param {{ source?: { value?: unknown } | null }} node */
    const check = (node) => {
      const source = node.source?.value;
      const message = typeof source === "string" ? wrongImport(file, source) : undefined;
      if (message !== undefined) context.report({ node, message });
    };
    return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check, ImportExpression: check };
  },
};

/** The shape that oxlint loads. */
export default { meta: { name: "layers" }, rules: { "imports-point-down": importsPointDown } };
