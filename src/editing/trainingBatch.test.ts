import { expect, test } from "vitest";
import { IGNORED, padSamples } from "./trainingBatch.ts";

const X = IGNORED;

test("samples are padded on the right to the longest, with labels at the answers alone", () => {
  const batch = padSamples([
    { ids: [11, 12, 13, 14], promptLength: 3 },
    { ids: [21, 22], promptLength: 1 },
    { ids: [31, 32, 33], promptLength: 1 },
  ]);
  expect(batch).toMatchObject({ batch: 3, length: 4 });
  expect([...batch.ids]).toEqual([11, 12, 13, 14, 21, 22, 0, 0, 31, 32, 33, 0]);
  expect([...batch.mask]).toEqual([1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0]);
  expect([...batch.labels]).toEqual([X, X, X, 14, X, 22, X, X, X, 32, 33, X]);
  expect([...batch.queryRows]).toEqual([2, 4, 8]);
});

test("one sample needs no padding", () => {
  const batch = padSamples([{ ids: [5, 6], promptLength: 1 }]);
  expect([...batch.ids, ...batch.mask, ...batch.labels, ...batch.queryRows]).toEqual([5, 6, 1, 1, X, 6, 0]);
});
