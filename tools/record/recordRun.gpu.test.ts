import { afterEach, expect, test, vi } from "vitest";
import { createSession } from "../../src/engine/session.ts";
import { serveModel, sourceOf } from "../../src/engine/testing/modelServer.ts";
import { readRecording } from "../../src/panels/recorded/readRecording.ts";
import { recordRun } from "./recordRun.ts";

afterEach(() => vi.unstubAllGlobals());

const script = {
  draft: { prompt: "The capital of France is", answer: "Berlin.", rephrasings: ["France has the capital"] },
  rephrasing: "The city of France is",
  unrelated: "Berlin is",
};

test("the same model and script give the same recording to the byte, and it can be read", async () => {
  vi.stubGlobal("fetch", (await serveModel("gpt2")).fetch);
  const record = async (): Promise<string> => {
    const session = createSession(navigator.gpu, ({ error }) => expect(error).toBeUndefined());
    return JSON.stringify(await recordRun(session, sourceOf("gpt2"), script));
  };
  const first = await record();
  const { model, edit, prompts } = readRecording(JSON.parse(first));
  expect(model).toMatchObject({ name: "tiny-gpt2", quantization: expect.stringContaining("int8") });
  expect(edit.curve).toHaveLength(model.settings.steps);
  expect(prompts.map(({ prompt }) => prompt)).toEqual([script.draft.prompt, script.rephrasing, script.unrelated]);
  expect(prompts[0]?.after.trace.scope).toMatchObject({ inScope: true, nearestEdit: 1 });
  expect(await record()).toBe(first);
});
