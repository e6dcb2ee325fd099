import { afterEach, describe, expect, test } from "vitest";
import { batchesOf, boundSubmits, limitSubmits, piecesOf, reserve, secondsOf, stockWork } from "./submitBudget.ts";

afterEach(() => limitSubmits());

describe("a dispatch", () => {
  test("that is short enough stays whole", () => {
    const work = { flops: 5e10, bytes: 1e9 };
    expect(secondsOf(work)).toBeCloseTo(0.07);
    expect(piecesOf([7, 9, 1], work)).toEqual([{ first: [0, 0], grid: [7, 9, 1], seconds: secondsOf(work) }]);
    expect(piecesOf([1, 1, 1], { flops: 0, bytes: 0 })).toHaveLength(1);
  });
  test.each([
    [[10, 3, 1], 0],
    [[3, 10, 2], 1],
  ] as const)("of the grid %j is cut along its longer side", (grid, axis) => {
    const pieces = piecesOf(grid, { flops: 2.2e11, bytes: 0 });
    expect(pieces.map(({ first }) => first[axis])).toEqual([0, 3, 6, 9]);
    expect(pieces.map(({ grid: own }) => own[axis])).toEqual([3, 3, 3, 1]);
    for (const piece of pieces) {
      expect(piece.first[1 - axis]).toBe(0);
      expect(piece.grid.filter((_, i) => i !== axis)).toEqual(grid.filter((_, i) => i !== axis));
      expect(piece.seconds).toBeLessThanOrEqual(0.08);
    }
    expect(pieces.reduce((sum, { seconds }) => sum + seconds, 0)).toBeCloseTo(0.22);
  });
  test("cannot be less than one workgroup", () => {
    expect(piecesOf([2, 1, 1], { flops: 1e12, bytes: 0 }).map(({ grid }) => grid)).toEqual([
      [1, 1, 1],
      [1, 1, 1],
    ]);
  });
  test("stays whole where nothing is bounded", () => {
    limitSubmits(Infinity);
    expect(piecesOf([10, 10, 1], { flops: 1e15, bytes: 0 })).toHaveLength(1);
    expect(batchesOf([{ seconds: 9 }, { seconds: 9 }])).toHaveLength(1);
  });
});

test("batches hold as much as one submit may", () => {
  const seconds = (list: readonly number[]): { seconds: number }[] => list.map((one) => ({ seconds: one }));
  const sizes = (list: readonly number[]): number[] => batchesOf(seconds(list)).map(({ length }) => length);
  expect(sizes([0.03, 0.03, 0.03, 0.08, 0.01])).toEqual([2, 1, 1, 1]);
  expect(sizes([0.5, 0.01])).toEqual([1, 1]);
  expect(sizes([])).toEqual([]);
});

test("a stock product counts its inner size, other programs what they pass over", () => {
  const [a, b, y] = [{ shape: [3, 5] }, { shape: [5, 7] }, { shape: [3, 7] }];
  expect(stockWork("matMulPacked_1", y, [a, b])).toEqual({ flops: 2 * 3 * 5 * 7 + 71, bytes: 4 * 71 });
  expect(stockWork("binary_add", a, [a, a])).toEqual({ flops: 45, bytes: 180 });
});

describe("what TF.js encodes", () => {
  /** Records in which order programs and submits came. */
  function fakeBackend() {
    const said: string[] = [];
    const backend = {
      ensureCommandEncoderReady: () => undefined,
      endComputePassEncoder: () => undefined,
      submitQueue: () => void said.push("submit"),
      recordAndSubmit: ({ shaderKey }: { shaderKey: string }) => void said.push(shaderKey),
    };
    boundSubmits(backend);
    const run = (name: string, elements: number): void =>
      (backend.recordAndSubmit as (...args: unknown[]) => void)({ shaderKey: name }, { shape: [elements] }, [], undefined);
    return { said, backend, run };
  }
  test("is submitted before it is too much together", () => {
    const { said, run } = fakeBackend();
    // 4 bytes an element: 0.04 s and a little more.
    for (const name of ["a", "b", "c"]) run(name, 5.1e8);
    expect(said).toEqual(["a", "submit", "b", "submit", "c"]);
  });
  test("is counted together with kernels, until either submits", () => {
    const { said, backend, run } = fakeBackend();
    reserve(backend, 0.06);
    run("a", 5.1e8);
    backend.submitQueue();
    reserve(backend, 0.06);
    reserve(backend, 0.01);
    expect(said).toEqual(["submit", "a", "submit"]);
  });
  test("nothing empty is submitted before what is too much alone", () => {
    const { said, run } = fakeBackend();
    run("a", 1e12);
    expect(said).toEqual(["a"]);
  });
});
