import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../lib/commands.mjs";
import { metaPolicy, securityHeaders } from "./policy.mjs";
import { withPolicy } from "./securityPolicy.ts";

test("the policy stands in the page before anything that loads", () => {
  const page = withPolicy(readFileSync(join(root, "index.html"), "utf8"));
  const at = page.indexOf(`<meta http-equiv="Content-Security-Policy" content="${metaPolicy}" />`);
  expect(at).toBeGreaterThan(0);
  expect(page.slice(0, at)).not.toMatch(/<(?:script|link|style)/);
});

test("a page without a place for it is not built", () => {
  expect(() => withPolicy("<html><head></head></html>")).toThrow(/charset/);
  expect(() => withPolicy('<script></script><meta charset="utf-8" />')).toThrow(/before any script/);
});

test("nothing inline, nothing evaluated, nothing from elsewhere runs; the header also forbids frames", () => {
  const policy = new Map(metaPolicy.split("; ").map((line) => [line.split(" ")[0], line.split(" ").slice(1)]));
  expect(policy.get("default-src")).toEqual(["'none'"]);
  expect(policy.get("script-src")).toEqual(["'self'", "'wasm-unsafe-eval'"]);
  expect(metaPolicy).not.toMatch(/unsafe-inline|'unsafe-eval'|\*\.|frame-ancestors/);
  expect(securityHeaders["Content-Security-Policy"]).toBe(`${metaPolicy}; frame-ancestors 'none'`);
});

test("docs/security.md has the lines that hosts are to send", () => {
  const text = readFileSync(join(root, "docs/security.md"), "utf8");
  expect(text).toContain(`\nPOLICY       ${securityHeaders["Content-Security-Policy"]}\n`);
  expect(text).toContain(`\nPERMISSIONS  ${securityHeaders["Permissions-Policy"]}\n`);
  for (const [name, value] of Object.entries(securityHeaders).filter(([, line]) => line.length < 40))
    expect(text.split(`${name}: ${value}`).length + text.split(`${name} "${value}"`).length, name).toBeGreaterThan(4);
});
