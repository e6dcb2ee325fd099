import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { moved } from "../gpu/testing/arrays.ts";
import { livePlaces, randomDirection, REACH, slopeError } from "../gpu/testing/slopes.ts";
import { installTestGpu } from "../gpu/testing/testGpu.ts";
import { createPrng } from "../lib/prng.ts";
import { tinySettings } from "../mixture/testing/methodSettings.ts";
import type { Model } from "../model/model.ts";
import { tinyFiles, type Family } from "../model/testing/tinyModel.ts";
import { uploadModel } from "../model/uploadModel.ts";
import { gradientCase, type GradientCase } from "./testing/gradientCase.ts";

/** Of the gradient's length along a direction. */
const TOLERANCE = 1e-3;
const FEW = 8;

let gpuErrors: readonly string[] = [];
beforeAll(async () => {
  gpuErrors = await installTestGpu();
});

/** The parts of two mixture layers in the order in which the state lists them. */
const KINDS = [
  "router weight",
  "router bias",
  "A of the first layer",
  "A of the second layer",
  "B of the first layer",
  "B of the second layer",
] as const;

/** The error of the slope along one direction, by the largest step up to `step` that changes no pick; the part is put back. */
async function directionError(
  own: GradientCase,
  index: number,
  gradient: Float32Array,
  direction: Float64Array,
  step: number,
): Promise<number> {
  const point = own.points[index];
  if (!point) throw new Error(`No part ${index}`);
  const picks = await own.picks();
  const picksAt = async (distance: number): Promise<string> => {
    own.set(index, moved(point, direction, distance));
    return own.picks();
  };
  const value = async (at: Float32Array): Promise<number> => {
    own.set(index, at);
    return own.loss();
  };
  try {
    let held = step;
    while ((await picksAt(REACH * held)) !== picks || (await picksAt(-REACH * held)) !== picks) held /= 2;
    return await slopeError({ value, point, gradient, direction, step: held });
  } finally {
    own.set(index, point);
  }
}

const CASES: readonly (readonly [Family, "f32" | "int8", readonly string[]])[] = [
  ["gpt2", "f32", ["mlp.c_fc", "mlp.c_proj", "attn.c_attn"]],
  ["gpt2", "int8", ["mlp.c_fc", "mlp.c_proj", "attn.c_attn"]],
  ["llama", "f32", ["mlp.down_proj", "self_attn.q_proj"]],
  ["llama", "int8", ["mlp.down_proj", "self_attn.q_proj"]],
];

describe.each(CASES)("%s in %s", (family, format, modules) => {
  let model: Model;
  beforeAll(async () => {
    model = await uploadModel(tinyFiles(family, { format, vocabulary: 48, seed: 3 }));
  });
  afterAll(() => model.dispose());

  describe.each(modules)("mixtures on %s", (module) => {
    let own: GradientCase;
    let gradients: Float32Array[];
    beforeAll(async () => {
      own = await gradientCase(model, { ...tinySettings, module, rank: 2, alpha: 2, guidedLossWeight: 0.3 });
      gradients = await own.gradients();
    });
    afterAll(() => own.dispose());

    test.each(KINDS.map((kind, index) => [kind, index] as const))("gradient of the %s", async (kind, index) => {
      const gradient = gradients[index] ?? new Float32Array();
      expect(gradient.some((value) => value !== 0)).toBe(true);
      const prng = createPrng(41 + index);
      const few = livePlaces(prng, gradient, FEW);
      const all = await directionError(
        own,
        index,
        gradient,
        randomDirection(prng, gradient.length),
        kind.startsWith("router") ? 0.01 : 0.015,
      );
      expect(all, "all coordinates at once").toBeLessThan(TOLERANCE);
      const some = await directionError(own, index, gradient, randomDirection(prng, gradient.length, few), 0.06);
      expect(some, `coordinates ${few.join(", ")}`).toBeLessThan(10 * TOLERANCE);
      expect(gpuErrors).toEqual([]);
    });

    test("experts that no sample picked have no gradient, and those picked have one", async () => {
      const picked = Array.from(await own.picks(), Number);
      const { layers, experts, rank } = own.state.settings;
      layers.forEach((_layer, l) => {
        for (let e = 0; e < experts; e++) {
          const used = [0, 1, 2].some((sample) => picked[(sample * layers.length + l) * experts + e] === 1);
          for (const gradient of [gradients[2 + l], gradients[4 + l]]) {
            const width = (gradient?.length ?? 0) / experts;
            expect(width % rank).toBe(0);
            const part = gradient?.subarray(e * width, (e + 1) * width);
            expect(part?.some((value) => value !== 0)).toBe(used);
          }
        }
      });
    });
  });
});
