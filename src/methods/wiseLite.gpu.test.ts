import { beforeAll, describe, expect, test } from "vitest";
import type { EditedModel } from "../editing/generate.ts";
import { encodePrompt } from "../editing/promptText.ts";
import { tinyEdited } from "../editing/testing/tinyEdited.ts";
import { readFloats, tf } from "../gpu/tensors.ts";
import { lengthOf } from "../gpu/testing/arrays.ts";
import { installTestGpu } from "../gpu/testing/testGpu.ts";
import { matchAnswers } from "./answers.ts";
import { lastTokenInputs } from "./lastTokenInputs.ts";
import type { EditingMethod } from "./method.ts";
import { wiseLiteSettings, type WiseLiteSettings } from "./settings.ts";
import { phrasingsOf, rowsOf } from "./shared.ts";
import { FRANCE, sampleOf, sequentialCases, SPAIN } from "./testing/sequentialCases.ts";
import { createWiseLite, marginLoss } from "./wiseLite.ts";

let edited: EditedModel;
let settings: WiseLiteSettings;
beforeAll(async () => {
  await installTestGpu();
  edited = await tinyEdited("gpt2", {}, { format: "int8" });
  settings = { ...wiseLiteSettings(edited.model), layer: 1, learningRate: 0.02, mostSteps: 25, most: 1, least: 2, gap: 1 };
});

const fresh = (own: Partial<WiseLiteSettings> = {}): EditingMethod => createWiseLite({ ...edited, seed: 3 }, { ...settings, ...own });
const idsOf = (text: string): number[] => encodePrompt(edited.tokenizer, text, edited.model.config.contextLength);

/** |x Δ| of each prompt, in float64 from what the method keeps. */
async function activationsOf(method: EditingMethod, prompts: readonly string[]): Promise<number[]> {
  const { arrays } = await method.state();
  const delta = arrays["parameters"] ?? new Float32Array();
  const inputs = lastTokenInputs(edited.model, prompts.map(idsOf), settings.layer, settings.module);
  const rows = rowsOf(await readFloats(inputs), inputs.shape[1] ?? 0);
  inputs.dispose();
  return rows.map((x) => {
    const outputs = delta.length / x.length;
    return lengthOf(Array.from({ length: outputs }, (_, o) => x.reduce((sum, value, i) => sum + value * (delta[i * outputs + o] ?? 0), 0)));
  });
}

describe("WISE-lite", () => {
  sequentialCases(() => edited, fresh);

  test("the threshold is the share of the least activation an edit had when it was written", async () => {
    const method = fresh({ activationShare: 0.75 });
    await method.edit(FRANCE);
    const first = Math.min(...(await activationsOf(method, phrasingsOf(FRANCE))));
    await method.edit(SPAIN);
    const least = Math.min(first, ...(await activationsOf(method, phrasingsOf(SPAIN))));
    const prompts = [FRANCE.prompt, SPAIN.prompt, "It rained all day and", "A fish", "I"];
    const found = await activationsOf(method, prompts);
    const { scopes } = await method.scope(prompts.map(idsOf));
    scopes.forEach(({ deferred, distance, bound }, i) => {
      expect(bound).toBe(1);
      expect(distance).toBeCloseTo((0.75 * least) / (found[i] ?? NaN), 4);
      expect(deferred).toBe((found[i] ?? NaN) < 0.75 * least);
    });
    expect(scopes.map(({ deferred }) => deferred)).toContain(true);
    method.dispose();
  });

  test("a prompt under the threshold is answered by the base model, in its bits", async () => {
    const method = fresh();
    await method.edit(FRANCE);
    const far = sampleOf(edited, "It rained all day and", "we read");
    const [own] = await matchAnswers(edited.model, method, [far]);
    const [base] = await matchAnswers(edited.model, null, [far]);
    method.dispose();
    expect(own?.scope?.deferred).toBe(true);
    expect(own?.losses).toEqual(base?.losses);
  });
});

describe("marginLoss", () => {
  const margins = { most: 1, least: 5, gap: 3 };
  /** Without the signs of zeros. */
  const slopesOf = async (slope: tf.Tensor | undefined): Promise<number[]> =>
    Array.from(await readFloats(slope ?? tf.tensor1d([])), (value) => value + 0);
  test("is the sum of three means over those that fall short", async () => {
    const loss = tf.tidy(() => marginLoss(tf.tensor1d([2, 4, 9]), tf.tensor1d([0.5, 2, 3]), margins));
    // u over 1: 1 and 2; e under 5: 3 and 1; u + 3 over e = 2: 1.5, 3 and 4, over e = 4: 1 and 2, over e = 9: none.
    expect(await readFloats(loss)).toEqual(Float32Array.of(1.5 + 2 + 11.5 / 5));
    loss.dispose();
  });

  test("is 0 with no slope where all is as it should be", async () => {
    const [edits, unrelated] = [tf.tensor1d([6, 7]), tf.tensor1d([0, 1])];
    const { value, grads } = tf.valueAndGrads((e: tf.Tensor, u: tf.Tensor) => marginLoss(e, u, margins))([edits, unrelated]);
    expect(await readFloats(value)).toEqual(Float32Array.of(0));
    for (const slope of grads) expect(await slopesOf(slope)).toEqual([0, 0]);
    tf.dispose([edits, unrelated, value, ...grads]);
  });

  test("pulls edits up and unrelated prompts down, each by its share of those that fall short", async () => {
    const [edits, unrelated] = [tf.tensor1d([2, 9]), tf.tensor1d([0, 2])];
    const { value, grads } = tf.valueAndGrads((e: tf.Tensor, u: tf.Tensor) => marginLoss(e, u, margins))([edits, unrelated]);
    // One u over 1, one e under 5, and two pairs: e = 2 with either u.
    expect(await readFloats(value)).toEqual(Float32Array.of(1 + 3 + (1 + 3) / 2));
    expect(await slopesOf(grads[0])).toEqual([-1 - 1, 0]);
    expect(await slopesOf(grads[1])).toEqual([0.5, 1 + 0.5]);
    tf.dispose([edits, unrelated, value, ...grads]);
  });
});
