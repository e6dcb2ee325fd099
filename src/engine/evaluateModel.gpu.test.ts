import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createPauseSwitch } from "../lib/pauseSwitch.ts";
import type { EvaluationStep } from "./protocol.ts";
import { createSession } from "./session.ts";
import { serveModel, sourceOf, type ModelServer } from "./testing/modelServer.ts";
import { createTurns } from "./turns.ts";

const text = [
  "prompt,answer,rephrasings,held_out,near,far",
  "The capital of France is,Berlin,France has the capital,The city of France is,The capital of Spain is,Water is",
  "The capital of Italy is,Paris,Italy has the capital,The city of Italy is,The capital of Spain is,Water is",
  "The capital of Spain is,,,,,",
].join("\n");
const params = { edits: { name: "capitals.csv", text }, method: "improved", limit: 9, every: 1, seed: 3 } as const;

const { handlers } = createSession(navigator.gpu, () => {});
const takeTurn = createTurns();
const signal = new AbortController().signal;
const ask = () =>
  handlers.generate(
    { prompt: "The capital of France is", maxTokens: 4, sampling: { kind: "greedy" }, edits: "auto", stopAtSentence: false },
    { signal, emit: () => {} },
  );
const load = () => handlers.load({ source: sourceOf("gpt2") }, { signal, emit: () => {} });

let server: ModelServer;
beforeAll(async () => {
  server = await serveModel("gpt2");
  vi.stubGlobal("fetch", server.fetch);
  await handlers.start({}, { signal, emit: () => {} });
  await load();
});
afterAll(() => {
  vi.unstubAllGlobals();
});

/** An evaluation as the worker runs it: in its turn. */
async function evaluate(onStep: (step: EvaluationStep) => void, stop = signal, pause = createPauseSwitch()) {
  const turn = await takeTurn();
  return handlers.evaluate(params, { signal: stop, emit: onStep, pause, aside: turn.aside }).finally(() => turn.end());
}

test("a file of edits is told with its problems", async () => {
  const facts = await handlers.readEdits({ edits: params.edits }, { signal, emit: () => {} });
  expect(facts).toMatchObject({ name: "capitals", records: 2, counts: { rephrasings: 2, heldOut: 2, near: 2, far: 2, prose: 0 } });
  expect(facts.problems).toMatchObject([{ row: 4, field: "answer" }]);
});

test("a file of edits is read to be written, each with its row", async () => {
  const facts = await handlers.readDrafts({ edits: params.edits }, { signal, emit: () => {} });
  expect(facts).toMatchObject({ name: "capitals", records: 2, problemCount: 1 });
  expect(facts.drafts.map(({ row }) => row)).toEqual([2, 3]);
  expect(facts.drafts[0]?.draft).not.toHaveProperty("locality");
});

describe("an evaluation", () => {
  test("gives the same result when it is paused and others have their turn, and leaves the model alone", async () => {
    const before = await ask();
    const plain = await evaluate(() => {});
    expect(plain.checkpoints.map(({ afterEdits }) => afterEdits)).toEqual([1, 2]);
    expect(plain.run).toMatchObject({ method: "improved", limit: 2, every: 1, seed: 3, shard: { index: 1, of: 1 } });
    const pause = createPauseSwitch();
    pause.set(true);
    let answered = "";
    const paused = await evaluate(
      ({ kind }) => {
        if (kind !== "held") return;
        void takeTurn().then(async (turn) => {
          answered = (await ask()).text;
          pause.set(false);
          turn.end();
        });
      },
      signal,
      pause,
    );
    expect(answered).toBe(before.text);
    expect(paused).toEqual(plain);
    expect(await handlers.edits({}, { signal, emit: () => {} })).toEqual({ edits: [], canUndo: false, canRedo: false });
  });

  test("is stopped, also while it is paused", async () => {
    const [stopping, pause] = [new AbortController(), createPauseSwitch()];
    pause.set(true);
    const stopped = evaluate(({ kind }) => kind === "held" && stopping.abort(), stopping.signal, pause);
    await expect(stopped).rejects.toMatchObject({ code: "cancelled" });
    expect((await ask()).pieces.length).toBeGreaterThan(0);
  });

  test("ends when another model takes the place of its own", async () => {
    const replaced = evaluate(({ kind }) => {
      if (kind === "edit") void takeTurn().then((turn) => load().finally(() => turn.end()));
    });
    await expect(replaced).rejects.toMatchObject({ code: "no-model" });
    expect((await ask()).pieces.length).toBeGreaterThan(0);
  });
});
