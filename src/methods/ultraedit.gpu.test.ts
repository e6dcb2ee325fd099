import { beforeAll, describe, expect, test } from "vitest";
import type { EditedModel } from "../editing/generate.ts";
import { tinyEdited } from "../editing/testing/tinyEdited.ts";
import { padSamples } from "../editing/trainingBatch.ts";
import { installTestGpu } from "../gpu/testing/testGpu.ts";
import type { EditingMethod } from "./method.ts";
import { ultraEditSettings, type UltraEditSettings } from "./settings.ts";
import { phrasingsOf } from "./shared.ts";
import { crossProduct, linearSlopes } from "./testing/linearSlopes.ts";
import { FRANCE, sampleOf, sequentialCases } from "./testing/sequentialCases.ts";
import { answerRows, type TuneSettings } from "./tune.ts";
import { createUltraEdit } from "./ultraedit.ts";

let edited: EditedModel;
let settings: UltraEditSettings;
beforeAll(async () => {
  await installTestGpu();
  edited = await tinyEdited("gpt2", {}, { format: "int8" });
  settings = { ...ultraEditSettings(edited.model), layers: [1, 2], learningRate: 3e-4, rounds: 60 };
});

const fresh = (own: Partial<TuneSettings> = {}, rounds = own.mostSteps ?? settings.rounds): EditingMethod => {
  const { learningRate = settings.learningRate } = own;
  return createUltraEdit({ ...edited, seed: 3 }, { ...settings, learningRate, rounds });
};

describe("UltraEdit", () => {
  sequentialCases(() => edited, fresh);

  test("the first round is the closed form of the inputs and slopes of the answers' tokens", async () => {
    const module = settings.module;
    const samples = phrasingsOf(FRANCE).map((prompt) => sampleOf(edited, prompt, FRANCE.answer));
    const rows = answerRows(padSamples(samples));
    const own = await Promise.all(settings.layers.map((layer) => linearSlopes(edited.model, samples, layer, module)));
    const parts = own.map(({ x, dy, N }) => {
      const [I, O] = [x.length / N, dy.length / N];
      return rows.map((n) => ({ h: Array.from(x.subarray(n * I, (n + 1) * I)), g: Array.from(dy.subarray(n * O, (n + 1) * O)) }));
    });
    const all = parts.flat().map(({ h, g }) => [...h, ...g]);
    const moments = columnMoments(all);
    const method = fresh({}, 1);
    await method.edit(FRANCE);
    const found = (await method.state()).arrays["parameters"] ?? new Float32Array();
    method.dispose();
    const size = found.length / settings.layers.length;
    parts.forEach((part, layer) => {
      const h = part.flatMap((row) => row.h);
      const width = h.length / part.length;
      const values = part.flatMap((row) => {
        const [input, slope] = [row.h.map(normalized(moments)), row.g.map(normalized(moments.slice(width)))];
        return slope.map((value) => -settings.learningRate * input.reduce((sum, one) => sum + one * one, 0) * value);
      });
      // (HᵀH + 1) Δ = HᵀV.
      const delta = found.subarray(layer * size, (layer + 1) * size);
      const product = crossProduct(
        h,
        part.flatMap((row) => times(row.h, delta)),
        part.length,
      );
      const expected = crossProduct(h, values, part.length);
      const largest = Math.max(...expected.map(Math.abs));
      expect(largest).toBeGreaterThan(0.01);
      expected.forEach((value, i) => expect(((product[i] ?? 0) + (delta[i] ?? 0) - value) / largest).toBeCloseTo(0, 3));
    });
  });
});

/** A row (I) times Δ (I, O). */
const times = (row: readonly number[], delta: Float32Array): number[] => {
  const outputs = delta.length / row.length;
  return Array.from({ length: outputs }, (_, o) => row.reduce((sum, value, i) => sum + value * (delta[i * outputs + o] ?? 0), 0));
};

/** Mean and deviation of each column. */
function columnMoments(rows: readonly number[][]): { mean: number; deviation: number }[] {
  return (rows[0] ?? []).map((_, i) => {
    const column = rows.map((row) => row[i] ?? 0);
    const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
    const squares = column.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return { mean, deviation: Math.sqrt(squares / (column.length - 1)) };
  });
}

const normalized =
  (moments: readonly { mean: number; deviation: number }[]) =>
  (value: number, i: number): number =>
    (value - (moments[i]?.mean ?? 0)) / ((moments[i]?.deviation ?? 0) + 2 ** -23);
