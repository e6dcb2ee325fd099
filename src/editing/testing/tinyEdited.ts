import { createMixture, type MixtureState } from "../../mixture/mixtureState.ts";
import type { MethodSettings } from "../../mixture/settings.ts";
import { tinySettings } from "../../mixture/testing/methodSettings.ts";
import { tinyFiles, tinyTokenizer, type Family, type TinyOptions } from "../../model/testing/tinyModel.ts";
import { uploadModel } from "../../model/uploadModel.ts";
import type { EditedModel } from "../generate.ts";
import type { GenerateParams } from "../generate.ts";

/** The module that carries the mixture in tests of each family. */
const MODULES: Readonly<Record<Family, string>> = { gpt2: "mlp.c_fc", llama: "mlp.down_proj" };

/** A tiny model with a fresh mixture and no edits. */
export async function tinyEdited(family: Family, settings: Partial<MethodSettings> = {}, options: TinyOptions = {}): Promise<EditedModel> {
  const model = await uploadModel(tinyFiles(family, options));
  const mixture: MixtureState = createMixture(model, { ...tinySettings, module: MODULES[family], ...settings });
  return { model, tokenizer: tinyTokenizer(), mixture, codes: [] };
}

export const greedy = (prompt: string, more: Partial<GenerateParams> = {}): GenerateParams => ({
  prompt,
  maxTokens: 8,
  sampling: { kind: "greedy" },
  edits: "auto",
  stopAtSentence: false,
  ...more,
});
