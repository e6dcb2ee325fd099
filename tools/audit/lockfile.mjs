// What package-lock.json must promise. Each rule gives what is wrong, a line each; nothing is asked of a network.
import { isWithin } from "./versions.mjs";

/**
 * @typedef {{ version?: string, resolved?: string, integrity?: string, license?: string, dev?: boolean, optional?: boolean, link?: boolean,
 *   hasInstallScript?: boolean, os?: string[], cpu?: string[], name?: string }} Entry an installed package
 * @typedef {{ lockfileVersion?: number, packages?: Record<string, Entry> }} Lock
 * @typedef {{ dependencies?: Record<string, string>, devDependencies?: Record<string, string>, overrides?: Record<string, unknown> }} Manifest
 * @typedef {{ name: string, id: string, vulnerable: string[], title: string }} Advisory
 */

/** Licences of what is in the page. */
const shippedLicences = ["MIT", "ISC", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0"];
/** And of programs that build and test it, none of whose code is in the page. */
const toolLicences = [...shippedLicences, "MPL-2.0"];
/** sharp's image libraries: optional, loaded at run time by one development dependency. */
const lgplPackages = /^@img\/sharp-/;

/** Packages that may have install scripts. None of them runs: .npmrc has ignore-scripts. */
const scripted = new Map([
  ["core-js", "prints a request for donations"],
  ["protobufjs", "compares version schemes"],
  ["webgpu", "Dawn's bindings; their binaries are in the package"],
]);

/** @param {Lock} lock @returns {[path: string, name: string, entry: Entry][]} all but the project itself */
function entriesOf({ packages = {} }) {
  return Object.entries(packages).flatMap(([path, entry]) =>
    path === "" ? [] : [/** @type {[string, string, Entry]} */ ([path, path.replace(/^.*node_modules\//, ""), entry])],
  );
}

/** A build of a development tool for another system: this machine's registry may not have had it when the lock was written. */
const isForeignTool = (/** @type {Entry} */ { dev, optional, os, cpu }) => dev === true && optional === true && (os ?? cpu) !== undefined;

/** @param {Lock} lock */
export function checkVersion({ lockfileVersion, packages }) {
  if (lockfileVersion === 3 && packages !== undefined && Object.keys(packages).length > 1) return [];
  return [`package-lock.json: got version ${lockfileVersion}, expected 3 with its packages`];
}

/** @param {Lock} lock */
export function checkIntegrity(lock) {
  return entriesOf(lock).flatMap(([path, , entry]) => {
    if (/^sha512-[A-Za-z0-9+/]{86}==$/.test(entry.integrity ?? "")) return [];
    if (entry.integrity === undefined && isForeignTool(entry)) return [];
    return [`${path}: got integrity ${entry.integrity ?? "none"}, expected sha512`];
  });
}

/** Those that checkIntegrity lets pass without one. @param {Lock} lock */
export const withoutHash = (lock) => entriesOf(lock).filter(([, , entry]) => entry.integrity === undefined && isForeignTool(entry)).length;

/** @param {Lock} lock */
export function checkOrigins(lock) {
  const entries = entriesOf(lock);
  const hosts = new Set(
    entries.flatMap(([, , { resolved }]) => (resolved !== undefined && URL.canParse(resolved) ? [new URL(resolved).host] : [])),
  );
  const strange = entries.flatMap(([path, , { resolved, link }]) => {
    if (link === true) return [`${path}: is a link, expected a package of the registry`];
    return resolved === undefined || /^https:\/\/[^/]+\/.+\.tgz$/.test(resolved) ? [] : [`${path}: comes from elsewhere than a registry`];
  });
  return [...strange, ...(hosts.size > 1 ? [`package-lock.json: packages come from ${hosts.size} hosts, expected one registry`] : [])];
}

/** Ranges of versions and aliases of them; no addresses, folders or repositories. @param {Manifest} manifest */
export function checkRequests({ dependencies = {}, devDependencies = {}, overrides = {} }) {
  return Object.entries({ ...dependencies, ...devDependencies, ...overrides }).flatMap(([name, asked]) =>
    typeof asked === "string" && /^(?:npm:(?:@[\w.-]+\/)?[\w.-]+@)?[\^~]?\d+\.\d+\.\d+(?:-[\w.-]+)?$/.test(asked)
      ? []
      : [`package.json: ${name} is ${JSON.stringify(asked)}, expected a version such as ^1.2.3`],
  );
}

/** @param {Lock} lock @param {string} npmrc */
export function checkScripts(lock, npmrc) {
  const ignored = /^ignore-scripts=true$/m.test(npmrc) ? [] : [".npmrc: expected ignore-scripts=true"];
  const found = entriesOf(lock).filter(([, name, { hasInstallScript }]) => hasInstallScript === true && !scripted.has(name));
  return [
    ...ignored,
    ...found.map(([path]) => `${path}: has an install script; look at it, then name it with its reason in tools/audit/lockfile.mjs`),
  ];
}

/** @param {string} expression of SPDX, e.g. "MIT AND (ISC OR Apache-2.0)" @param {readonly string[]} allowed */
export function isAllowed(expression, allowed) {
  const any = (/** @type {string} */ part) => part.split(" OR ").some((one) => allowed.includes(one.trim()));
  return expression.replaceAll(/[()]/g, "").split(" AND ").every(any);
}

/** @param {Lock} lock */
export function checkLicences(lock) {
  return entriesOf(lock).flatMap(([path, name, { license, dev }]) => {
    const lgpl = dev === true && lgplPackages.test(name) ? ["LGPL-3.0-or-later"] : [];
    if (license !== undefined && isAllowed(license, [...(dev === true ? toolLicences : shippedLicences), ...lgpl])) return [];
    return [`${path}: licence ${license ?? "unknown"} is not in the list for ${dev === true ? "tools" : "what is shipped"}`];
  });
}

/** @param {Lock} lock @param {readonly Advisory[]} advisories */
export function checkAdvisories(lock, advisories) {
  return entriesOf(lock).flatMap(([path, name, entry]) => {
    const { version = "0.0.0" } = entry;
    const hits = advisories.filter(
      (each) => each.name === (entry.name ?? name) && each.vulnerable.some((range) => isWithin(version, range)),
    );
    return hits.map(({ id, title }) => `${path} ${version}: ${id}, ${title}`);
  });
}

/** Every direct dependency has a row in the README's table of choices. @param {Manifest} manifest @param {string} readme */
export function checkReasons({ dependencies = {}, devDependencies = {}, overrides = {} }, readme) {
  const table = readme.split(/^## /m).find((part) => part.startsWith("Why these choices")) ?? "";
  const rows = table.split("\n").filter((line) => line.startsWith("| "));
  const named = rows.flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name));
  const isNamed = (/** @type {string} */ name) =>
    named.some((one) => one === name || (one.endsWith("/*") && name.startsWith(one.slice(0, -1))));
  return Object.keys({ ...dependencies, ...devDependencies, ...overrides })
    .filter((name) => !isNamed(name))
    .map((name) => `README.md: ${name} has no row under "Why these choices"`);
}

/** What lies in node_modules is what the lock names. @param {Lock} lock @param {Lock} installed */
export function checkInstalled(lock, installed) {
  return entriesOf(installed).flatMap(([path, , { version, integrity }]) => {
    const wanted = lock.packages?.[path];
    if (wanted === undefined) return [`${path}: is installed, and not in package-lock.json`];
    const same =
      wanted.version === version && (integrity === undefined || wanted.integrity === undefined || wanted.integrity === integrity);
    return same ? [] : [`${path}: version ${version} is installed, or another's bytes; expected ${wanted.version}`];
  });
}
