import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { fakeLocks } from "../keeping/testing/fakeLocks.ts";
import { tornFiles } from "../keeping/testing/tornFiles.ts";
import { tinySettings } from "../mixture/testing/methodSettings.ts";
import type { CallKind, EngineCalls, FaultNotice, ProjectsFacts } from "./protocol.ts";
import { createSession } from "./session.ts";
import { serveModel, sourceOf } from "./testing/modelServer.ts";

const settings = { ...tinySettings, steps: 8, learningRate: 0.02 };
const draft = { prompt: "The capital of France is", answer: "Berlin.", rephrasings: [] };
const other = { prompt: "def f(x): return", answer: "world", rephrasings: [] };

beforeAll(async () => {
  const gpt2 = await serveModel("gpt2");
  vi.stubGlobal("fetch", gpt2.fetch);
});
afterAll(() => {
  vi.unstubAllGlobals();
});

/** A session whose devices can be taken away. */
function page(files = tornFiles()) {
  const devices: GPUDevice[] = [];
  let adapters = true;
  const gpu = {
    requestAdapter: async (options: GPURequestAdapterOptions) => {
      const adapter = adapters ? await navigator.gpu.requestAdapter(options) : null;
      if (!adapter) return null;
      const requestDevice = async (wanted: GPUDeviceDescriptor): Promise<GPUDevice> => {
        const device = await adapter.requestDevice(wanted);
        devices.push(device);
        return device;
      };
      return { features: adapter.features, limits: adapter.limits, info: adapter.info, requestDevice };
    },
  } as unknown as GPU;
  const [notices, seen]: [FaultNotice[], ProjectsFacts[]] = [[], []];
  const keeping = { files: async () => files, locks: fakeLocks, onChange: (facts: ProjectsFacts) => void seen.push(facts) };
  const { handlers } = createSession(gpu, (notice) => notices.push(notice), undefined, keeping);
  const call = <K extends CallKind>(kind: K, params: EngineCalls[K]["params"], emit: (event: EngineCalls[K]["event"]) => void = () => {}) =>
    handlers[kind](params, { signal: new AbortController().signal, emit });
  const lose = (): void => devices.at(-1)?.destroy();
  return { call, lose, notices, seen, refuse: (refused: boolean) => void (adapters = !refused) };
}

const odds = ({ call }: ReturnType<typeof page>) => call("strengthCurve", { id: 1, strengths: [0, 0.5, 1, 2] });

describe("a device that is lost", () => {
  test.each(["paper", "improved"] as const)(
    "in %s mode gives way to another: model, edits, method, to the last bit, and still kept",
    async (method) => {
      const own = page();
      await own.call("start", {});
      await own.call("keepHere", { takeOver: false });
      await own.call("load", { source: sourceOf("gpt2") });
      await own.call("configure", { settings, method });
      await own.call("edit", { draft });
      await own.call("changeEdit", { id: 1, strength: 0.75 });
      const [before, curve, project] = [await own.call("edits", {}), await odds(own), own.seen.at(-1)?.current];
      own.lose();
      await vi.waitFor(() => expect(own.notices).toMatchObject([{ kind: "device-lost", error: { code: "device-lost" } }]));
      await expect(odds(own)).rejects.toMatchObject({ code: "device-lost" });
      // What is there can be saved as a file all the same.
      const { bytes } = await own.call("exportProject", { id: null });
      expect(bytes.length).toBeGreaterThan(1000);
      const { work } = await own.call("recover", {});
      expect(work?.ledger.edits).toEqual(before.edits);
      expect(work?.model).toMatchObject({ method, settings });
      expect(await odds(own)).toEqual(curve);
      await own.call("changeEdit", { id: 1, on: false });
      expect(own.seen.at(-1)).toMatchObject({ current: project, problem: null, list: [{ id: project }] });
    },
  );

  test("in the middle of a training leaves the edits as they were after the last one", async () => {
    const own = page();
    await own.call("start", {});
    await own.call("load", { source: sourceOf("gpt2") });
    await own.call("configure", { settings });
    await own.call("edit", { draft });
    const [before, curve] = [await own.call("edits", {}), await odds(own)];
    const writing = own.call("edit", { draft: other }, ({ step }) => step === 4 && own.lose());
    await expect(writing).rejects.toMatchObject({ code: "device-lost" });
    const { work } = await own.call("recover", {});
    expect(work?.ledger.edits).toEqual(before.edits);
    expect(await odds(own)).toEqual(curve);
    expect((await own.call("edit", { draft: other })).id).toBe(2);
  });

  test("that cannot be had again says so, keeps what was written, and is asked for again", async () => {
    const own = page();
    await own.call("start", {});
    await own.call("load", { source: sourceOf("gpt2") });
    await own.call("configure", { settings });
    await own.call("edit", { draft });
    const curve = await odds(own);
    own.lose();
    own.refuse(true);
    await vi.waitFor(() => expect(own.notices).toHaveLength(1));
    await expect(own.call("recover", {})).rejects.toMatchObject({ code: "no-adapter" });
    expect((await own.call("exportProject", { id: null })).bytes.length).toBeGreaterThan(1000);
    expect((await own.call("edits", {})).edits).toHaveLength(1);
    own.refuse(false);
    await own.call("recover", {});
    expect(await odds(own)).toEqual(curve);
  });
});
