import { encodePrompt } from "../editing/promptText.ts";
import { createPrng, type Prng } from "../lib/prng.ts";
import { createImproved } from "../methods/improved.ts";
import type { EditingMethod, MethodState } from "../methods/method.ts";
import { improvedSettings } from "../methods/settings.ts";
import { uploadModel } from "../model/uploadModel.ts";
import { loadTokenizer } from "../tokenizer/tokenizer.ts";
import type { ModelFiles } from "../weights/hostTensor.ts";
import type { Comparison, Side } from "./compare.ts";

export const EDITS_SUITE = "the n-th edit in improved mode";

const DRAFT = { prompt: "The capital of France is", answer: "Lyon", rephrasings: ["France's capital city is called"], subject: "France" };
/** One is about the edit, the others are about nothing that was edited, or name another edit. */
const PROMPTS = ["The capital of France is", "The capital of Place 7 is", "A fish swims in", "Once upon a time"];
const [EARLY, LATE] = [10, 1000];
/** docs/improved-mode.md: the cost of an edit must not grow with their number. */
const MOST_GROWTH = 1.1;

type KeptEdit = { readonly edit: number; readonly keys: readonly { readonly name: readonly string[]; readonly radius: number }[] };

/** A state with so many edits: the first as it was trained, the others with its adapters under names and keys of their own. */
function manyEdits({ facts, arrays }: MethodState, count: number, prng: Prng): MethodState {
  const [first] = (facts as { edits: readonly KeptEdit[] }).edits;
  if (!first) throw new Error("No edit was written");
  const own = Object.entries(arrays);
  const edits = Array.from({ length: count }, (_, i) => i + 1);
  return {
    facts: {
      written: count,
      edits: edits.map((edit) =>
        edit === 1 ? first : { ...first, edit, keys: first.keys.map((key) => ({ ...key, name: ["Place", String(edit)] })) },
      ),
    },
    arrays: Object.fromEntries(
      edits.flatMap((edit) =>
        own.map(([name, values]) => [
          name.replace(/ \d+/, ` ${edit}`),
          name.startsWith("key") && edit > 1 ? unitVector(prng, values.length) : values,
        ]),
      ),
    ),
  };
}

function unitVector(prng: Prng, width: number): Float32Array {
  const vector = Float32Array.from({ length: width }, () => prng.uniform(-1, 1));
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

function side(files: ModelFiles, edits: number, work: (method: EditingMethod, prompts: readonly number[][]) => Promise<void>): Side {
  return {
    label: `after ${edits} edits`,
    prepare: async () => {
      const model = await uploadModel(files);
      const tokenizer = loadTokenizer(files.tokenizerJson, files.tokenizerConfig);
      // Each edit takes the same number of steps.
      const settings = { ...improvedSettings(model), leastSteps: 8, mostSteps: 8 };
      const method = createImproved({ model, tokenizer, seed: 1 }, settings);
      await method.edit(DRAFT);
      await method.restore(manyEdits(await method.state(), edits, createPrng(1)));
      const prompts = PROMPTS.map((text) => encodePrompt(tokenizer, text, model.config.contextLength));
      return {
        call: () => work(method, prompts),
        dispose: () => {
          method.dispose();
          model.dispose();
        },
      };
    },
  };
}

async function writeAndForget(method: EditingMethod): Promise<void> {
  const { edit } = await method.edit({ ...DRAFT, answer: "Nice", prompt: "The capital of Spain is", rephrasings: [], subject: "Spain" });
  await method.forget(edit);
}

async function decide(method: EditingMethod, prompts: readonly number[][]): Promise<void> {
  (await method.scope(prompts)).dispose();
}

/** Both sides in one run, in turn: what else the machine does falls on both alike. */
export const editsComparisons = (files: ModelFiles): Comparison[] =>
  (
    [
      ["writing an edit of 8 steps and forgetting it", writeAndForget],
      ["deciding on 4 prompts", decide],
    ] as const
  ).map(([name, work]) => ({
    suite: EDITS_SUITE,
    name: `${name} on ${files.name}`,
    unit: "call",
    ours: side(files, LATE, work),
    other: side(files, EARLY, work),
    reads: "cost" as const,
    bar: { kind: "at most", value: MOST_GROWTH } as const,
    note: "The later edits have the first one's adapters under names and keys of their own.",
  }));
