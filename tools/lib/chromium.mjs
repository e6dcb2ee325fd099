// Finds Chrome or Chromium. Plain JavaScript with Node's own modules only: it runs before anything is installed.
import { accessSync, constants, readdirSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/** Vulkan files of a browser sit beside its binary; Debian's `/usr/bin/chromium` is only a script that starts it. */
const linuxFolders = ["/usr/lib/chromium", "/usr/lib/chromium-browser", "/opt/google/chrome", "/opt/chromium.org/chromium"];

/** Chromium with WebGPU on its software adapter, and silent on the network. */
export const quietArgs = [
  "--no-sandbox",
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** @param {string} path */
export function isReadable(path) {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** The `chromium-<revision>` folders that `npx playwright install` fills, newest first. */
function playwrightFolders() {
  const caches = [
    process.env["PLAYWRIGHT_BROWSERS_PATH"],
    join(homedir(), ".cache/ms-playwright"),
    join(homedir(), "Library/Caches/ms-playwright"),
  ];
  return caches
    .filter((cache) => cache !== undefined && isReadable(cache))
    .flatMap((cache) =>
      readdirSync(String(cache))
        .filter((entry) => /^chromium-\d+$/.test(entry))
        .sort((a, b) => Number(b.slice(9)) - Number(a.slice(9)))
        .map((entry) => join(String(cache), entry)),
    );
}

function candidates() {
  const onPath = (process.env["PATH"] ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  const playwright = playwrightFolders();
  if (process.platform === "darwin") {
    const forTesting = "Google Chrome for Testing";
    const apps = ["Google Chrome", "Chromium", "Google Chrome Canary"].map((app) => `/Applications/${app}.app/Contents/MacOS/${app}`);
    return [
      ...apps,
      ...apps.map((app) => join(homedir(), app)),
      ...playwright.flatMap((f) =>
        ["x64", "arm64"].map((cpu) => join(f, `chrome-mac-${cpu}/${forTesting}.app/Contents/MacOS/${forTesting}`)),
      ),
      ...onPath,
    ];
  }
  if (process.platform === "win32") {
    const roots = [process.env["PROGRAMFILES"], process.env["PROGRAMFILES(X86)"], process.env["LOCALAPPDATA"]].filter(
      (root) => root !== undefined,
    );
    return roots.flatMap((root) => ["Google/Chrome", "Chromium"].map((app) => join(root, app, "Application/chrome.exe")));
  }
  return [
    ...onPath,
    ...linuxFolders.flatMap((f) => [join(f, "chrome"), join(f, "chromium")]),
    ...playwright.flatMap((f) => ["chrome-linux64/chrome", "chrome-linux/chrome"].map((program) => join(f, program))),
  ];
}

/**
 * Path of a Chrome or Chromium to run, `CHROME_PATH` first.
 * @returns {string | undefined}
 */
export function findChromium() {
  const asked = process.env["CHROME_PATH"];
  return [...(asked ? [asked] : []), ...candidates()].find(isReadable);
}

/**
 * Folder with the browser's own software Vulkan driver (SwiftShader) and Vulkan loader, on Linux.
 * @returns {string | undefined}
 */
export function findSwiftShader() {
  const browser = findChromium();
  const own = browser === undefined ? [] : [dirname(realpathSync(browser))];
  const folders = [...own, ...linuxFolders, ...playwrightFolders().flatMap((f) => [join(f, "chrome-linux64"), join(f, "chrome-linux")])];
  return folders.find((folder) => isReadable(join(folder, "vk_swiftshader_icd.json")));
}
