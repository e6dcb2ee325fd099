import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { madeEdit, madeResult, run } from "../../src/evaluation/testing/outcomes.ts";
import { readPartial, writePartial, type Partial } from "./partialFile.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "partial-"));
});
afterAll(() => rm(folder, { recursive: true }));

const arrays = { odd: Float32Array.of(1, -0, 3.4e38, NaN), none: new Float32Array(), view: new Float32Array(8).fill(7).subarray(3, 5) };
const kept: Partial = {
  finished: [madeResult([madeEdit(1)])],
  finishedTimings: [],
  saved: {
    run,
    progress: { taken: 3, written: [{ record: 2, edit: 1, steps: 4 }], refused: [{ id: "…", message: "€" }], checkpoints: [] },
    method: { facts: { edits: [1] }, arrays },
  },
  timing: { method: "improved", seed: 1, edits: [], checkpoints: [] },
};

test("what is kept comes back to the bit, and a later one takes its place", async () => {
  const path = join(folder, "whole");
  await writePartial(path, { ...kept, finished: [] });
  await writePartial(path, kept);
  expect(await readPartial(path)).toEqual({
    ...kept,
    saved: { ...kept.saved, method: { ...kept.saved.method, arrays: { ...arrays, view: Float32Array.of(7, 7) } } },
  });
  expect(Object.is((await readPartial(path))?.saved.method.arrays["odd"]?.[1], -0)).toBe(true);
  expect(await readPartial(join(folder, "nowhere"))).toBeUndefined();
});

test("a file that was cut, changed or is another is refused", async () => {
  const path = join(folder, "broken");
  await writePartial(path, kept);
  const bytes = await readFile(path);
  const changed = Buffer.from(bytes);
  changed.writeUInt8(changed.readUInt8(60) ^ 4, 60);
  for (const other of [bytes.subarray(0, -1), bytes.subarray(0, 20), changed, Buffer.from("{}"), Buffer.alloc(0)]) {
    await writeFile(path, other);
    await expect(readPartial(path)).rejects.toMatchObject({ code: "bad-state" });
  }
});
