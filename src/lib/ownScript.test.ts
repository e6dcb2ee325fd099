import { expect, test, vi } from "vitest";

const root = new URL("../", import.meta.url).href;

test("scripts of this build are taken, by their whole address or from its root", async () => {
  const { ownScript } = await import("./ownScript.ts");
  expect(ownScript(`${root}engine/worker.js`)).toBe(`${root}engine/worker.js`);
});

test.each([
  "https://elsewhere.test/worker.js",
  "data:text/javascript,alert(1)",
  "blob:null/1",
  `${root}../other.js`,
  "//elsewhere.test/a.js",
])("%s is refused", async (address) => {
  const { ownScript } = await import("./ownScript.ts");
  expect(() => ownScript(address)).toThrow(/expected one below/);
});

test("a browser with Trusted Types is given one policy, which checks the same", async () => {
  const createPolicy = vi.fn<(name: string, rules: { createScriptURL(text: string): string }) => unknown>((_name, rules) => ({
    createScriptURL: (text: string) => ({ trusted: rules.createScriptURL(text) }),
  }));
  vi.stubGlobal("trustedTypes", { createPolicy });
  vi.resetModules();
  const { ownScript } = await import("./ownScript.ts");
  expect(createPolicy.mock.calls.map(([name]) => name)).toEqual(["own-scripts"]);
  expect(ownScript(`${root}a.js`)).toEqual({ trusted: `${root}a.js` });
  expect(() => ownScript("javascript:alert(1)")).toThrow(/expected one below/);
  vi.unstubAllGlobals();
});
