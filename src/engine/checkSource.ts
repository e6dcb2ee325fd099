/** What a source holds and whether it fits, found out before its weights are read. */
import { forecastMemory } from "../editing/memoryForecast.ts";
import { bindingLimit } from "../gpu/tensors.ts";
import { EngineError, errorFacts } from "../lib/errors.ts";
import { defaultSettings } from "../mixture/settings.ts";
import { readModelConfig } from "../model/architectures/registry.ts";
import { modelPlans } from "../model/modelPlans.ts";
import { planUpload } from "../model/uploadPlan.ts";
import type { FileSet, Precision } from "../weights/byteSource.ts";
import type { ChunkStore } from "../weights/chunkStore.ts";
import { pickedFiles } from "../weights/fileSets.ts";
import { describeFormats, elementCount, tensorBytes, type ModelFiles } from "../weights/hostTensor.ts";
import { loadModelFiles } from "../weights/httpShards.ts";
import { openKept } from "../weights/keptModels.ts";
import { folderTexts, modelKind } from "../weights/modelKind.ts";
import { readModel } from "../weights/readModel.ts";
import { fileOf, plainSource } from "./modelSources.ts";
import type { CheckedModel, ModelSource, PrecisionFacts, SourceFacts } from "./protocol.ts";
import { lookAtRemote } from "./remoteFiles.ts";

const precisions: readonly Precision[] = [4, 8, "stored"];

/** @throws EngineError of the source's kind; what does not fit the device is no error but a fact of each precision */
export async function checkSource(asked: ModelSource, store: ChunkStore | undefined, signal: AbortSignal): Promise<SourceFacts> {
  const source = plainSource(asked);
  const nowhere = { commit: null, licence: null, gated: false };
  if (source.kind === "manifest") return { ...nowhere, ...shardFacts(await loadModelFiles(source.url, { signal }), "downloaded") };
  if (source.kind === "kept") {
    if (!store)
      throw new EngineError(
        "unknown-model",
        "Got no storage, expected the browser's: it keeps nothing for this page.",
        "Load the model from where it came from.",
      );
    return { ...nowhere, ...shardFacts(await openKept(store, source.key, { signal }), "here") };
  }
  if (source.kind === "files") return { ...nowhere, ...(await fileFacts(pickedFiles(source.files), source, "here", signal)) };
  const { files, ...facts } = await lookAtRemote(source, signal);
  return { ...facts, ...(await fileFacts(files, source, "downloaded", signal)) };
}

type Place = "here" | "downloaded";
type HeldFacts = Pick<SourceFacts, "name" | "choices" | "model">;

async function fileFacts(files: FileSet, source: ModelSource, place: Place, signal: AbortSignal): Promise<HeldFacts> {
  const choices = fileOf(source).file === undefined ? choicesAmong(files) : [];
  if (choices.length > 0) return { name: files.name, choices, model: null };
  const { file } = fileOf(source);
  const { wanted, kind } = modelKind(files, file);
  // The tokenizer is megabytes, and says nothing of what fits.
  const unread: readonly string[] = folderTexts.filter((text) => text !== "config.json");
  const texts = { ...files, open: (name: string) => (unread.includes(name.replace(/^.*\//, "")) ? undefined : files.open(name)) };
  const model = await readModel(kind === "folder" ? texts : files, modelPlans, { precision: "stored", signal, ...fileOf(source) });
  if (kind === "shards") return shardFacts(model, place);
  const downloadBytes = place === "here" ? 0 : wanted.reduce((sum, name) => sum + (files.open(name)?.size ?? 0), 0);
  const facts = precisions.map((precision) => precisionFacts({ ...model, outline: model.outlineAt(precision) }, precision));
  return { name: model.name, choices: [], model: { ...modelFacts(model, model.stored), downloadBytes, precisions: facts } };
}

/** GGUF files, where there are several and nothing else that makes a model. */
function choicesAmong(files: FileSet): SourceFacts["choices"] {
  const ggufs = files.files.filter((file) => file.endsWith(".gguf"));
  if (ggufs.length < 2) return [];
  try {
    modelKind(files);
    return [];
  } catch {
    return ggufs.map((file) => ({ file, bytes: files.open(file)?.size ?? 0 }));
  }
}

function shardFacts(files: ModelFiles, place: Place): HeldFacts {
  const stored = describeFormats(files.outline);
  const facts = precisionFacts(files, "stored");
  const downloadBytes = place === "here" ? 0 : facts.weightBytes;
  return { name: files.name, choices: [], model: { ...modelFacts(files, stored), downloadBytes, precisions: [facts] } };
}

function modelFacts(files: ModelFiles, stored: string): Omit<CheckedModel, "downloadBytes" | "precisions"> {
  const { architecture, config } = readModelConfig(files.config);
  return {
    architecture: architecture.modelType,
    parameters: files.outline.reduce((sum, { shape }) => sum + elementCount(shape), 0),
    layers: config.layers,
    hiddenSize: config.hiddenSize,
    contextLength: config.contextLength,
    stored,
  };
}

function precisionFacts(files: ModelFiles, precision: Precision): PrecisionFacts {
  const read = readModelConfig(files.config);
  const { architecture, config } = read;
  return {
    precision,
    quantization: describeFormats(files.outline),
    weightBytes: files.outline.map(tensorBytes).reduce((sum, { words, scales }) => sum + words + scales, 0),
    otherBytes: forecastMemory(config, defaultSettings(read)),
    problem: problemOf(() => planUpload(files.outline, architecture, config, bindingLimit())),
  };
}

/** What does not fit; any other fault is the files', and an error. */
function problemOf(plan: () => unknown): PrecisionFacts["problem"] {
  try {
    plan();
    return null;
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.code === "device-limit") return errorFacts(thrown);
    throw thrown;
  }
}
