import { expect, test } from "vitest";
import { errorFigure } from "./errorFigure.ts";

test("errors are short, from none at all to no number", () => {
  expect([0, 3.14e-7, 2e-5, 0.5, 1.12, NaN, Infinity].map(errorFigure)).toEqual(["0", "3.1e-7", "2e-5", "0.50", "1.1", "–", "–"]);
});
