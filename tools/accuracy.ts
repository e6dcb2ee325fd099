/**
 * `npm run accuracy -- REFERENCE SHARDS… [--facts N]`: how far the next-token distributions of packed weights are from those of the
 * float32 weights that they were made of. REFERENCE is a Hugging Face folder with a facts.json beside the weights, as
 * tools/atlas/build.sh leaves it; each of SHARDS is a folder of shards. Prints a Markdown table.
 */
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { encodeSample } from "../src/editing/promptText.ts";
import { padSamples, type Sample, type TokenBatch } from "../src/editing/trainingBatch.ts";
import { requestGpu } from "../src/gpu/device.ts";
import { installBackend, readFloats, tf } from "../src/gpu/tensors.ts";
import { EngineError, errorFacts } from "../src/lib/errors.ts";
import { batchedAttend } from "../src/model/attend.ts";
import { batchPositions, embedTokens, headLogits, runBlocks } from "../src/model/forward.ts";
import type { Model } from "../src/model/model.ts";
import { modelPlans } from "../src/model/modelPlans.ts";
import { uploadModel } from "../src/model/uploadModel.ts";
import { loadTokenizer } from "../src/tokenizer/tokenizer.ts";
import type { ModelFiles } from "../src/weights/hostTensor.ts";
import { readModel } from "../src/weights/readModel.ts";
import { diskFiles } from "./lib/diskFiles.ts";
import { createComparison, tableOf, type Comparison } from "./accuracy/comparison.ts";
import { questionsOf, type Question } from "./accuracy/questions.ts";

const usage = "usage: npm run accuracy -- REFERENCE SHARDS… [--facts N]";
const BATCH = 16;
const DEFAULT_FACTS = 400;

/** Exit code 0, or 2 for arguments or files that cannot be used. */
export async function main(argv: string[]): Promise<number> {
  try {
    const { reference, shards, facts } = readArguments(argv);
    await installBackend(await requestGpu(navigator.gpu));
    console.log(await compare(reference, shards, facts));
    return 0;
  } catch (thrown) {
    const { code, message, hint } = errorFacts(thrown);
    console.error(`${code}: ${message}\n${hint}`);
    if (!(thrown instanceof EngineError)) console.error(thrown);
    return 2;
  }
}

function readArguments(argv: string[]): { reference: string; shards: string[]; facts: number } {
  const wrong = (message: string): EngineError => new EngineError("bad-settings", message, usage);
  let parsed;
  try {
    parsed = parseArgs({ args: argv, options: { facts: { type: "string" } }, allowPositionals: true });
  } catch (cause) {
    throw wrong(cause instanceof Error ? cause.message : String(cause));
  }
  const [reference, ...shards] = parsed.positionals;
  if (reference === undefined || shards.length === 0)
    throw wrong(`Got ${parsed.positionals.length} folders, expected REFERENCE and one or more SHARDS.`);
  const facts = Number(parsed.values.facts ?? DEFAULT_FACTS);
  if (!(Number.isInteger(facts) && facts > 0)) throw wrong(`Got --facts ${parsed.values.facts}, expected a whole number.`);
  return { reference, shards, facts };
}

async function compare(reference: string, folders: readonly string[], facts: number): Promise<string> {
  const filesOf = async (folder: string): Promise<ModelFiles> => readModel(await diskFiles(folder), modelPlans, { precision: "stored" });
  const files = await filesOf(reference);
  const exact = await uploadModel(files);
  const tokenizer = loadTokenizer(files.tokenizerJson, files.tokenizerConfig);
  const questions = questionsOf(await readFile(join(reference, "facts.json")).catch(() => undefined), facts);
  const sampleOf = ({ prompt, answer }: Question): Sample => encodeSample(tokenizer, prompt, answer, exact.config.contextLength);
  const samples = questions.map(sampleOf);
  const packed: { name: string; model: Model; comparison: Comparison }[] = [];
  for (const folder of folders)
    packed.push({ name: basename(folder), model: await uploadModel(await filesOf(folder)), comparison: createComparison() });
  for (let from = 0; from < samples.length; from += BATCH) {
    const batch = padSamples(samples.slice(from, from + BATCH));
    const expected = await logitsOf(exact, batch);
    for (const { model, comparison } of packed) comparison.add(expected, await logitsOf(model, batch), batch);
  }
  return tableOf(
    packed.map(({ name, comparison }) => ({ name, figures: comparison.figures() })),
    samples.length,
  );
}

/** Logits of every row of a batch, (B * T, V). */
async function logitsOf(model: Model, { batch, length, ids, mask }: TokenBatch): Promise<Float32Array> {
  const logits = tf.tidy(() => {
    const positions = batchPositions(batch, length);
    const pass = { positions, attend: batchedAttend(model.config, length, tf.tensor1d([...mask])) };
    const stream = runBlocks(model, embedTokens(model, tf.tensor1d(ids, "int32"), positions), pass, 0, model.config.layers);
    return headLogits(model, stream);
  });
  const floats = await readFloats(logits);
  logits.dispose();
  return floats;
}
