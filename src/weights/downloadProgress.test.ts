import { afterEach, expect, test } from "vitest";
import type { DownloadProgress } from "./downloadProgress.ts";
import { hastyClock, randomBytes, serve, smallModel, type Case } from "./testing/hubCases.ts";

let running: Case | undefined;
const start = async (...parameters: Parameters<typeof serve>): Promise<Case> => (running = await serve(...parameters));
afterEach(() => running?.server.close());

const bytesOfModel = Object.values(smallModel).reduce((sum, { length }) => sum + length, 0);

test("tells when what was asked for is asked for again", async () => {
  const files = { "w.safetensors": randomBytes(5, 10_500) };
  const { open, server } = await start(files);
  server.faults.add({ kind: "cut", at: 5200 }, { kind: "drop", times: 2 });
  const states: string[] = [];
  const clock = { ...hastyClock(), sleep: async () => void states.push(download.progress().state) };
  const download = await open({ parallel: 1, clock });
  await download.complete();
  expect(states).toEqual(["retrying", "retrying", "retrying"]);
  expect(download.progress().state).toBe("done");
});

test("counts every file to its end", async () => {
  const { open } = await start(smallModel);
  const seen: DownloadProgress[] = [];
  const download = await open({ onProgress: (progress) => seen.push(progress) });
  await download.complete();
  const last = download.progress();
  expect(last).toMatchObject({
    state: "done",
    loadedBytes: bytesOfModel,
    totalBytes: bytesOfModel,
    secondsLeft: 0,
    receivedBytes: bytesOfModel,
  });
  expect(last.files.map(({ path, loadedBytes, bytes, checked }) => [path, loadedBytes === bytes && checked])).toEqual(
    ["config.json", "empty.txt", "tokenizer.json", "a.safetensors", "b.safetensors"].map((path) => [path, true]),
  );
  expect(new Set(seen.map(({ state }) => state))).toContain("downloading");
  expect(seen.at(-1)?.state).toBe("done");
  expect(seen.every(({ loadedBytes, totalBytes }) => loadedBytes <= totalBytes)).toBe(true);
});

test("texts come before weights, and what is read before both", async () => {
  const { open, server } = await start(smallModel);
  const order = () =>
    server.log.filter(({ path }) => !path.includes("/resolve-cache/") && !path.includes("/repos/")).map(({ file }) => file);
  await (await open({ parallel: 1 })).complete();
  expect([...new Set(order())]).toEqual(["config.json", "tokenizer.json", "a.safetensors", "b.safetensors"]);
  server.log.length = 0;
  const download = await open({ parallel: 1, checkFirstBytes: 0 });
  await download.files.open("b.safetensors")?.read(10_000, 10_001);
  await download.complete();
  expect([...new Set(order())]).toEqual(["config.json", "b.safetensors", "tokenizer.json", "a.safetensors"]);
  // The reader's chunk, and what comes after it, before the file's beginning.
  const ranges = server.log.filter(({ at, file }) => at === "cdn" && file === "b.safetensors").map(({ range }) => range?.[0]);
  expect(ranges).toEqual([10_000, 14_000, 18_000, 0, 4000, 8000]);
});
