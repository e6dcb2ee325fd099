import { beforeAll, describe, expect, test } from "vitest";
import type { EditedModel } from "../editing/generate.ts";
import { tinyEdited } from "../editing/testing/tinyEdited.ts";
import { installTestGpu } from "../gpu/testing/testGpu.ts";
import { matchAnswers } from "./answers.ts";
import { createGrace } from "./grace.ts";
import type { EditingMethod } from "./method.ts";
import { graceSettings, type GraceSettings } from "./settings.ts";
import { clusteredCases } from "./testing/clusteredCases.ts";

let edited: EditedModel;
let settings: GraceSettings;
beforeAll(async () => {
  await installTestGpu();
  edited = await tinyEdited("gpt2");
  settings = { ...graceSettings(edited.model), layer: 1, radius: 0.5, mostSteps: 12 };
});

const fresh = (own: Partial<GraceSettings> = {}): EditingMethod => createGrace({ ...edited, seed: 3 }, { ...settings, ...own });

describe("GRACE", () => {
  clusteredCases(() => edited, fresh, "values");
});

test("a value stands in at the prompt's last token alone, or at those after it too", async () => {
  const writer = fresh();
  await writer.edit({ prompt: "The capital of France is\n", answer: "!", rephrasings: [] });
  const ids = edited.tokenizer.encode("The capital of France is\n", { specialTokens: true });
  // Two tokens more: the first follows the prompt's last, the second follows that one.
  const sample = { ids: [...ids, 40, 41], promptLength: ids.length };
  const lossesOf = async (method: EditingMethod | null) => (await matchAnswers(edited.model, method, [sample]))[0]?.losses ?? [];
  const [answer, base] = [await lossesOf(writer), await lossesOf(null)];
  const alone = fresh({ replace: "last", layer: settings.layer });
  await alone.restore(await writer.state());
  const last = await lossesOf(alone);
  expect(last[0]).toBe(answer[0]);
  expect(last[0]).not.toBe(base[0]);
  expect(last[1]).not.toBe(answer[1]);
});

test.each([{ layer: 9 }, { module: "mlp.up" }, { radius: 0 }, { replace: "all" as never }])("settings that cannot be used: %o", (own) => {
  expect(() => fresh(own)).toThrow(expect.objectContaining({ code: "bad-settings" }));
});
