import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createSession } from "../../src/engine/session.ts";
import { serveModel, sourceOf } from "../../src/engine/testing/modelServer.ts";
import { tinySettings } from "../../src/mixture/testing/methodSettings.ts";
import { leaksOf, soak } from "./soak.ts";

const errors: string[] = [];
const { handlers } = createSession(navigator.gpu, ({ error }) => errors.push(error.message));
const context = { signal: new AbortController().signal, emit: () => undefined };

beforeEach(async () => {
  vi.stubGlobal("fetch", (await serveModel("gpt2")).fetch);
  await handlers.start({}, context);
  await handlers.load({ source: sourceOf("gpt2") }, context);
  await handlers.configure({ settings: { ...tinySettings, experts: 16, steps: 2 } }, context);
});
afterEach(() => vi.unstubAllGlobals());

test("edits and generated tokens leave nothing behind", async () => {
  const result = await soak(handlers, { edits: 5, tokens: 50 });
  expect(result).toMatchObject({ edits: 5 });
  expect(result.tokens).toBeGreaterThanOrEqual(50);
  expect(leaksOf(result), JSON.stringify(result)).toEqual([]);
  expect(errors).toEqual([]);
  const { tensors, pooledBytes, usedBytes } = result.after;
  const worse = { ...result.after, tensors: tensors + 1, pooledBytes: pooledBytes - 4, usedBytes: usedBytes - 4 };
  expect(leaksOf({ ...result, after: worse })).toEqual(["tensors", "usedBytes"]);
});
