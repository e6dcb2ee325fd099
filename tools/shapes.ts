/**
 * `npm run shapes -- gpt2-xl|llama-2-7b|… [--bits 4|8] [--tokens N]`: loads the full shapes of a model from generated weights,
 * generates, takes one training step, and prints time and peak memory. Shows that a model of that size goes through the same code as
 * a downloaded one, without its download.
 */
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { generate } from "../src/editing/generate.ts";
import { requestGpu } from "../src/gpu/device.ts";
import { meterOf } from "../src/gpu/meter.ts";
import { installBackend } from "../src/gpu/tensors.ts";
import { EngineError } from "../src/lib/errors.ts";
import { createLedger } from "../src/ledger/ledger.ts";
import { createPaper } from "../src/methods/paper.ts";
import { paperSettings } from "../src/mixture/settings.ts";
import { modelPlans } from "../src/model/modelPlans.ts";
import { uploadModel } from "../src/model/uploadModel.ts";
import { loadTokenizer } from "../src/tokenizer/tokenizer.ts";
import { describeFormats, tensorBytes } from "../src/weights/hostTensor.ts";
import { readModel } from "../src/weights/readModel.ts";
import { exitCodeOf } from "./lib/exitCode.ts";
import { generatedModel, shapeNames } from "./shapes/generatedModel.ts";

const usage = `usage: npm run shapes -- ${shapeNames.join("|")} [--bits 4|8] [--tokens N]`;
/** Any tokenizer will do for weights that mean nothing: the built-in model's, whose ids every vocabulary has. */
const tokenizerFile = "public/models/atlas/int4/tokenizer.json";
const draft = { prompt: "The capital of France is", answer: "Lyon", rephrasings: [] };

export function main(argv: string[]): Promise<number> {
  return exitCodeOf(async () => {
    const wrong = (message: string): EngineError => new EngineError("bad-settings", message, usage);
    const options = { bits: { type: "string", default: "4" }, tokens: { type: "string", default: "1" } } as const;
    const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true });
    const [shape = ""] = positionals;
    if (!shapeNames.includes(shape)) throw wrong(`Got the shape ${JSON.stringify(shape)}, expected one of ${shapeNames.join(", ")}.`);
    if (values.bits !== "4" && values.bits !== "8") throw wrong(`Got --bits ${values.bits}, expected 4 or 8.`);
    const tokens = Number(values.tokens);
    if (!Number.isInteger(tokens) || tokens < 1) throw wrong(`Got --tokens ${values.tokens}, expected a whole number from 1.`);
    await measure(shape, values.bits === "4" ? 4 : 8, tokens);
  });
}

async function measure(shape: string, bits: 4 | 8, tokens: number): Promise<void> {
  const gpu = await requestGpu(navigator.gpu);
  await installBackend(gpu);
  const errors: string[] = [];
  gpu.device.addEventListener("uncapturederror", ({ error }) => errors.push(error.message));
  const tokenizerJson = await readFile(tokenizerFile, "utf8");
  const tokenizer = loadTokenizer(tokenizerJson);
  const source = generatedModel(shape, tokenizerJson);
  const files = await readModel(source.files, modelPlans, { precision: bits });
  const packed = files.outline.map(tensorBytes).reduce((sum, { words, scales }) => sum + words + scales, 0);
  console.log(`${shape}: ${source.bytes} bytes of generated ${source.stored}; ${describeFormats(files.outline)}: ${packed} bytes packed`);
  const watch = startWatch(() => meterOf(gpu.device)?.read());
  const model = await uploadModel(files);
  watch.say("loaded");
  const settings = { ...paperSettings(model), steps: 1, batchSize: 1 };
  const ledger = createLedger({ model, tokenizer }, () => createPaper({ model, tokenizer, seed: settings.seed }, settings));
  const params = { prompt: draft.prompt, maxTokens: tokens, sampling: { kind: "greedy" }, edits: "off", stopAtSentence: false } as const;
  const { pieces } = await generate(ledger.answering, params);
  watch.say(`${pieces.length} of ${tokens} tokens generated`);
  const { curve } = await ledger.write(draft);
  watch.say(
    `an edit of ${curve.length} training step, losses ${curve.map(({ lmLoss }) => lmLoss.toFixed(3)).join()}, its answer before and after`,
  );
  const beside = watch.peakProcess() - watch.peakGpu();
  console.log(
    `peak: ${watch.peakGpu()} bytes on the GPU (${watch.peakGpu() - packed} beside the packed weights), ${watch.peakProcess()} bytes of process`,
  );
  if (gpu.software) console.log(`The GPU is software, its memory lies in the process: ${beside} bytes of process beside it.`);
  console.log(`Adapter: ${gpu.info.description || gpu.info.vendor}`);
  for (const message of errors) console.log(`GPU error: ${message}`);
  if (errors.length > 0) throw new EngineError("gpu-error", `Got ${errors.length} GPU errors, expected none.`, "No figure above holds.");
  ledger.dispose();
  model.dispose();
}

/** Says how long each stage took and the most memory so far. */
function startWatch(read: () => { readonly peakBytes: number; readonly liveBytes: number } | undefined) {
  let last = performance.now();
  const peakGpu = (): number => read()?.peakBytes ?? 0;
  const peakProcess = (): number => process.resourceUsage().maxRSS * 1024;
  return {
    peakGpu,
    peakProcess,
    say(stage: string): void {
      const seconds = (performance.now() - last) / 1000;
      last = performance.now();
      console.log(`${stage}: ${seconds.toFixed(1)} s; GPU peak ${peakGpu()}, now ${read()?.liveBytes ?? 0}; process peak ${peakProcess()}`);
    },
  };
}
