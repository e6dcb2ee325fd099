import { padSamples, prepareBatch } from "../editing/trainingBatch.ts";
import { copyTensor } from "../gpu/dispatch.ts";
import { aligned, readFloats, tf, viewOf, type Tensor } from "../gpu/tensors.ts";
import { gatherRows } from "../kernels/losses.ts";
import { EngineError, throwIfCancelled } from "../lib/errors.ts";
import { checkSettings } from "../mixture/settings.ts";
import type { Model, Pass } from "../model/model.ts";
import { oneExpert } from "./adapters.ts";
import type { EditingMethod, MethodBase } from "./method.ts";
import { addRows, noMoments, normalize, solveRidge, target, type Moments } from "./ridge.ts";
import { sequentialMethod, type Learner } from "./sequential.ts";
import type { UltraEditSettings } from "./settings.ts";
import { rowsOf } from "./shared.ts";
import { answerLoss, answerRows, type TuneBatch } from "./tune.ts";

/**
 * UltraEdit (Gu et al., arXiv 2505.14679): no training. For each edited linear layer H are its inputs at the tokens that predict the answer, and the
 * slopes of the answers' cross-entropy along its outputs there give V = −η ‖ĥ‖² ĝ, hats for what is normalized by mean and deviation over all edits so
 * far; Δ = (HᵀH + 1)⁻¹ HᵀV is added to the weight. H itself is not normalized, and layers of one shape share their statistics, as in the released code.
 * Every prompt meets Δ: nothing is deferred once there is an edit.
 *
 * Simplified: an edit with its phrasings is a turn (published: 100 edits), and the form is applied again, up to `rounds` times, with slopes taken anew,
 * while the answer is not sure; `rounds` 1 is the published single shot. The statistics take each edit's rows of its first round.
 *
 * Forgetting writes the remaining edits anew, from their texts: exactly as if the edit had never been.
 */
export function createUltraEdit(base: MethodBase, settings: UltraEditSettings): EditingMethod {
  const { model } = base;
  const { layers, module } = settings;
  checkSettings(oneExpert({ ...settings, leastSteps: 1, mostSteps: settings.rounds, alpha: 1, rank: 1 }, 0), model);
  const { columns: I, rows: O } = model.weight(`${model.architecture.block(layers[0] ?? 0)}.${module}.weight`);
  const flat = tf.keep(tf.zeros([layers.length * aligned(I * O)]));
  const deltas = layers.map((_, i) => tf.keep(viewOf(flat, i * aligned(I * O), [I, O])));
  const change = (probes?: readonly Tensor[]): Required<Pick<Pass, "onOutput">> => ({
    onOutput(layer, name, input, output) {
      const i = name === module ? layers.indexOf(layer) : -1;
      const [delta, probe] = [deltas[i], probes?.[i]];
      if (!delta) return output;
      const changed = tf.add(output, tf.matMul(input as tf.Tensor2D, delta as tf.Tensor2D));
      return probe ? tf.add(changed, probe) : changed;
    },
  });
  const learner: Learner<Note> = {
    flat,
    blank: noteOf(noMoments(I + O)),
    clear: () => tf.tidy(() => copyTensor(tf.zeros(flat.shape), flat)),
    async learn(samples, { note }, signal) {
      const tokens = padSamples(samples);
      const firstLayer = layers[0] ?? 0;
      const prepared = prepareBatch(model, { layers: [firstLayer], module }, tokens);
      let moments = momentsOf(note);
      let loss = NaN;
      try {
        for (let round = 1; round <= settings.rounds; round++) {
          throwIfCancelled(signal);
          const found = await slopes(model, { prepared, tokens, firstLayer }, layers.length, O, (probes, see) => ({
            onOutput(layer, name, input, output) {
              if (name === module && layers.includes(layer)) see(layers.indexOf(layer), input);
              return change(probes).onOutput(layer, name, input, output);
            },
          }));
          loss = found.loss;
          if (round > 1 && loss <= settings.enoughLoss) break;
          if (round === 1) for (const own of found.modules) moments = addRows(moments, joinedRows(own));
          add(found.modules.map((own) => ({ h: own.inputs, c: closedForm(own, moments) })));
        }
        throwIfCancelled(signal);
        return { steps: 0, loss, note: noteOf(moments) };
      } finally {
        prepared.dispose();
      }
    },
    intervene: () => ({ firstLayer: layers[0] ?? 0, ...change(), dispose: () => undefined }),
    dispose: () => tf.dispose([...deltas, flat]),
  };
  return sequentialMethod("ultraedit", base, learner);

  function closedForm({ inputs, slopes: own }: ModuleRows, moments: Moments): Float64Array[] {
    const values = inputs.map((row, n) =>
      target(normalize(moments, row, 0), normalize(moments, own[n] as Float32Array, I), settings.learningRate),
    );
    return solveRidge(inputs, values);
  }

  /** Δ += Hᵀ C of every layer. */
  function add(parts: readonly { readonly h: readonly Float32Array[]; readonly c: readonly Float64Array[] }[]): void {
    tf.tidy(() => {
      const padding = aligned(I * O) - I * O;
      const grown = parts.map(({ h, c }, i) => {
        const product = tf.matMul(matrix(h), matrix(c), true);
        return tf.pad1d(tf.reshape(tf.add(deltas[i] as Tensor, product), [I * O]), [0, padding]);
      });
      copyTensor(tf.concat(grown), flat);
    });
  }
}

/** The running statistics as plain JSON. */
interface Note {
  readonly count: number;
  readonly mean: readonly number[];
  readonly squares: readonly number[];
}
const noteOf = ({ count, mean, squares }: Moments): Note => ({ count, mean: Array.from(mean), squares: Array.from(squares) });
const momentsOf = ({ count, mean, squares }: Note): Moments => ({
  count,
  mean: Float64Array.from(mean),
  squares: Float64Array.from(squares),
});

/** What the closed form of one layer is made of: a row for each token of the answers. */
interface ModuleRows {
  readonly inputs: readonly Float32Array[];
  readonly slopes: readonly Float32Array[];
}

const joinedRows = ({ inputs, slopes: own }: ModuleRows): number[][] => inputs.map((row, n) => [...row, ...(own[n] ?? [])]);

const matrix = (rows: readonly ArrayLike<number>[]): tf.Tensor2D => {
  const width = rows[0]?.length ?? 0;
  const all = new Float32Array(rows.length * width);
  rows.forEach((row, n) => all.set(row, n * width));
  return tf.tensor2d(all, [rows.length, width]);
};

/**
 * Inputs and slopes of every edited layer, and the loss they belong to.
 * @param O width of the layers' outputs
 * @param change adds the probes, zeros of each layer's output, and shows each layer's input
 */
async function slopes(
  model: Model,
  batch: TuneBatch,
  count: number,
  O: number,
  change: (probes: readonly Tensor[], see: (layer: number, input: Tensor) => void) => Pick<Pass, "onOutput">,
): Promise<{ readonly loss: number; readonly modules: readonly ModuleRows[] }> {
  const answers = answerLoss(model, batch);
  const [inputs, along] = tf.tidy((): [Tensor[], Tensor[]] => {
    const rows = tf.tensor1d(answerRows(batch.tokens), "int32");
    const probes = Array.from({ length: count }, () => tf.zeros([batch.tokens.batch * batch.tokens.length, O]));
    const seen: Tensor[] = [];
    const see = (i: number, input: Tensor): void => void (seen[i] = tf.keep(gatherRows.run({ x: input, rows }, {})));
    const found = answers.gradients(probes, () => change(probes, see));
    return [seen, found.map((slope) => tf.keep(gatherRows.run({ x: slope, rows }, {})))];
  });
  try {
    const losses = await readFloats(answers.losses);
    const loss = losses.reduce((sum, own) => sum + own, 0) / losses.length;
    if (!Number.isFinite(loss)) throw diverged(loss);
    const read = async (tensor: Tensor | undefined): Promise<Float32Array[]> =>
      tensor ? rowsOf(await readFloats(tensor), tensor.shape[1] ?? 0) : [];
    const modules = await Promise.all(
      along.map(async (own, i): Promise<ModuleRows> => ({ inputs: await read(inputs[i]), slopes: await read(own) })),
    );
    return { loss, modules };
  } finally {
    tf.dispose([...inputs, ...along]);
    answers.dispose();
  }
}

const diverged = (loss: number): EngineError =>
  new EngineError(
    "training-diverged",
    `The loss was ${loss}, expected a finite number.`,
    "Set a smaller rate and edit again; the edits made so far stay.",
  );
