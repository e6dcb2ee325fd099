import { describe, expect, test, vi } from "vitest";
import { connect, startedLate } from "./client.ts";
import type { AliveMessage, TrafficMessage } from "./client.ts";
import type { FromWorker, LoadProgress, Notice, ToWorker } from "./protocol.ts";

/** The page's end of a worker that says what the test says. */
function fakeWorker() {
  const sent: ToWorker[] = [];
  const worker = { postMessage: (message: ToWorker) => sent.push(message), terminate: vi.fn<() => void>() } as unknown as Worker;
  const onTraffic = vi.fn<(files: TrafficMessage["files"]) => void>();
  let end: (() => void) | undefined;
  const ended = vi.fn<() => Promise<void>>(() => new Promise((resolve) => (end = resolve)));
  const client = connect(worker, onTraffic, ended);
  return {
    client,
    ended,
    end: () => end?.(),
    sent,
    worker,
    onTraffic,
    say: (data: FromWorker | TrafficMessage | AliveMessage) => worker.onmessage?.({ data } as MessageEvent<FromWorker>),
    fail: (message: string) => worker.onerror?.({ message } as ErrorEvent),
  };
}

const memory = { gpuBytes: 1, gpuAllocatedBytes: 2, gpuPeakBytes: 2, tensors: 3 };
const event: LoadProgress = {
  phase: "weights",
  state: "running",
  file: "a",
  loadedBytes: 1,
  totalBytes: 2,
  files: [],
  bytesPerSecond: null,
  secondsLeft: null,
  uploadedBytes: 0,
  notKept: null,
};
const error = { code: "bad-settings", message: "Setting rank: got 0.", hint: "Correct it." } as const;

describe("the client", () => {
  test("rejects every call once the worker has failed, also those made later", async () => {
    const { client, sent, fail } = fakeWorker();
    const early = client.call("memory", {});
    fail("out of memory");
    await expect(early).rejects.toMatchObject({ code: "worker-failed" });
    await expect(client.call("memory", {})).rejects.toMatchObject({ code: "worker-failed" });
    expect(sent).toHaveLength(1);
  });

  test("pairs answers with calls by their number, in any order", async () => {
    const { client, sent, say } = fakeWorker();
    const [first, second] = [client.call("memory", {}), client.call("edits", {})];
    expect(sent).toEqual([
      { id: 1, kind: "memory", params: {} },
      { id: 2, kind: "edits", params: {} },
    ]);
    say({ id: 2, kind: "result", result: [] });
    say({ id: 1, kind: "result", result: memory });
    expect(await first).toEqual(memory);
    expect(await second).toEqual([]);
  });

  test("hands events to the call they belong to, until it ends", async () => {
    const { client, say } = fakeWorker();
    const [mine, others] = [vi.fn<(event: unknown) => void>(), vi.fn<(event: unknown) => void>()];
    const call = client.call("load", { source: { kind: "manifest", url: "m" } }, { onEvent: mine });
    void client.call("load", { source: { kind: "manifest", url: "n" } }, { onEvent: others });
    say({ id: 1, kind: "event", event });
    say({ id: 1, kind: "error", error });
    say({ id: 1, kind: "event", event });
    await expect(call).rejects.toMatchObject({ name: "EngineError", ...error });
    expect(mine.mock.calls).toEqual([[event]]);
    expect(others).not.toHaveBeenCalled();
  });

  test("asks for the end of a cancelled call and waits for the worker's word", async () => {
    const { client, sent, say } = fakeWorker();
    const controller = new AbortController();
    const onEvent = vi.fn<(event: unknown) => void>();
    const call = client.call("load", { source: { kind: "manifest", url: "m" } }, { signal: controller.signal, onEvent });
    controller.abort();
    expect(sent.at(-1)).toEqual({ id: 1, kind: "cancel" });
    say({ id: 1, kind: "event", event });
    expect(onEvent).not.toHaveBeenCalled();
    say({ id: 1, kind: "error", error: { code: "cancelled", message: "Cancelled.", hint: "" } });
    await expect(call).rejects.toMatchObject({ code: "cancelled" });
  });

  test("does not cancel a call that has ended", async () => {
    const { client, sent, say } = fakeWorker();
    const controller = new AbortController();
    const call = client.call("memory", {}, { signal: controller.signal });
    say({ id: 1, kind: "result", result: memory });
    await call;
    controller.abort();
    expect(sent).toHaveLength(1);
  });

  test("holds a call and lets it go on, as long as it lasts", async () => {
    const { client, sent, say } = fakeWorker();
    const listeners: ((paused: boolean) => void)[] = [];
    const pause = { paused: false, onChange: (listener: (paused: boolean) => void) => void listeners.push(listener) };
    const call = client.call("load", { source: { kind: "manifest", url: "m" } }, { pause });
    for (const paused of [true, false]) listeners.forEach((listener) => listener(paused));
    expect(sent.slice(1)).toEqual([
      { id: 1, kind: "pause" },
      { id: 1, kind: "resume" },
    ]);
    say({ id: 1, kind: "error", error });
    await expect(call).rejects.toMatchObject({ code: "bad-settings" });
    listeners.forEach((listener) => listener(true));
    expect(sent).toHaveLength(3);
  });

  test("a call that starts paused says so", () => {
    const { client, sent } = fakeWorker();
    void client.call("load", { source: { kind: "manifest", url: "m" } }, { pause: { paused: true, onChange: () => undefined } });
    expect(sent.map(({ kind }) => kind)).toEqual(["load", "pause"]);
  });

  test("sends nothing for a call cancelled beforehand", async () => {
    const { client, sent } = fakeWorker();
    await expect(client.call("memory", {}, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "cancelled" });
    expect(sent).toEqual([]);
  });

  test("tells every listener of a notice, until it stops listening", () => {
    const { client, say } = fakeWorker();
    const [first, second] = [vi.fn<(notice: Notice) => void>(), vi.fn<(notice: Notice) => void>()];
    const stop = client.onNotice(first);
    client.onNotice(second);
    const notice: Notice = { kind: "device-lost", error: { code: "device-lost", message: "Lost.", hint: "Reload." } };
    say({ kind: "notice", notice });
    stop();
    say({ kind: "notice", notice });
    expect(first.mock.calls).toEqual([[notice]]);
    expect(second).toHaveBeenCalledTimes(2);
  });

  test("fails every open call when the worker stops", async () => {
    const { client, fail, say } = fakeWorker();
    const calls = [client.call("memory", {}), client.call("edits", {})];
    fail("out of luck");
    for (const call of calls)
      await expect(call).rejects.toMatchObject({ code: "worker-failed", message: expect.stringContaining("out of luck") });
    expect(() => say({ id: 1, kind: "result", result: memory })).not.toThrow();
  });

  test("a call that cannot be sent fails and is forgotten", async () => {
    const { client, worker, fail } = fakeWorker();
    worker.postMessage = () => {
      throw new Error("could not be cloned");
    };
    await expect(client.call("memory", {})).rejects.toThrow("could not be cloned");
    expect(() => fail("later")).not.toThrow();
  });

  test("a worker that is ended without a word ends every call, and is told of once", async () => {
    const { client, worker, ended, end, say, fail } = fakeWorker();
    const told: Notice[] = [];
    client.onNotice((notice) => told.push(notice));
    const call = client.call("memory", {});
    expect(ended).not.toHaveBeenCalled();
    say({ kind: "alive" });
    end();
    await expect(call).rejects.toMatchObject({ code: "worker-failed", message: "The engine stopped: its worker was ended." });
    fail("and more");
    expect(told).toMatchObject([{ kind: "engine-stopped", error: { code: "worker-failed" } }]);
    expect(worker.terminate).toHaveBeenCalledOnce();
  });

  test("one that the page closes itself has not failed", async () => {
    const { client, end, say } = fakeWorker();
    const told: Notice[] = [];
    client.onNotice((notice) => told.push(notice));
    say({ kind: "alive" });
    client.close();
    end();
    await Promise.resolve();
    expect(told).toEqual([]);
  });

  test("closes the worker", () => {
    const { client, worker } = fakeWorker();
    client.close();
    expect(worker.terminate).toHaveBeenCalledOnce();
  });
});

test("what the worker fetched is told beside the calls", () => {
  const { say, onTraffic } = fakeWorker();
  const files = [{ address: "https://lab.test/a.bin", bytes: 3, at: 5 }];
  say({ kind: "traffic", files });
  expect(onTraffic.mock.calls).toEqual([[files]]);
});

test("a late client starts its worker with the first call, once, and passes its notices on", async () => {
  const { client, say, sent } = fakeWorker();
  const create = vi.fn<() => typeof client>(() => client);
  const late = startedLate(create);
  const told: Notice[] = [];
  const stop = late.onNotice((notice) => told.push(notice));
  expect(create).not.toHaveBeenCalled();
  const first = late.call("memory", {});
  void late.call("memory", {});
  expect(create).toHaveBeenCalledOnce();
  expect(sent).toHaveLength(2);
  say({ id: 1, kind: "result", result: memory });
  expect(await first).toEqual(memory);
  const notice: Notice = { kind: "gpu-error", error: { code: "gpu-error", message: "m", hint: "h" } };
  say({ kind: "notice", notice });
  stop();
  say({ kind: "notice", notice });
  expect(told).toEqual([notice]);
});

test("in place of a worker that stopped a late client starts another with the next call", async () => {
  const [first, second] = [fakeWorker(), fakeWorker()];
  const workers = [first, second];
  const late = startedLate(() => workers.shift()?.client ?? first.client);
  const told: Notice[] = [];
  late.onNotice((notice) => told.push(notice));
  const lost = late.call("memory", {});
  first.fail("out of memory");
  await expect(lost).rejects.toMatchObject({ code: "worker-failed" });
  const call = late.call("memory", {});
  second.say({ id: 1, kind: "result", result: memory });
  expect(await call).toEqual(memory);
  second.say({ kind: "notice", notice: { kind: "device-lost", error: { code: "device-lost", message: "Lost.", hint: "Reload." } } });
  expect(told.map(({ kind }) => kind)).toEqual(["engine-stopped", "device-lost"]);
});
