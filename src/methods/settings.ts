/** The settings of every editing method, in one place, with what a model starts with. One interface and one function a method. */
import type { MethodSettings } from "../mixture/settings.ts";
import { defaultSettings } from "../mixture/settings.ts";
import type { Model } from "../model/model.ts";

/** Paper mode: those of the mixture itself. */
export type PaperSettings = MethodSettings;
export const paperModeSettings = (model: Model, seed: number): PaperSettings => ({ ...defaultSettings(model), seed });
