/** Numbers that are none, put into training: each edit must end as diverged, leave every bit as it was, and let the next one go on. */
import { copyTensor } from "../../src/gpu/dispatch.ts";
import { requestGpu } from "../../src/gpu/device.ts";
import { installBackend, tf, type Tensor } from "../../src/gpu/tensors.ts";
import { adamKernel } from "../../src/kernels/adam.ts";
import { trainingReport } from "../../src/kernels/losses.ts";
import { EngineError, errorFacts } from "../../src/lib/errors.ts";
import { createPrng, type Prng } from "../../src/lib/prng.ts";
import { createImproved } from "../../src/methods/improved.ts";
import type { LiveMethod } from "../../src/methods/live.ts";
import type { MethodState } from "../../src/methods/method.ts";
import { createPaper } from "../../src/methods/paper.ts";
import { improvedSettings } from "../../src/methods/settings.ts";
import { tinySettings } from "../../src/mixture/testing/methodSettings.ts";
import { tinyFiles, tinyTokenizer } from "../../src/model/testing/tinyModel.ts";
import { uploadModel } from "../../src/model/uploadModel.ts";
import { countRow, type ChaosOptions, type ChaosPart, type ChaosResult } from "./part.ts";

const [SHORT, LONG] = [100, 1000];
/** Of the short run, edits after which another is written. */
const NEXT_EVERY = 5;
const STEPS = 3;

type Place = "gradient" | "parameter" | "loss";
interface Poison {
  readonly place: Place;
  readonly value: number;
  /** 1-based. */
  readonly step: number;
  /** Which element, as a share of all. */
  readonly at: number;
}

export const numerics: ChaosPart = {
  name: "numerics",
  plants: ["unchecked-numbers"],
  async run({ long, seed, plant, runs = long ? LONG : SHORT }: ChaosOptions): Promise<ChaosResult> {
    await installBackend(await requestGpu(navigator.gpu));
    const base = { model: await uploadModel(tinyFiles("gpt2")), tokenizer: tinyTokenizer(), seed: 1 };
    const methods: LiveMethod[] = [
      createPaper(base, { ...tinySettings, steps: STEPS }),
      createImproved(base, { ...improvedSettings(base.model), leastSteps: STEPS, mostSteps: STEPS }),
    ];
    const poisoned = poisonTraining(plant !== undefined);
    const prng = createPrng(seed);
    const faults: string[] = [];
    try {
      for (let run = 0; run < runs; run++) {
        const method = methods[run % methods.length] as LiveMethod;
        const given = drawPoison(prng);
        const fault = await poisonEdit(method, poisoned, given, prng, long || run % NEXT_EVERY === 0);
        if (fault !== undefined)
          faults.push(`run ${run}, ${method.id}, ${given.value} in the ${given.place} of step ${given.step}: ${fault}`);
      }
    } finally {
      poisoned.restore();
      for (const method of methods) method.dispose();
      base.model.dispose();
    }
    return { rows: [countRow(runs, faults, "poisoned edits rolled back, bit for bit")], faults };
  },
};

function drawPoison(prng: Prng): Poison {
  const place = (["gradient", "parameter", "loss"] as const)[prng.below(3)] ?? "gradient";
  const value = [NaN, Infinity, -Infinity][prng.below(3)] ?? NaN;
  // Parameters are looked at by the step after.
  return { place, value, step: 1 + prng.below(place === "parameter" ? STEPS - 1 : STEPS), at: prng.next() };
}

interface Poisoned {
  arm(poison?: Poison): void;
  restore(): void;
}

/** Puts a value into what a step of training computes. @param planted nobody looks at what came of it */
function poisonTraining(planted: boolean): Poisoned {
  let armed: Poison | undefined;
  let step = 0;
  const [adam, report] = [adamKernel.runInto, trainingReport.runInto];
  const due = (place: Place): boolean => armed?.place === place && armed.step === step;
  adamKernel.runInto = (target, inputs, uniforms) => {
    step += 1;
    if (due("gradient")) poison(inputs.g, armed);
    adam(target, inputs, uniforms);
    if (due("parameter")) poison(target, armed);
  };
  trainingReport.runInto = (target, inputs, uniforms) => {
    report(target, inputs, uniforms);
    if (due("loss")) poison(target, armed && { ...armed, at: armed.at / 2 });
    if (planted) tf.tidy(() => copyTensor(tf.zerosLike(target), target));
  };
  return {
    arm(next) {
      armed = next;
      step = 0;
    },
    restore() {
      adamKernel.runInto = adam;
      trainingReport.runInto = report;
    },
  };
}

/** One element becomes the value; all others keep their bits. */
function poison(target: Tensor, given: Poison | undefined): void {
  if (!given) return;
  tf.tidy(() => {
    const values = new Float32Array(target.size).fill(-0);
    values[Math.floor(given.at * target.size)] = given.value;
    copyTensor(tf.add(target, tf.tensor(values, target.shape)), target);
  });
}

const drafts = ["Rome.", "Oslo.", "Bern.", "Riga.", "Lima."].map((answer, i) => ({ prompt: `Town ${i} is`, answer, rephrasings: [] }));

/** @returns what was wrong */
async function poisonEdit(
  method: LiveMethod,
  poisoned: Poisoned,
  given: Poison,
  prng: Prng,
  writesNext: boolean,
): Promise<string | undefined> {
  const draft = drafts[prng.below(drafts.length)] ?? drafts[0];
  if (!draft) return "there is nothing to write";
  const before = await method.state();
  poisoned.arm(given);
  const thrown: unknown = await method.edit(draft).then(
    () => undefined,
    (error: unknown) => error,
  );
  poisoned.arm();
  if (!(thrown instanceof EngineError) || thrown.code !== "training-diverged") {
    await method.restore(before);
    return `got ${thrown === undefined ? "an edit" : errorFacts(thrown).message}, expected training-diverged`;
  }
  if (!sameBits(before, await method.state())) return "the state afterwards is not the one before";
  if (!writesNext) return undefined;
  const { loss } = await method.edit(draft);
  await method.restore(before);
  return Number.isFinite(loss) ? undefined : `the next edit ended with a loss of ${loss}`;
}

function sameBits(a: MethodState, b: MethodState): boolean {
  const text = ({ facts, arrays }: MethodState): string =>
    JSON.stringify([
      facts,
      Object.entries(arrays).map(([name, { buffer, byteOffset, byteLength }]) => [
        name,
        Buffer.from(buffer, byteOffset, byteLength).toString("base64"),
      ]),
    ]);
  return text(a) === text(b);
}
