/** A model's files through everything that the page does with them before the GPU. */
import { readModelConfig } from "../../model/architectures/registry.ts";
import { modelPlans } from "../../model/modelPlans.ts";
import { planUpload } from "../../model/uploadPlan.ts";
import { loadTokenizer } from "../../tokenizer/tokenizer.ts";
import type { FileSet, Precision } from "../byteSource.ts";
import type { HostTensor } from "../hostTensor.ts";
import { readModel } from "../readModel.ts";

/** Bytes of one binding: what WebGPU promises of every device. */
const leastBinding = 128 * 1024 * 1024;

/**
 * Reads every text, header, shape and weight, one tensor at a time.
 * @param onTensor is given each as it comes
 * @throws EngineError of whatever is wrong
 */
export async function loadWhole(
  files: FileSet,
  onTensor: (tensor: HostTensor) => void = () => undefined,
  precision: Precision = 4,
): Promise<void> {
  const model = await readModel(files, modelPlans, { precision });
  loadTokenizer(model.tokenizerJson, model.tokenizerConfig);
  const { architecture, config } = readModelConfig(model.config);
  planUpload(model.outline, architecture, config, leastBinding);
  for await (const tensor of model.tensors()) onTensor(tensor);
}
