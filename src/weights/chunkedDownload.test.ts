import { afterEach, describe, expect, test } from "vitest";
import { memoryStore } from "./chunkStore.ts";
import { goldenFiles, readAll, serve, type Case } from "./testing/hubCases.ts";

let running: Case | undefined;
const start = async (...parameters: Parameters<typeof serve>): Promise<Case> => (running = await serve(...parameters));
afterEach(() => running?.server.close());

const golden = ["tiny-gpt2", "tiny-llama", "tiny-llama-tied"];

describe("a golden folder as a repository", () => {
  test.each(golden.flatMap((name) => [1, 4].map((parallel) => [name, parallel] as const)))(
    "%s, %i at once, comes byte for byte",
    async (name, parallel) => {
      const { open, files } = await start(goldenFiles(name));
      const store = memoryStore();
      const download = await open({ store, parallel, chunkBytes: 16384, requestBytes: 65536 });
      for (const path of download.files.files)
        expect(Buffer.compare(await readAll(download, path, 50_000), files[path] ?? new Uint8Array())).toBe(0);
      await download.complete();
      expect(download.progress()).toMatchObject({ state: "done", kept: true, notes: [] });
      await download.close();
    },
  );
});
