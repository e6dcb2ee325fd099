/** The folders of golden values as repositories of a server that behaves like the Hub, through what the page's engine does with a source. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createProgress } from "../../src/engine/loadProgress.ts";
import { readLibrary } from "../../src/engine/modelLibrary.ts";
import { openForLoading } from "../../src/engine/modelSources.ts";
import type { ModelSource } from "../../src/engine/protocol.ts";
import { lookAtRemote } from "../../src/engine/remoteFiles.ts";
import { modelPlans } from "../../src/model/modelPlans.ts";
import { memoryStore, type ChunkStore } from "../../src/weights/chunkStore.ts";
import type { HostTensor, ModelFiles } from "../../src/weights/hostTensor.ts";
import { ownThread } from "../../src/weights/packBand.ts";
import { readModel } from "../../src/weights/readModel.ts";
import { diskFiles } from "../lib/diskFiles.ts";
import { startHubServer, type HubServer } from "./hubServer.ts";

const reference = join(import.meta.dirname, "reference");
const folders = readdirSync(reference, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

let hub: HubServer;
beforeAll(async () => {
  const read = (folder: string) =>
    Object.fromEntries(
      readdirSync(join(reference, folder)).map((file) => [file, new Uint8Array(readFileSync(join(reference, folder, file)))]),
    );
  hub = await startHubServer({ repositories: Object.fromEntries(folders.map((folder) => [`golden/${folder}`, { files: read(folder) }])) });
});
afterAll(() => hub.close());

const sourceOf = (folder: string): Extract<ModelSource, { kind: "hub" }> => ({
  kind: "hub",
  id: `golden/${folder}`,
  endpoint: hub.endpoint,
});

async function tensorsOf(files: ModelFiles): Promise<Map<string, HostTensor>> {
  const tensors = new Map<string, HostTensor>();
  for await (const tensor of files.tensors()) tensors.set(tensor.name, tensor);
  return tensors;
}

async function load(folder: string, store: ChunkStore | undefined): Promise<Map<string, HostTensor>> {
  const context = {
    store,
    signal: new AbortController().signal,
    pause: undefined,
    progress: createProgress(() => undefined),
    packer: ownThread,
  };
  const loading = await openForLoading(sourceOf(folder), "stored", context);
  const tensors = await tensorsOf(loading.files);
  await loading.finish();
  return tensors;
}

describe("a golden folder from the Hub", () => {
  test.each(folders)("%s is what it is on disk, is kept, and makes no request the second time", async (folder) => {
    const expected = await tensorsOf(await readModel(await diskFiles(join(reference, folder)), modelPlans, { precision: "stored" }));
    const store = memoryStore();
    expect(await load(folder, store)).toEqual(expected);
    const asked = hub.log.length;
    expect(asked).toBeGreaterThan(0);
    const library = await readLibrary(store);
    expect(library.models).toMatchObject([{ from: `golden/${folder}`, commit: expect.stringMatching(/^[0-9a-f]{40}$/) as string }]);
    expect(library.unfinished).toEqual([]);
    // Of the raw download nothing stays.
    expect((await store.keys("")).filter((key) => !key.startsWith("models/"))).toEqual([]);
    expect(await load(folder, store)).toEqual(expected);
    expect(hub.log.length).toBe(asked);
  });

  test("is looked at by ranges, without its weights", async () => {
    const [folder = ""] = folders;
    const before = hub.log.length;
    const { files, commit, gated } = await lookAtRemote(sourceOf(folder), new AbortController().signal);
    expect([commit?.length, gated]).toEqual([40, false]);
    const model = await readModel(files, modelPlans, { precision: "stored" });
    expect(model.outline.length).toBeGreaterThan(10);
    expect(hub.log.length - before).toBeLessThan(12);
  });

  test("loads without a store too", async () => {
    const [folder = ""] = folders;
    expect((await load(folder, undefined)).size).toBeGreaterThan(10);
  });
});
