import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { fakeLocks } from "../keeping/testing/fakeLocks.ts";
import { tornFiles, type TornFiles } from "../keeping/testing/tornFiles.ts";
import { tinySettings } from "../mixture/testing/methodSettings.ts";
import type { FileStore, SyncFile } from "../keeping/files.ts";
import { EngineError } from "../lib/errors.ts";
import type { Locks } from "../keeping/writerLock.ts";
import type { CallKind, EngineCalls, ProjectsFacts } from "./protocol.ts";
import { createSession } from "./session.ts";
import { serveModel, sourceOf } from "./testing/modelServer.ts";

const settings = { ...tinySettings, steps: 8, learningRate: 0.02 };
const draft = { prompt: "The capital of France is", answer: "Berlin.", rephrasings: [] };
const other = { prompt: "def f(x): return", answer: "world", rephrasings: [] };
const third = { prompt: "for x in", answer: "range", rephrasings: [] };
const request = { source: { kind: "built-in", variant: "int8" } };

beforeAll(async () => {
  const gpt2 = await serveModel("gpt2");
  vi.stubGlobal("fetch", gpt2.fetch);
});
afterAll(() => {
  vi.unstubAllGlobals();
});

/** The same files on a disk that can be filled. */
function onDisk(files: FileStore): FileStore & { full: boolean } {
  const disk = {
    ...files,
    full: false,
    open: async (name: string, how: { readonly create: boolean }): Promise<SyncFile> => {
      const file = await files.open(name, how);
      const write = (at: number, bytes: Uint8Array): void => {
        if (disk.full) throw new EngineError("no-space", "The disk is full.", "Free some.");
        file.write(at, bytes);
      };
      return {
        ...file,
        write,
        get size() {
          return file.size;
        },
      };
    },
  };
  return disk;
}

/** A page with an origin's storage, before anything is loaded. */
function page(files: FileStore, locks: Locks) {
  const seen: ProjectsFacts[] = [];
  const keeping = { files: async () => files, locks: () => locks, onChange: (facts: ProjectsFacts) => void seen.push(facts) };
  const { handlers } = createSession(navigator.gpu, () => {}, undefined, keeping);
  const call = <K extends CallKind>(kind: K, params: EngineCalls[K]["params"]): Promise<EngineCalls[K]["result"]> =>
    handlers[kind](params, { signal: new AbortController().signal, emit: () => {} });
  const told = (): ProjectsFacts | undefined => seen.at(-1);
  const ready = async (): Promise<ProjectsFacts> => {
    await call("start", {});
    const facts = await call("keepHere", { takeOver: false });
    await call("load", { source: sourceOf("gpt2"), request });
    return facts;
  };
  const ask = async (prompt: string): Promise<string> =>
    (await call("generate", { prompt, maxTokens: 6, sampling: { kind: "greedy" }, edits: "auto", stopAtSentence: true })).text;
  return { call, told, ready, ask };
}
type Page = ReturnType<typeof page>;

const odds = async ({ call }: Page): Promise<readonly number[]> => call("strengthCurve", { id: 1, strengths: [0, 0.5, 1, 2] });

/** Everything that is written becomes what the next page finds, as after a crash. */
const crashed = (files: TornFiles): TornFiles => files.afterCrash(() => 0);

describe.each(["paper", "improved"] as const)("what is done in %s mode", (method) => {
  afterEach(() => vi.useRealTimers());

  test("is there again in the next page: edits, switches, answers, to the last bit", async () => {
    const files = tornFiles();
    const first = page(files, fakeLocks());
    expect(await first.ready()).toMatchObject({ role: "writer", list: [], current: null, last: null });
    await first.call("configure", { settings, method });
    await first.call("edit", { draft });
    expect(first.told()).toMatchObject({ problem: null, list: [{ about: { edits: 1, request } }] });
    expect(first.told()?.saved).toBeGreaterThan(0);
    await first.call("edit", { draft: other });
    await first.call("changeEdit", { id: 2, strength: 0.25 });
    const [before, answer, curve] = [await first.call("edits", {}), await first.ask(draft.prompt), await odds(first)];
    const left = crashed(files);
    const went = await first.call("edit", { draft: third });

    const second = page(left, fakeLocks());
    const found = await second.ready();
    expect(found).toMatchObject({ role: "writer", list: [{ about: { edits: 2, request } }] });
    const opened = await second.call("openProject", { id: found.last ?? "" });
    expect(opened.ledger.edits).toEqual(before.edits);
    expect(opened.model).toMatchObject({ method, settings });
    expect(await second.ask(draft.prompt)).toBe(answer);
    expect(await odds(second)).toEqual(curve);

    // It goes on from there, bit for bit.
    expect((await second.call("edit", { draft: third })).curve).toEqual(went.curve);
  });

  test("goes into a file and comes back out of it, and strangers' files change nothing", async () => {
    const own = page(tornFiles(), fakeLocks());
    await own.ready();
    await own.call("configure", { settings, method });
    await own.call("edit", { draft });
    const { bytes, name } = await own.call("exportProject", { id: null });
    const [edits, curve] = [await own.call("edits", {}), await odds(own)];
    const its = page(tornFiles(), fakeLocks());
    await its.ready();
    const { id, about } = await its.call("importProject", { bytes, name });
    expect(about).toEqual({ model: expect.any(String), edits: 1, request });
    const opened = await its.call("openProject", { id });
    expect(opened.ledger.edits).toEqual(edits.edits);
    expect(await odds(its)).toEqual(curve);
    expect((await its.call("exportProject", { id })).bytes.length).toBe(bytes.length);
    const broken = bytes.slice();
    broken[300] = (broken[300] ?? 0) ^ 1;
    await expect(its.call("importProject", { bytes: broken, name })).rejects.toMatchObject({ code: "bad-project" });
    expect((await its.call("edits", {})).edits).toEqual(opened.ledger.edits);
  });
});

describe("the keeping page", () => {
  test("is one; another can take over, has all of it, and the first says that it keeps no more", async () => {
    const [files, locks] = [tornFiles(), fakeLocks()];
    const first = page(files, locks);
    await first.ready();
    await first.call("configure", { settings });
    await first.call("edit", { draft });
    // Pages of one process share a device: this one has no model.
    const second = page(files, locks);
    expect(await second.call("keepHere", { takeOver: false })).toMatchObject({
      role: "reader",
      problem: { code: "storage-busy" },
      list: [],
    });
    const taken = await second.call("keepHere", { takeOver: true });
    expect(taken).toMatchObject({ role: "writer", problem: null, list: [{ about: { edits: 1 } }] });
    await vi.waitFor(() => expect(first.told()).toMatchObject({ role: "reader", problem: { code: "storage-busy" } }));
    // What the first does from now on reaches nothing that is kept.
    await first.call("edit", { draft: other });
    expect(first.told()).toMatchObject({ role: "reader", saved: null });
    const later = page(crashed(files), fakeLocks());
    const { last } = await later.ready();
    expect((await later.call("openProject", { id: last ?? "" })).ledger.edits).toMatchObject([{ id: 1, answer: draft.answer }]);
  });

  test("says where a change could not be kept, and keeps it with the next one", async () => {
    const disk = onDisk(tornFiles());
    const own = page(disk, fakeLocks());
    await own.ready();
    await own.call("configure", { settings });
    await own.call("edit", { draft });
    disk.full = true;
    await own.call("changeEdit", { id: 1, on: false });
    expect(own.told()).toMatchObject({ saved: null, problem: { code: "no-space" } });
    disk.full = false;
    await own.call("changeEdit", { id: 1, strength: 2 });
    expect(own.told()).toMatchObject({ problem: null, list: [{ about: { edits: 1 } }] });
    expect(own.told()?.saved).toBeGreaterThan(0);
  });

  test("begins another project, renames, copies, removes and brings back", async () => {
    const own = page(tornFiles(), fakeLocks());
    await own.ready();
    await own.call("configure", { settings });
    await own.call("edit", { draft });
    const one = own.told()?.current ?? "";
    await own.call("renameProject", { id: one, name: "  First " });
    await own.call("duplicateProject", { id: one, name: "Copy" });
    expect((await own.call("newProject", { name: "Empty", request })).ledger.edits).toEqual([]);
    const { list } = await own.call("removeProject", { id: one });
    expect(list.map(({ name, deleted }) => [name, deleted === null])).toEqual([
      ["Empty", true],
      ["Copy", true],
      ["First", false],
    ]);
    const restored = await own.call("restoreProject", { id: one });
    const copy = restored.list.find(({ name }) => name === "Copy")?.id ?? "";
    for (const id of [one, copy]) expect((await own.call("openProject", { id })).ledger.edits).toHaveLength(1);
    await expect(own.call("removeProject", { id: copy })).rejects.toMatchObject({ code: "busy" });
    await expect(own.call("renameProject", { id: one, name: " " })).rejects.toMatchObject({ code: "bad-settings" });
    await expect(own.call("openProject", { id: "p0" })).rejects.toMatchObject({ code: "unknown-project" });
  });
});
