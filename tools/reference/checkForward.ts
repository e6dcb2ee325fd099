import { readFloats, tf, type Tensor } from "../../src/gpu/tensors.ts";
import { startSequence } from "../../src/editing/mixtureSequence.ts";
import { batchedAttend } from "../../src/model/attend.ts";
import { batchPositions, embedTokens, headLogits, runBlocks } from "../../src/model/forward.ts";
import type { Model } from "../../src/model/model.ts";
import type { MixtureState } from "../../src/mixture/mixtureState.ts";
import type { ReferenceFolder } from "./folder.ts";
import type { Report } from "./report.ts";

const TOLERANCE = 1e-4;

/** Logits and hidden states of the plain forward pass: batched, and token by token through the cache. */
export async function checkForward(model: Model, state: MixtureState, { forward, greedy }: ReferenceFolder, report: Report): Promise<void> {
  const { data: ids, shape } = forward.readIntegers("input_ids");
  const [batch = 0, length = 0] = shape;
  const streams = tf.tidy(() => hiddenStates(model, ids, batch, length));
  for (const [i, stream] of streams.entries()) {
    const name = i === streams.length - 1 ? "logits" : `hidden.${i}`;
    report.close(`forward ${name}`, await readFloats(stream), forward.readTensor(name).data, TOLERANCE);
  }
  tf.dispose(streams);
  const expected = forward.readTensor("logits").data;
  const vocabulary = expected.length / (batch * length);
  const cached = await cachedLogits(model, state, Array.from(ids.subarray(0, length)), Math.ceil(length / 2));
  report.close("forward logits, cached", cached, expected.slice((Math.ceil(length / 2) - 1) * vocabulary, length * vocabulary), TOLERANCE);
  report.equal("greedy tokens", await continueGreedily(model, state, greedy.prompt, greedy.tokens.length), greedy.tokens);
}

/** The embeddings, each block's output, the last one after the final norm, then the logits. */
function hiddenStates(model: Model, ids: Int32Array, batch: number, length: number): Tensor[] {
  const positions = batchPositions(batch, length);
  const pass = { positions, attend: batchedAttend(model.config, length, tf.ones([batch * length])) };
  const streams = [embedTokens(model, tf.tensor1d(ids, "int32"), positions)];
  for (let layer = 0; layer < model.config.layers; layer++)
    streams.push(runBlocks(model, streams[layer] as Tensor, pass, layer, layer + 1));
  const last = streams.pop() as Tensor;
  return [...streams, model.architecture.finish(model, last), headLogits(model, last)];
}

/** Logits from the prompt's last token on, the rest fed one token at a time. */
async function cachedLogits(model: Model, state: MixtureState, ids: number[], promptLength: number): Promise<number[]> {
  const sequence = startSequence(model, state, ids.length);
  await sequence.readPrompt(ids.slice(0, promptLength));
  sequence.answerPrompt(false);
  const rows = [await sequence.logits()];
  for (const id of ids.slice(promptLength)) rows.push((await sequence.append(id)).logits);
  sequence.dispose();
  return rows.flatMap((row) => [...row]);
}

async function continueGreedily(model: Model, state: MixtureState, prompt: readonly number[], count: number): Promise<number[]> {
  const sequence = startSequence(model, state, prompt.length + count);
  await sequence.readPrompt(prompt);
  sequence.answerPrompt(false);
  const tokens: number[] = [];
  while (tokens.length < count) tokens.push((await sequence.next()).id);
  sequence.dispose();
  return tokens;
}
