/**
 * A third party's file against transformers: SmolLM2-135M-Instruct as Q4_1 GGUF, see golden.py for where it comes from. Runs where
 * ELDER_SMOLLM2 names the file, or build/smollm2 holds it.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { startSequence } from "../../src/editing/mixtureSequence.ts";
import { installTestGpu } from "../../src/gpu/testing/testGpu.ts";
import { createMixture, type MixtureState } from "../../src/mixture/mixtureState.ts";
import { defaultSettings } from "../../src/mixture/settings.ts";
import { modelPlans } from "../../src/model/modelPlans.ts";
import type { Model } from "../../src/model/model.ts";
import { uploadModel } from "../../src/model/uploadModel.ts";
import { loadTokenizer } from "../../src/tokenizer/tokenizer.ts";
import { describeFormats, type ModelFiles } from "../../src/weights/hostTensor.ts";
import { readModel } from "../../src/weights/readModel.ts";
import { diskFiles } from "../lib/diskFiles.ts";
import golden from "./golden.json" with { type: "json" };

const path = process.env["ELDER_SMOLLM2"] ?? join("build/smollm2", golden.file);

// A skipped test's name is its reason, which the totals print.
describe.skipIf(!existsSync(path))(`SmolLM2-135M (runs where ELDER_SMOLLM2 names ${golden.file})`, () => {
  let files: ModelFiles;
  let model: Model;
  let mixture: MixtureState;
  beforeAll(async () => {
    await installTestGpu();
    files = await readModel(await diskFiles(path), modelPlans, { precision: "stored" });
    model = await uploadModel(files);
    mixture = createMixture(model, { ...defaultSettings(model), experts: 4, topK: 1, rank: 1 });
  });

  test("is read without a detour through floats", () => {
    expect(describeFormats(files.outline)).toBe("int4m, groups of 32; model.embed_tokens.weight int8");
    expect(model.parameters).toBe(134_515_008);
  });

  test.each(golden.prompts)("tokens of $prompt", ({ prompt, promptIds }) => {
    expect(loadTokenizer(files.tokenizerJson, files.tokenizerConfig).encode(prompt)).toEqual(promptIds);
  });

  test.each(golden.prompts)("greedy tokens and probabilities after $prompt", async ({ promptIds, greedy, steps }) => {
    const sequence = startSequence(model, mixture, promptIds.length + greedy.length);
    try {
      await sequence.readPrompt(promptIds);
      sequence.answerPrompt(false);
      let logits = await sequence.logits();
      for (const [step, { ids, logProbabilities }] of steps.entries()) {
        const best = logits.reduce((found, value, id) => (value > (logits[found] ?? -Infinity) ? id : found), 0);
        expect(best).toBe(greedy[step]);
        const ours = logSoftmax(logits, ids);
        ours.forEach((value, i) => expect(Math.abs(value - (logProbabilities[i] ?? NaN))).toBeLessThan(tolerance));
        ({ logits } = await sequence.append(greedy[step] ?? 0));
      }
    } finally {
      sequence.dispose();
    }
  });
});

/** Of log probabilities: both sides compute in float32, in another order. */
const tolerance = 1e-3;

function logSoftmax(logits: Float32Array, ids: readonly number[]): number[] {
  const largest = logits.reduce((most, value) => Math.max(most, value), -Infinity);
  const sum = logits.reduce((total, value) => total + Math.exp(value - largest), 0);
  return ids.map((id) => (logits[id] ?? NaN) - largest - Math.log(sum));
}
