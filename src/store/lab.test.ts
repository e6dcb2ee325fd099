import { describe, expect, test, vi } from "vitest";
import { createLab } from "./lab.ts";
import { summarizeProofs } from "./proofSlice.ts";
import { activityOf } from "./selectors.ts";
import { builtIn } from "./sourceRef.ts";
import { createFakeEngine } from "./testing/fakeEngine.ts";
import { heldEngine, openLab, trainOne } from "./testing/openLab.ts";

describe("loading", () => {
  test("starts the device, loads the model and routes the prompt", async () => {
    const engine = createFakeEngine();
    const lab = createLab(engine, (path) => path);
    const phases: string[] = [];
    lab.store.subscribe(({ model }) => model.progress && phases.push(model.progress.phase));
    await lab.actions.boot();
    expect([...new Set(phases)]).toEqual(["manifest", "tokenizer", "weights", "checking"]);
    expect(activityOf(lab.store.getState())).toBe("idle");
    expect(lab.store.getState().routing).toMatchObject({ status: "current", text: "The capital of France is" });
    expect(lab.frames.read()?.pieces).toHaveLength(5);
    expect(lab.store.getState().device.memory?.tensors).toBe(120);
  });

  test("a second boot changes nothing", async () => {
    const engine = createFakeEngine();
    const lab = await openLab(engine);
    await lab.actions.boot();
    expect(engine.calls.filter((kind) => kind === "start")).toHaveLength(1);
  });

  test("missing WebGPU is told apart from other failures", async () => {
    for (const [code, status] of [
      ["no-adapter", "unsupported"],
      ["worker-failed", "failed"],
    ] as const) {
      const engine = createFakeEngine();
      engine.failNext("start", code);
      const lab = await openLab(engine);
      expect(lab.store.getState().device).toMatchObject({ status, error: { code } });
      expect(engine.calls).toEqual(["start"]);
    }
  });

  test("a cancelled load can be taken up again", async () => {
    const { engine, release } = heldEngine("load");
    const lab = createLab(engine, (path) => path);
    const booting = lab.actions.boot();
    await vi.waitFor(() => expect(lab.store.getState().model.status).toBe("loading"));
    lab.actions.cancelLoad();
    release();
    await booting;
    expect(lab.store.getState().model.status).toBe("cancelled");
    await lab.actions.load(builtIn("int8"));
    expect(lab.store.getState().model.status).toBe("ready");
  });

  test("a failed change of precision leaves the model and its edits in use", async () => {
    const engine = createFakeEngine();
    const lab = await openLab(engine);
    await trainOne(lab);
    engine.failNext("load", "bad-shard");
    await lab.actions.load(builtIn("int4"));
    const { model, edit } = lab.store.getState();
    expect(model).toMatchObject({ status: "ready", loaded: builtIn("int8"), request: builtIn("int4"), error: { code: "bad-shard" } });
    expect(edit.edits).toHaveLength(1);
  });

  test("a first load that fails says why and can be tried again", async () => {
    const engine = createFakeEngine();
    engine.failNext("load", "fetch-failed");
    const lab = await openLab(engine);
    expect(lab.store.getState().model).toMatchObject({ status: "failed", error: { code: "fetch-failed" } });
    await lab.actions.load(builtIn("int8"));
    expect(lab.store.getState().model).toMatchObject({ status: "ready", error: null });
  });
});

describe("the kernel proof", () => {
  test("follows once the page is ready, once, and is summed up", async () => {
    const { engine, release } = heldEngine("prove");
    const lab = await openLab(engine);
    expect(activityOf(lab.store.getState())).toBe("idle");
    expect(engine.calls.indexOf("prove")).toBeGreaterThan(engine.calls.indexOf("route"));
    expect(lab.store.getState().proof.status).toBe("running");
    await lab.actions.prove(true);
    release();
    await vi.waitFor(() => expect(lab.store.getState().proof.status).toBe("done"));
    const { facts, step } = lab.store.getState().proof;
    expect(step).toEqual({ done: 2, kernels: 2 });
    expect(summarizeProofs(facts?.proofs ?? [])).toEqual({ kernels: 2, agreeing: 2, largestError: 3e-6 });
    await lab.actions.load(builtIn("int4"));
    expect(engine.calls.filter((kind) => kind === "prove")).toHaveLength(1);
  });

  test("a stopped or failed one keeps what the last one said", async () => {
    const { engine, release } = heldEngine("prove");
    release();
    const lab = await openLab(engine);
    await vi.waitFor(() => expect(lab.store.getState().proof.status).toBe("done"));
    const { facts } = lab.store.getState().proof;
    const again = lab.actions.prove(true);
    lab.actions.stopProof();
    await again;
    expect(lab.store.getState().proof).toMatchObject({ status: "stopped", facts });
    engine.failNext("prove", "device-lost");
    await lab.actions.prove(true);
    expect(lab.store.getState().proof).toMatchObject({ status: "failed", facts, error: { code: "device-lost" } });
  });

  test("a kernel counts once, however many of its variants disagree, and a missing number is no largest error", () => {
    const proof = { kernel: "Norm", variant: "plain", error: 1e-6, tolerance: 2e-5, ok: true, milliseconds: 1 } as const;
    const wrong = { ...proof, variant: "subgroups", error: NaN, ok: false } as const;
    const summary = summarizeProofs([
      proof,
      wrong,
      { ...wrong, variant: "f16", error: Infinity },
      { ...proof, kernel: "Rope", error: 2e-6 },
    ]);
    expect(summary).toEqual({ kernels: 2, agreeing: 1, largestError: 2e-6 });
  });
});

describe("routing", () => {
  test("an answer for an earlier text is dropped", async () => {
    vi.useFakeTimers();
    try {
      const { engine, release } = heldEngine("route");
      const lab = createLab(engine, (path) => path);
      const booting = lab.actions.boot();
      await vi.waitFor(() => expect(engine.calls).toContain("route"));
      lab.actions.typePrompt("One");
      await vi.advanceTimersByTimeAsync(500);
      lab.actions.typePrompt("One two");
      await vi.advanceTimersByTimeAsync(500);
      release();
      await booting;
      await vi.waitFor(() => expect(lab.store.getState().routing.status).toBe("current"));
      expect(lab.store.getState().routing.text).toBe("One two");
      expect(lab.frames.read()?.pieces.map(({ text }) => text)).toEqual(["One", " two"]);
    } finally {
      vi.useRealTimers();
    }
  });

  test("fast typing routes once", async () => {
    const engine = createFakeEngine();
    const lab = await openLab(engine);
    const before = engine.calls.filter((kind) => kind === "route").length;
    for (const text of ["T", "Th", "The", "The capital"]) lab.actions.typePrompt(text);
    await vi.waitFor(() => expect(lab.store.getState().routing.text).toBe("The capital"));
    expect(engine.calls.filter((kind) => kind === "route")).toHaveLength(before + 1);
  });

  test("an empty text clears the picture without asking the engine", async () => {
    const engine = createFakeEngine();
    const lab = await openLab(engine);
    const before = engine.calls.length;
    lab.actions.typePrompt("  ");
    await vi.waitFor(() => expect(lab.store.getState().routing.status).toBe("empty"));
    expect(lab.frames.read()).toBeNull();
    expect(engine.calls).toHaveLength(before);
  });

  test("a text that cannot be routed says why", async () => {
    const engine = createFakeEngine();
    const lab = await openLab(engine);
    engine.failNext("route", "text-too-long");
    lab.actions.typePrompt("Too long");
    await vi.waitFor(() => expect(lab.store.getState().routing).toMatchObject({ status: "failed", error: { code: "text-too-long" } }));
  });
});
