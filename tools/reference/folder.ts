import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { EngineError } from "../../src/lib/errors.ts";
import type { MethodSettings } from "../../src/mixture/settings.ts";
import type { ModelFiles } from "../../src/weights/hostTensor.ts";
import { modelPlans } from "../../src/model/modelPlans.ts";
import { readModel } from "../../src/weights/readModel.ts";
import { openSafetensors, type SafetensorsFile } from "../../src/weights/safetensors.ts";
import { diskFiles } from "../lib/diskFiles.ts";

/** elder.json of a reference folder. */
interface ElderFacts {
  readonly settings: MethodSettings;
  readonly adam: readonly [number, number, number];
  readonly lmLoss: number;
  readonly guidedLoss: number;
  /** Losses before each step. */
  readonly curve: readonly (readonly [number, number])[];
  /** Losses after the last step. */
  readonly final: readonly [number, number];
  readonly greedyPrompt: readonly number[];
  readonly greedy: readonly number[];
}

/** The method's golden values. */
export interface ElderReference {
  readonly elder: SafetensorsFile;
  readonly facts: ElderFacts;
}

/** A folder of golden values: a model as the Hub lays it out, and what PyTorch computed from it. */
export interface ReferenceFolder {
  readonly files: ModelFiles;
  readonly forward: SafetensorsFile;
  /** A prompt and its greedy continuation, token ids. */
  readonly greedy: { readonly prompt: readonly number[]; readonly tokens: readonly number[] };
  /** Absent in folders that hold a variant of an architecture. */
  readonly method?: ElderReference;
}

/** @throws EngineError naming the file that is missing or wrong. */
export async function readReferenceFolder(folder: string): Promise<ReferenceFolder> {
  const read = async (name: string): Promise<Uint8Array | undefined> => {
    try {
      return await readFile(join(folder, name));
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw thrown;
    }
  };
  const required = async (name: string): Promise<Uint8Array> => {
    const bytes = await read(name);
    if (bytes) return bytes;
    throw new EngineError(
      "fetch-failed",
      `${folder} has no ${name}.`,
      "A reference folder holds config.json, model.safetensors and forward.safetensors, and of the method elder.json with elder.safetensors.",
    );
  };
  const files = await readModel(await diskFiles(folder), modelPlans, { precision: "stored" });
  const forward = openSafetensors(await required("forward.safetensors"));
  const elderJson = await read("elder.json");
  if (!elderJson) return { files, forward, greedy: { prompt: readIds(forward, "greedy_prompt"), tokens: readIds(forward, "greedy") } };
  const elder = openSafetensors(await required("elder.safetensors"));
  const facts = readFacts(parseJson(new TextDecoder().decode(elderJson)));
  return { files, forward, greedy: { prompt: facts.greedyPrompt, tokens: facts.greedy }, method: { elder, facts } };
}

const readIds = (file: SafetensorsFile, name: string): number[] => Array.from(file.readIntegers(name).data);

function parseJson(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (cause) {
    throw new EngineError("bad-settings", `elder.json is no JSON: ${String(cause)}`, "Write the reference folder again.", { cause });
  }
}

function readFacts(json: Record<string, unknown>): ElderFacts {
  const get = <T>(name: string): T => {
    if (json[name] !== undefined) return json[name] as T;
    throw new EngineError("bad-settings", `elder.json has no ${name}.`, "Write the reference folder again.");
  };
  return {
    settings: {
      layers: get("layers"),
      module: get("module"),
      experts: get("num_experts"),
      topK: get("top_k"),
      rank: get("rank"),
      alpha: get("lora_alpha"),
      guidedLossWeight: get("guided_loss_weight"),
      learningRate: get("learning_rate"),
      steps: get("steps"),
      hammingThreshold: get("hamming_threshold"),
      batchSize: 1,
      seed: 0,
    },
    adam: get("adam"),
    lmLoss: get("lm_loss"),
    guidedLoss: get("guided_loss"),
    curve: get("loss_curve"),
    final: get("final"),
    greedyPrompt: get("greedy_prompt"),
    greedy: get("greedy"),
  };
}
