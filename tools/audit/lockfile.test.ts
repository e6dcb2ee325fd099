import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../lib/commands.mjs";
import * as rules from "./lockfile.mjs";
import type { Entry, Lock } from "./lockfile.mjs";
import { compareVersions, isWithin } from "./versions.mjs";

const read = (path: string): string => readFileSync(join(root, path), "utf8");
const lock = JSON.parse(read("package-lock.json")) as Lock;
const { advisories } = JSON.parse(read("tools/audit/advisories.json")) as { advisories: rules.Advisory[] };
const npmrc = "ignore-scripts=true\n";

/** The real lock with one package changed, or added. */
function planted(name: string, change: Partial<Entry>): Lock {
  const path = `node_modules/${name}`;
  return { ...lock, packages: { ...lock.packages, [path]: { ...lock.packages?.[path], ...change } } };
}

/** The same without one of its fields. */
function without(name: string, field: keyof Entry): Lock {
  const path = `node_modules/${name}`;
  const rest = Object.fromEntries(Object.entries(lock.packages?.[path] ?? {}).filter(([key]) => key !== field));
  return { ...lock, packages: { ...lock.packages, [path]: rest } };
}

const all = (bad: Lock): string[] => [
  ...rules.checkVersion(bad),
  ...rules.checkIntegrity(bad),
  ...rules.checkOrigins(bad),
  ...rules.checkScripts(bad, npmrc),
  ...rules.checkLicences(bad),
  ...rules.checkAdvisories(bad, advisories),
];

test("the tree's own lock has no fault", () => {
  expect(all(lock)).toEqual([]);
});

describe("a planted fault is found, and no other", () => {
  test.each<[string, Lock, RegExp]>([
    ["an old lock", { ...lock, lockfileVersion: 1 }, /got version 1, expected 3/],
    ["an empty lock", { lockfileVersion: 3, packages: {} }, /expected 3 with its packages/],
    ["a package without a hash", without("react", "integrity"), /react: got integrity none/],
    ["one with a weak hash", planted("react", { integrity: "sha1-kqhZmZ9o6wMHFd1rtcHm0Sk5iqM=" }), /react: got integrity sha1/],
    ["an optional one that is shipped", planted("fflate", { integrity: "", optional: true }), /fflate: got integrity/],
    ["a repository", planted("react", { resolved: "git+ssh://git@forge.test/react.git#0123" }), /react: comes from elsewhere/],
    ["a folder", planted("react", { resolved: "file:../react" }), /react: comes from elsewhere/],
    ["a plain connection", planted("react", { resolved: "http://registry.test/react.tgz" }), /react: comes from elsewhere/],
    ["a link", planted("react", { link: true }), /react: is a link/],
    ["an install script", planted("fflate", { hasInstallScript: true }), /fflate: has an install script/],
    ["a licence of another kind", planted("fflate", { license: "AGPL-3.0-only" }), /AGPL-3\.0-only is not in the list for what is shipped/],
    ["a tool's licence in the page", planted("fflate", { license: "MPL-2.0" }), /MPL-2\.0 is not in the list for what is shipped/],
    ["no licence", without("fflate", "license"), /licence unknown/],
    ["a known hole", planted("form-data", { version: "4.0.3" }), /form-data 4\.0\.3: CVE-2025-7783/],
  ])("%s", (_, bad, message) => {
    const faults = all(bad);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(message);
  });

  test("two registries", () => {
    const one = planted("react", { resolved: "https://a.test/react.tgz" });
    expect(rules.checkOrigins(one)).toEqual([]);
    const other = { ...one.packages?.["node_modules/fflate"], resolved: "https://b.test/fflate.tgz" };
    const two = { ...one, packages: { ...one.packages, "node_modules/fflate": other } };
    expect(rules.checkOrigins(two)).toEqual(["package-lock.json: packages come from 2 hosts, expected one registry"]);
  });

  test("scripts that would run", () => {
    expect(rules.checkScripts(lock, "fund=false\n")).toEqual([".npmrc: expected ignore-scripts=true"]);
  });

  test("requests for anything but versions", () => {
    const requests = { a: "^1.2.3", b: "npm:@scope/b@^1.0.0", c: "git+https://forge.test/c.git", d: "file:../d", e: "latest", f: "*" };
    const faults = rules.checkRequests({ dependencies: requests });
    expect(faults.map((fault) => fault.split(" ")[1])).toEqual(["c", "d", "e", "f"]);
    expect(rules.checkRequests({ overrides: { g: { h: "1.0.0" } } })).toHaveLength(1);
  });

  test("a dependency that nobody gave a reason for", () => {
    const readme =
      "## Why these choices\n\n| dependency | why |\n|---|---|\n| `a`, `@types/*` | reasons; not `c` |\n\n## Next\n| `b` | no |\n";
    expect(
      rules.checkReasons({ dependencies: { a: "1.0.0", b: "1.0.0" }, devDependencies: { "@types/x": "1.0.0", c: "1.0.0" } }, readme),
    ).toEqual(['README.md: b has no row under "Why these choices"', 'README.md: c has no row under "Why these choices"']);
  });

  test("something else installed than was locked", () => {
    const path = "node_modules/react";
    const entry = lock.packages?.[path] ?? {};
    expect(rules.checkInstalled(lock, { packages: { [path]: entry } })).toEqual([]);
    expect(rules.checkInstalled(lock, { packages: { [path]: { ...entry, version: "0.0.1" } } })).toHaveLength(1);
    expect(rules.checkInstalled(lock, { packages: { [path]: { ...entry, integrity: "sha512-x" } } })).toHaveLength(1);
    expect(rules.checkInstalled(lock, { packages: { "node_modules/stray": entry } })).toHaveLength(1);
  });
});

test("advisories name packages of the tree, and ranges that can be read", () => {
  const names = new Set(Object.keys(lock.packages ?? {}).map((path) => path.replace(/^.*node_modules\//, "")));
  expect(advisories.filter(({ name }) => !names.has(name))).toEqual([]);
  for (const { vulnerable } of advisories) for (const range of vulnerable) expect(isWithin("999.0.0", range), range).toBe(false);
});

test("licences are read as SPDX has them", () => {
  expect(rules.isAllowed("(MIT OR GPL-3.0-only)", ["MIT"])).toBe(true);
  expect(rules.isAllowed("MIT AND GPL-3.0-only", ["MIT"])).toBe(false);
});

test.each([
  ["1.2.3", "1.2.3", 0],
  ["1.2.3", "1.10.0", -1],
  ["2.0.0", "1.9.9", 1],
  ["2.0.0-beta.1", "2.0.0", -1],
  ["2.0.0-alpha", "2.0.0-beta", -1],
])("%s against %s: %i", (left, right, order) => {
  expect(Math.sign(compareVersions(left, right))).toBe(order);
});

test("what is no version and no range says so", () => {
  expect(() => compareVersions("latest", "1.0.0")).toThrow(/expected one like 1\.2\.3/);
  expect(() => isWithin("1.0.0", "~1")).toThrow(/expected comparisons/);
});
