import { beforeAll, describe, expect, test } from "vitest";
import { readFloats, tf, webgpuBackend } from "../gpu/tensors.ts";
import { argMax, largestDifference, uniformArray, softmaxRow } from "../gpu/testing/arrays.ts";
import { meterOf } from "../gpu/meter.ts";
import { installTestGpu } from "../gpu/testing/testGpu.ts";
import { createPrng } from "../lib/prng.ts";
import { readMixture, routeQueries, writeMixture } from "../mixture/mixtureState.ts";
import type { Family } from "../model/testing/tinyModel.ts";
import { batchLogits } from "./batchForward.ts";
import { answering, generate, traceRouting, type EditedModel, type GenerateEvent } from "./generate.ts";
import { encodePrompt } from "./promptText.ts";
import { startSequence } from "./mixtureSequence.ts";
import { codeOfRow } from "./sequence.ts";
import { greedy, tinyEdited } from "./testing/tinyEdited.ts";
import { padSamples, prepareBatch } from "./trainingBatch.ts";

const PROMPT = "The capital of France is";

beforeAll(() => installTestGpu());

/** A model whose experts change its output, with a stored code that puts the prompt in scope. */
async function editedInScope(family: Family): Promise<EditedModel> {
  const edited = await tinyEdited(family);
  const prng = createPrng(61);
  const values = await readMixture(edited.mixture);
  writeMixture(edited.mixture, { ...values, b: values.b.map(({ length }) => uniformArray(prng, length)) });
  const { rows, decidingToken } = await traceRouting(answering(edited), PROMPT);
  return { ...edited, codes: [{ edit: 1, code: codeOfRow(rows, decidingToken) }] };
}

/** Logits (V) after a text by one batched pass, with the gates of its first `promptLength` tokens or none. */
async function batchedNext(
  { model, mixture }: EditedModel,
  ids: readonly number[],
  promptLength: number,
  on: boolean,
): Promise<Float32Array> {
  const batch = prepareBatch(model, mixture.settings, padSamples([{ ids, promptLength }]));
  const routing = routeQueries(mixture, batch.query);
  const logits = batchLogits(model, mixture, batch, on ? routing.gates : tf.zerosLike(routing.gates));
  const floats = await readFloats(logits);
  tf.dispose([logits, routing.probabilities, routing.gates, routing.picked]);
  batch.dispose();
  return floats.subarray(-model.config.vocabularySize);
}

describe.each(["gpt2", "llama"] as const)("%s", (family) => {
  test.each(["auto", "off"] as const)("greedy decoding with edits %s is the arg-max of the batched pass", async (edits) => {
    const edited = await editedInScope(family);
    const ids = encodePrompt(edited.tokenizer, PROMPT, 64);
    const { pieces, scope, stopped } = await generate(answering(edited), greedy(PROMPT, { edits, maxTokens: 6 }));
    expect(scope).toMatchObject({ inScope: true, distance: 0, nearestEdit: 1 });
    expect(stopped).toBe("length");
    const drawn: number[] = [];
    for (const { id } of pieces) {
      const logits = await batchedNext(edited, [...ids, ...drawn], ids.length, edits === "auto");
      expect(id).toBe(argMax(logits));
      drawn.push(id);
    }
    expect(drawn).toHaveLength(6);
    edited.model.dispose();
  });

  test("a token takes one recorded plan of few dispatches, and a mixed layer one more", async () => {
    const { model, mixture, tokenizer } = await editedInScope(family);
    const { layers } = model.config;
    // GPT-2 reads a second table and projects queries, keys and values at once; Llama has a gate besides, and its own are joined.
    const block = family === "gpt2" ? 7 : 8;
    const around = family === "gpt2" ? 6 : 5;
    for (const mixtures of [false, true]) {
      const sequence = startSequence(model, mixture, 64);
      await sequence.readPrompt(encodePrompt(tokenizer, PROMPT, 64));
      sequence.answerPrompt(mixtures);
      expect(sequence.dispatchesPerToken).toBe(layers * block + around + (mixtures ? mixture.settings.layers.length : 0));
      const { device } = webgpuBackend();
      const before = meterOf(device)?.read().dispatches ?? NaN;
      await sequence.next();
      expect((meterOf(device)?.read().dispatches ?? NaN) - before).toBe(sequence.dispatchesPerToken);
      sequence.dispose();
    }
    model.dispose();
  });

  test("a sequence read and continued token by token has the logits of the batched pass, with the mixtures on", async () => {
    const edited = await editedInScope(family);
    const ids = encodePrompt(edited.tokenizer, PROMPT, 64);
    const sequence = startSequence(edited.model, edited.mixture, 64);
    await sequence.readPrompt(ids);
    const more = [40, 7, 99];
    sequence.answerPrompt(true);
    const rows = [await sequence.logits()];
    for (const id of more) rows.push((await sequence.append(id)).logits);
    for (const [k, row] of rows.entries()) {
      expect(largestDifference(row, await batchedNext(edited, [...ids, ...more.slice(0, k)], ids.length, true))).toBeLessThan(1e-4);
    }
    sequence.dispose();
    edited.model.dispose();
  });
});

describe("answering", () => {
  let edited: EditedModel;
  beforeAll(async () => {
    edited = await editedInScope("gpt2");
  });

  test("the mixtures change the answer, and without edits the base model answers", async () => {
    const on = await generate(answering(edited), greedy(PROMPT));
    const off = await generate(answering(edited), greedy(PROMPT, { edits: "off" }));
    const none = await generate(answering({ ...edited, codes: [] }), greedy(PROMPT));
    expect(on.text).not.toBe(off.text);
    expect(none.text).toBe(off.text);
    expect(none.scope).toMatchObject({ inScope: false, distance: null });
  });

  test("tells of the prompt first and then of each token", async () => {
    const events: GenerateEvent[] = [];
    const result = await generate(answering(edited), greedy(PROMPT, { maxTokens: 5 }), { onEvent: (event) => events.push(event) });
    expect(events.map(({ kind }) => kind)).toEqual(["prompt", "token", "token", "token", "token", "token"]);
    const [prompt, ...tokens] = events;
    if (prompt?.kind !== "prompt") throw new Error("no prompt event");
    expect(prompt.trace).toEqual(await traceRouting(answering(edited), PROMPT));
    expect(prompt.trace.pieces.map(({ text }) => text).join("")).toBe(PROMPT);
    expect(prompt.trace.decidingToken).toBe(prompt.trace.pieces.length - 1);
    const told = tokens.filter((event) => event.kind === "token");
    expect(told.map(({ piece }) => piece)).toEqual(result.pieces);
    for (const { piece, probability, candidates, row } of told) {
      expect(candidates).toHaveLength(5);
      expect(candidates[0]).toMatchObject({ id: piece.id, probability });
      expect(row).toMatchObject({ tokens: 1, layers: [1, 2], experts: 4 });
      expect(row.picked.reduce((sum, bit) => sum + bit, 0)).toBe(2 * 2);
    }
    expect(result.text.startsWith(told.map(({ text }) => text).join(""))).toBe(true);
  });

  test("the routing of a token does not change with what follows it", async () => {
    const short = await traceRouting(answering(edited), PROMPT);
    const long = await traceRouting(answering(edited), `${PROMPT} Berlin`);
    const width = 2 * 4;
    const rows = short.pieces.length - 1;
    expect(
      largestDifference(long.rows.probabilities.subarray(0, rows * width), short.rows.probabilities.subarray(0, rows * width)),
    ).toBeLessThan(1e-5);
    for (let row = 0; row < short.rows.tokens * 2; row++) {
      expect(short.rows.probabilities.subarray(row * 4, row * 4 + 4).reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    }
  });

  test("stops at the end of the context", async () => {
    const { length } = encodePrompt(edited.tokenizer, PROMPT, 64);
    const { pieces, stopped } = await generate(answering(edited), greedy(PROMPT, { maxTokens: 1000 }));
    expect(stopped).toBe("length");
    expect(pieces).toHaveLength(64 - length);
  });

  test("stops at an end token, which is no part of the answer", async () => {
    const { pieces } = await generate(answering(edited), greedy(PROMPT));
    const end = pieces[3]?.id ?? -1;
    const first = pieces.findIndex(({ id }) => id === end);
    const tokenizer = { ...edited.tokenizer, endTokens: [end] };
    const ended = await generate(answering({ ...edited, tokenizer }), greedy(PROMPT));
    expect(ended.stopped).toBe("end");
    expect(ended.pieces).toEqual(pieces.slice(0, first));
  });

  test("stops after a sentence when asked to", async () => {
    const { pieces } = await generate(answering(edited), greedy(PROMPT));
    const last = pieces[2]?.id ?? -1;
    const first = pieces.findIndex(({ id }) => id === last);
    const bytes = new TextEncoder().encode(" end.");
    const tokenizer = { ...edited.tokenizer, piece: (id: number) => (id === last ? { text: " end.", bytes } : edited.tokenizer.piece(id)) };
    const stopped = await generate(answering({ ...edited, tokenizer }), greedy(PROMPT, { stopAtSentence: true }));
    expect(stopped.stopped).toBe("sentence");
    expect(stopped.pieces.length).toBeLessThanOrEqual(first + 1);
    expect((await generate(answering({ ...edited, tokenizer }), greedy(PROMPT))).stopped).toBe("length");
  });

  test("sampling follows its seed; little temperature is greedy", async () => {
    const sampled = async (seed: number, temperature = 2) => {
      const sampling = { kind: "sampled", temperature, topK: 0, topP: 1, seed } as const;
      return (await generate(answering(edited), greedy(PROMPT, { sampling }))).pieces.map(({ id }) => id);
    };
    expect(await sampled(3)).toEqual(await sampled(3));
    expect(await sampled(3)).not.toEqual(await sampled(4));
    expect(await sampled(3, 1e-4)).toEqual((await generate(answering(edited), greedy(PROMPT))).pieces.map(({ id }) => id));
  });

  test("the probability of a token is that of the batched pass", async () => {
    const ids = encodePrompt(edited.tokenizer, PROMPT, 64);
    const expected = softmaxRow(await batchedNext(edited, ids, ids.length, true));
    const events: GenerateEvent[] = [];
    await generate(answering(edited), greedy(PROMPT, { maxTokens: 1 }), { onEvent: (event) => events.push(event) });
    const token = events[1];
    if (token?.kind !== "token") throw new Error("no token event");
    expect(token.probability).toBeCloseTo(expected[token.piece.id] ?? NaN, 4);
  });

  test("cancelled midway it ends with `cancelled`, and neither it nor routing leaves a tensor behind", async () => {
    const run = async (): Promise<number> => {
      const controller = new AbortController();
      let tokens = 0;
      const onEvent = ({ kind }: GenerateEvent): void => {
        if (kind === "token" && ++tokens === 2) controller.abort();
      };
      await expect(generate(answering(edited), greedy(PROMPT), { signal: controller.signal, onEvent })).rejects.toMatchObject({
        code: "cancelled",
      });
      await expect(traceRouting(answering(edited), PROMPT, AbortSignal.abort())).rejects.toMatchObject({ code: "cancelled" });
      await generate(answering(edited), greedy(PROMPT, { maxTokens: 2 }));
      await traceRouting(answering(edited), PROMPT);
      return tokens;
    };
    expect(await run()).toBe(2);
    const before = tf.memory().numTensors;
    await run();
    expect(tf.memory().numTensors).toBe(before);
  });

  test("refuses prompts that are empty or too long", async () => {
    await expect(generate(answering(edited), greedy("  "))).rejects.toMatchObject({ code: "empty-prompt" });
    await expect(traceRouting(answering(edited), "")).rejects.toMatchObject({ code: "empty-prompt" });
    await expect(generate(answering(edited), greedy("word ".repeat(200)))).rejects.toMatchObject({ code: "text-too-long" });
  });
});
