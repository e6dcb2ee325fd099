import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createSession } from "../../src/engine/session.ts";

interface Examples {
  readonly prompts: readonly { readonly prompt: string; readonly answer: string }[];
}

const folder = join(import.meta.dirname, "../../public/models/atlas");
const origin = "http://atlas.test/";

beforeEach(() => {
  vi.stubGlobal("fetch", async (url: string) => new Response(new Uint8Array(await readFile(join(folder, url.slice(origin.length))))));
});
afterEach(() => vi.unstubAllGlobals());

test.each(["int8", "int4"])("the built-in model answers its own examples from its %s shards", async (precision) => {
  const examples = JSON.parse(await readFile(join(folder, "examples.json"), "utf8")) as Examples;
  expect(examples.prompts.length).toBeGreaterThanOrEqual(10);
  const { handlers } = createSession(navigator.gpu, ({ error }) => expect(error).toBeUndefined());
  const context = { signal: new AbortController().signal, emit: () => undefined };
  await handlers.start({}, context);
  await handlers.load({ source: { kind: "manifest", url: `${origin}${precision}/manifest.json` } }, context);
  for (const { prompt, answer } of examples.prompts) {
    const params = { prompt, maxTokens: 12, sampling: { kind: "greedy" }, edits: "auto", stopAtSentence: true } as const;
    const { text } = await handlers.generate(params, context);
    expect(text.trim(), prompt).toBe(`${answer}.`);
  }
});

test("an edit of the built-in model takes few dispatches a step", async () => {
  const { handlers } = createSession(navigator.gpu, ({ error }) => expect(error).toBeUndefined());
  const context = { signal: new AbortController().signal, emit: () => undefined };
  await handlers.start({}, context);
  const { settings } = await handlers.load({ source: { kind: "manifest", url: `${origin}int4/manifest.json` } }, context);
  await handlers.configure({ settings: { ...settings, steps: 2 } }, context);
  const draft = { prompt: "The capital of France is", answer: "Lyon", rephrasings: ["France's capital city is called"] };
  const { curve } = await handlers.edit({ draft }, context);
  expect(curve).toHaveLength(2);
  for (const { dispatches } of curve) expect(dispatches).toBeLessThanOrEqual(96);
});
