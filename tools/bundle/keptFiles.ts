/** The list of files that the service worker keeps, written into it once the build lies on disk. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { Plugin } from "vite";
import type { KeepWhen, KeptFile } from "../../src/app/offline/serviceWorker.ts";

export const SERVICE_WORKER = "serviceWorker.js";
const placeholder = "KEPT_FILES";

/** @returns null for what is not kept */
export function keepWhen(path: string): KeepWhen | null {
  if (path === SERVICE_WORKER || path.endsWith(".md") || path.endsWith(".map")) return null;
  if (path.startsWith("models/") && path.endsWith("/examples.json")) return "install";
  // The engine is of use with its model only.
  if (/^models\/[^/]+\/int8\//.test(path) || /^assets\/\w*[wW]orker-/.test(path)) return "later";
  if (path.startsWith("models/") || path.startsWith("edits/")) return "asked";
  return "install";
}

const sha256Of = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");

/** Files below a folder that are kept, in the order of their paths. */
export function listKept(folder: string): KeptFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort()
    .flatMap((path): KeptFile[] => {
      const when = keepWhen(path);
      return when === null ? [] : [[path, sha256Of(join(folder, path)), when]];
    });
}

/** @throws Error where the service worker is no plain script with one place for the list */
export function withKept(code: string, files: readonly KeptFile[]): string {
  const parts = code.split(new RegExp(`\\b${placeholder}\\b`));
  if (parts.length < 2 || code.startsWith(`const ${placeholder}`) || /^\s*(?:import|export)\b/m.test(code))
    throw new Error(`${SERVICE_WORKER}: expected a plain script that reads ${placeholder}, without imports and exports.`);
  return `const ${placeholder}=${JSON.stringify(files)};${code}`;
}

/** The page's icon in the page itself: browsers ask for it again and again, at every change of the address. */
export function withIcon(page: string, svg: string): string {
  return page.replace(/(<link rel="icon" href=")[^"]*/, `$1data:image/svg+xml,${encodeURIComponent(svg.trim())}`);
}

/** A second entry beside the page, and its list once everything else is written. */
export function keptFiles(): Plugin {
  let folder = "";
  let icon = "";
  return {
    name: "kept-files",
    apply: "build",
    configResolved({ root, build, publicDir }) {
      folder = join(root, build.outDir);
      icon = join(publicDir, "favicon.svg");
    },
    transformIndexHtml: (page) => withIcon(page, readFileSync(icon, "utf8")),
    // Once all files lie there, those of public/ too; a build that failed writes none.
    writeBundle: {
      order: "post",
      handler() {
        const file = join(folder, SERVICE_WORKER);
        writeFileSync(file, withKept(readFileSync(file, "utf8"), listKept(folder)));
      },
    },
  };
}
