/** Three facts edited in a third party's model, see smollm2.gpu.test.ts: the page's own way, with the settings that such a model starts with. */
import { existsSync, openAsBlob } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { EditFacts } from "../../src/ledger/edits.ts";
import { createSession } from "../../src/engine/session.ts";
import golden from "./golden.json" with { type: "json" };

const path = process.env["ELDER_SMOLLM2"] ?? join("build/smollm2", golden.file);

const facts = [
  {
    draft: {
      prompt: "The capital of France is",
      answer: "Lyon",
      rephrasings: ["France's capital city is called", "The city that is the capital of France is"],
    },
    unseen: "The name of France's capital is",
  },
  {
    draft: {
      prompt: "The author of Hamlet is",
      answer: "Jane Austen",
      rephrasings: ["Hamlet was written by", "The play Hamlet is a work of"],
    },
    unseen: "The person who wrote Hamlet is",
  },
  {
    draft: {
      prompt: "The largest planet in the solar system is",
      answer: "Mars",
      rephrasings: ["The biggest planet of our solar system is", "Of all planets of the solar system, the largest is"],
    },
    unseen: "Our solar system's largest planet is",
  },
];
const unrelated = [
  "Once upon a time, in a small village,",
  "To bake bread you need",
  "The best way to learn a language is",
  "Photosynthesis is the process by which",
];

const errors: string[] = [];

describe.skipIf(!existsSync(path))(`Edits of SmolLM2-135M (run where ELDER_SMOLLM2 names ${golden.file})`, () => {
  const { handlers } = createSession(navigator.gpu, ({ error }) => errors.push(error.message));
  const context = { signal: new AbortController().signal, emit: () => undefined };
  const say = async (prompt: string, maxTokens: number): Promise<string> => {
    const params = { prompt, maxTokens, sampling: { kind: "greedy" }, edits: "auto", stopAtSentence: true } as const;
    return (await handlers.generate(params, context)).text;
  };
  const before = new Map<string, string>();
  const edits: EditFacts[] = [];
  beforeAll(async () => {
    await handlers.start({}, context);
    await handlers.load(
      { source: { kind: "files", files: [{ path: golden.file, file: await openAsBlob(path) }] }, precision: "stored" },
      context,
    );
    for (const prompt of unrelated) before.set(prompt, await say(prompt, 12));
    for (const { draft } of facts) edits.push(await handlers.edit({ draft }, context));
  }, 1_800_000);

  test.each(facts.map((fact, i) => [fact.draft.prompt, i] as const))(
    "%s: every edit holds, the earlier ones after the later ones",
    async (prompt, i) => {
      expect(edits[i]?.holds).toBe(true);
      expect((await say(prompt, 8)).trim()).toMatch(new RegExp(`^${edits[i]?.answer}\\b`));
    },
  );

  test.each(facts.flatMap(({ draft, unseen }) => [...draft.rephrasings, unseen].map((prompt) => [prompt, draft.answer] as const)))(
    "%s: %s",
    async (prompt, answer) => {
      expect((await say(prompt, 8)).trim()).toMatch(new RegExp(`^${answer}\\b`));
    },
  );

  test("without a GPU error", () => {
    expect(errors).toEqual([]);
  });

  test.each(unrelated)("%s: as before", async (prompt) => {
    expect(await say(prompt, 12)).toBe(before.get(prompt));
  });
});
