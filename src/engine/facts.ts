/** What the page is told of the device and the model in use. */
import type { GpuDevice } from "../gpu/device.ts";
import { METHODS } from "../methods/registry.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { MethodSettings } from "../mixture/settings.ts";
import type { Model } from "../model/model.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";
import type { DeviceFacts, MethodId, ModelFacts } from "./protocol.ts";

export interface LoadedModel {
  readonly name: string;
  readonly quantization: string;
  readonly model: Model;
  readonly tokenizer: Tokenizer;
  ledger: Ledger;
  /** Paper mode's. */
  settings: MethodSettings;
}

export function deviceFacts({ device, info, software, fallbacks }: GpuDevice): DeviceFacts {
  const { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupStorageSize } = device.limits;
  return {
    vendor: info.vendor,
    architecture: info.architecture,
    description: info.description,
    software,
    features: [...device.features].sort(),
    limits: { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupStorageSize },
    fallbacks,
  };
}

export function factsOf({ name, quantization, model, ledger, settings }: LoadedModel): ModelFacts {
  const { config, architecture } = model;
  return {
    name,
    architecture: config.architecture,
    parameters: model.parameters,
    layers: config.layers,
    hiddenSize: config.hiddenSize,
    heads: config.heads,
    vocabularySize: config.vocabularySize,
    contextLength: config.contextLength,
    quantization,
    weightBytes: model.bytes,
    method: ledger.method.id,
    threshold: ledger.method.threshold,
    settings,
    imported: ledger.method.origin() !== null,
    modules: architecture.modules,
    methods: Object.entries(METHODS).map(([id, entry]) => ({ id: id as MethodId, name: entry.name })),
  };
}
