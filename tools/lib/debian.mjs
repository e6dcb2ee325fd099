// Installs what tests need on Debian, as root. Node's own modules only: on a bare machine it runs before anything else.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./commands.mjs";
import { oldestMesa } from "./vulkan.mjs";

const sourcesList = "/etc/apt/sources.list";
const sourcesFolder = "/etc/apt/sources.list.d";
const mesa = "mesa-vulkan-drivers";

/** One entry of apt's sources: which suites it serves, and how it would be written for another suite, options included. */
/** @typedef {{ suites: string[], components: string[], format: "list" | "sources", write: (suite: string) => string }} Source */

/** @param {string} name of a field in /etc/os-release */
function osRelease(name) {
  const text = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  return new RegExp(`^${name}="?([^"\\n]*)`, "m").exec(text)?.[1] ?? "";
}

const mayInstall = () => osRelease("ID") === "debian" && process.getuid?.() === 0;

/** @param {readonly string[]} args */
function aptGet(args) {
  const options = ["-o", "Acquire::Retries=2", "-o", "DPkg::Lock::Timeout=120"];
  return run("apt-get", [...options, "-qq", ...args], { DEBIAN_FRONTEND: "noninteractive" }) === 0;
}

/**
 * @param {readonly string[]} packages
 * @param {readonly string[]} [from] options that name the release
 */
function install(packages, from = []) {
  // Registries fail now and then, and this runs where nobody can start it again.
  for (const seconds of [0, 10, 20]) {
    if (seconds > 0) console.error(`apt-get failed; once more in ${seconds} s.`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
    // A failed update is no end: the lists of before, or those of the other sources, may do.
    aptGet(["update"]);
    if (aptGet(["install", "-y", "--no-install-recommends", ...from, ...packages])) return true;
  }
  return false;
}

/**
 * Entries of a `sources.list`: `deb [options] URI suite component…`.
 * @param {string} text
 * @returns {Source[]}
 */
export function parseList(text) {
  return [...text.matchAll(/^[ \t]*deb[ \t]+(\[[^\]]*\][ \t]+)?(\S+)[ \t]+(\S+)([^#\n]*)/gm)].map(
    ([, options = "", uri, suite = "", rest = ""]) => ({
      suites: [suite],
      components: rest.trim().split(/\s+/),
      format: "list",
      write: (other) => `deb ${options}${uri} ${other} main\n`,
    }),
  );
}

/**
 * Entries of a deb822 `*.sources` file: paragraphs of fields, whose values may go on in indented lines.
 * @param {string} text
 * @returns {Source[]}
 */
export function parseDeb822(text) {
  const paragraphs = text.replaceAll(/^#.*\n?/gm, "").split(/\n(?:[ \t]*\n)+/);
  return paragraphs.flatMap((paragraph) => {
    const fields = [...paragraph.matchAll(/^([\w-]+):(.*(?:\n[ \t].*)*)/gm)].map(([, name = "", value = ""]) => ({ name, value }));
    const words = (/** @type {string} */ key) =>
      fields
        .find(({ name }) => name.toLowerCase() === key)
        ?.value.trim()
        .split(/\s+/) ?? [];
    if (!words("types").includes("deb") || ["no", "false", "0"].includes(words("enabled")[0] ?? "yes")) return [];
    const kept = fields.filter(({ name }) => !["types", "suites", "components"].includes(name.toLowerCase()));
    const write = (/** @type {string} */ suite) =>
      ["Types: deb", ...kept.map(({ name, value }) => `${name}:${value}`), `Suites: ${suite}`, "Components: main", ""].join("\n");
    return { suites: words("suites"), components: words("components"), format: "sources", write };
  });
}

/**
 * The machine's own source of the release. Another vendor's source may bear the release's name as well; Debian's is the
 * one that lists the release's updates too.
 * @param {readonly Source[]} sources
 * @param {string} codename
 * @returns {Source | undefined}
 */
export function findRelease(sources, codename) {
  const main = sources.filter(({ suites, components }) => suites.includes(codename) && components.includes("main"));
  const updates = sources.filter(({ suites }) => suites.includes(`${codename}-updates`)).map(({ write }) => write(codename));
  return main.find(({ write }) => updates.includes(write(codename))) ?? main[0];
}

/** @returns {Source[]} */
function readSources() {
  const inFolder = existsSync(sourcesFolder) ? readdirSync(sourcesFolder).map((file) => join(sourcesFolder, file)) : [];
  return [sourcesList, ...inFolder].flatMap((file) => {
    if (!existsSync(file)) return [];
    if (file.endsWith(".sources")) return parseDeb822(readFileSync(file, "utf8"));
    return file.endsWith(".list") ? parseList(readFileSync(file, "utf8")) : [];
  });
}

/**
 * Makes apt know the suite of backports, when it does not yet.
 * @param {string} codename
 * @returns {string | undefined} the file written, if any
 */
function addBackports(codename) {
  const suite = `${codename}-backports`;
  const sources = readSources();
  const release = findRelease(sources, codename);
  if (sources.some(({ suites }) => suites.includes(suite)) || release === undefined) return undefined;
  const file = join(sourcesFolder, `${suite}.${release.format}`);
  if (existsSync(file)) return undefined;
  writeFileSync(file, release.write(suite));
  return file;
}

/** The major version of Mesa that apt would install by itself; 0 when it knows none. */
function offeredMesa() {
  const { stdout } = spawnSync("apt-cache", ["policy", mesa], { encoding: "utf8", env: { ...process.env, LC_ALL: "C" } });
  return Number(/Candidate: (?:\d+:)?(\d+)/.exec(stdout)?.[1] ?? 0);
}

/** Debian has a package that holds all we need; elsewhere the reader chooses. */
export function installChromium() {
  if (!mayInstall()) return;
  console.log("Installing Chromium (apt-get) …");
  install(["chromium", "fonts-dejavu-core"]);
}

/** Mesa's lavapipe: from the release where it is new enough, else (bookworm has 22.3) from its backports. */
export function installMesa() {
  if (!mayInstall()) return;
  console.log("Installing Mesa's lavapipe (apt-get) …");
  aptGet(["update"]);
  if (offeredMesa() >= oldestMesa) {
    install([mesa]);
    return;
  }
  const codename = osRelease("VERSION_CODENAME");
  const written = addBackports(codename);
  // A source that does not answer would spoil every later apt-get.
  if (!install([mesa], ["-t", `${codename}-backports`]) && written !== undefined) rmSync(written);
}
