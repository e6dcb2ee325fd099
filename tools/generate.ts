/**
 * `npm run generate -- --model SRC --prompt TEXT --tokens N [--greedy] [--bits 4|8] [--file NAME] [--seed S]`: continues a text with a
 * model from a folder, a .gguf file, our own shards, or the Hub (an id such as openai-community/gpt2). Prints the text as it comes, and
 * figures on the error stream. Exit code 2 for what cannot be used.
 */
import { parseArgs } from "node:util";
import { answering, generate, type GenerateEvent, type GenerateParams } from "../src/editing/generate.ts";
import { requestGpu } from "../src/gpu/device.ts";
import { meterOf } from "../src/gpu/meter.ts";
import { installBackend } from "../src/gpu/tensors.ts";
import { EngineError } from "../src/lib/errors.ts";
import { createMixture, disposeMixture } from "../src/mixture/mixtureState.ts";
import { paperSettings } from "../src/mixture/settings.ts";
import { modelPlans } from "../src/model/modelPlans.ts";
import { uploadModel } from "../src/model/uploadModel.ts";
import { loadTokenizer } from "../src/tokenizer/tokenizer.ts";
import type { Precision } from "../src/weights/byteSource.ts";
import { describeFormats } from "../src/weights/hostTensor.ts";
import { readModel } from "../src/weights/readModel.ts";
import { exitCodeOf } from "./lib/exitCode.ts";
import { openSource } from "./lib/openSource.ts";

const usage = "usage: npm run generate -- --model SRC --prompt TEXT --tokens N [--greedy] [--bits 4|8] [--file NAME] [--seed S]";

interface Job {
  readonly source: string;
  readonly file: string | undefined;
  readonly precision: Precision;
  readonly params: GenerateParams;
}

export function main(argv: string[]): Promise<number> {
  return exitCodeOf(() => run(readArguments(argv)));
}

function readArguments(argv: string[]): Job {
  const wrong = (message: string): EngineError => new EngineError("bad-settings", message, usage);
  const text = { type: "string" } as const;
  const options = { model: text, prompt: text, tokens: text, greedy: { type: "boolean" }, bits: text, file: text, seed: text } as const;
  let values;
  try {
    ({ values } = parseArgs({ args: argv, options }));
  } catch (cause) {
    throw wrong(cause instanceof Error ? cause.message : String(cause));
  }
  const { model, prompt, bits, file, greedy = false } = values;
  if (model === undefined || prompt === undefined) throw wrong("Got no --model or no --prompt, expected both.");
  const count = (name: "tokens" | "seed", least: number): number => {
    const value = Number(values[name] ?? (name === "seed" ? 1 : NaN));
    if (Number.isSafeInteger(value) && value >= least) return value;
    throw wrong(`Got --${name} ${values[name] ?? "(nothing)"}, expected a whole number from ${least}.`);
  };
  if (bits !== undefined && bits !== "4" && bits !== "8") throw wrong(`Got --bits ${bits}, expected 4 or 8.`);
  const seed = count("seed", 0);
  const sampling = greedy ? ({ kind: "greedy" } as const) : ({ kind: "sampled", temperature: 0.8, topK: 40, topP: 0.95, seed } as const);
  const params = { prompt, maxTokens: count("tokens", 1), sampling, edits: "off", stopAtSentence: false } as const;
  return { source: model, file, precision: bits === undefined ? "stored" : bits === "4" ? 4 : 8, params };
}

async function run({ source, file, precision, params }: Job): Promise<void> {
  const gpu = await requestGpu(navigator.gpu);
  await installBackend(gpu);
  const opened = await openSource(source, file);
  const files = await readModel(opened.files, modelPlans, { precision, ...(file === undefined ? {} : { file }) });
  const tokenizer = loadTokenizer(files.tokenizerJson, files.tokenizerConfig);
  const began = performance.now();
  const model = await uploadModel(files);
  await opened.complete();
  const seconds = (performance.now() - began) / 1000;
  console.error(
    `${files.name}: ${model.parameters} parameters, ${describeFormats(files.outline)}, ${model.bytes} bytes, read in ${seconds.toFixed(1)} s`,
  );
  const mixture = createMixture(model, paperSettings(model));
  try {
    const onEvent = (event: GenerateEvent): void => void (event.kind === "token" && process.stdout.write(event.text));
    const result = await generate(answering({ model, tokenizer, mixture, codes: [] }), params, { onEvent });
    process.stdout.write("\n");
    const peakBytes = meterOf(gpu.device)?.read().peakBytes ?? 0;
    const { info, software } = gpu;
    console.error(
      `${result.pieces.length} tokens, ${result.tokensPerSecond.toFixed(2)} a second, the first after ${Math.round(result.firstTokenMs)} ms; peak ${peakBytes} GPU bytes, ${process.resourceUsage().maxRSS * 1024} bytes of process; ${info.description || info.vendor}${software ? " (software)" : ""}`,
    );
  } finally {
    disposeMixture(mixture);
    model.dispose();
  }
}
