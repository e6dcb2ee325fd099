import { expect, test } from "vitest";
import { growthOf } from "./timing.ts";

const costs = (count: number, seconds: (edit: number) => number, bytes: (edit: number) => number) =>
  Array.from({ length: count }, (_, i) => ({ seconds: seconds(i + 1), gpuBytes: bytes(i + 1), gpuAllocatedBytes: 0, processBytes: 0 }));

test("late edits are compared with early ones by their medians, whatever single edits took", () => {
  const own = growthOf(
    costs(
      1000,
      (edit) => (edit === 20 || edit === 990 ? 100 : edit <= 500 ? 2 : 3),
      (edit) => 5000 + 10 * edit,
    ),
  );
  // Medians of edits 10 to 60 and 950 to 1000 are those of the 35th and the 975th: 9,400 bytes over 940 edits.
  expect(own).toEqual({ early: [10, 60], late: [950, 1000], ratio: 1.5, gpuBytesPerEdit: 10 });
});

test("few edits say nothing of growth", () => {
  expect(
    growthOf(
      costs(
        100,
        () => 1,
        () => 1,
      ),
    ),
  ).toBeNull();
});
