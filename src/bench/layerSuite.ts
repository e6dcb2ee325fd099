import { readFloats, tf, type Tensor } from "../gpu/tensors.ts";
import { linearLayer } from "../kernels/linearLayer.ts";
import type { WeightFormat } from "../kernels/weight.ts";
import { dequantizeTensor } from "../weights/quantize.ts";
import { transposed, type PackedTensor } from "../weights/hostTensor.ts";
import type { Comparison, Prepared, Side } from "./compare.ts";
import { asWeight, disposeWeight, packedWeight, randomFloats, randomGates, upload } from "./fixtures.ts";
import type { Bar } from "./results.ts";
import type { Scale } from "./scale.ts";
import { STOCK_FLAGS } from "./settle.ts";
import { loopedMixture, stackedMixture, stockLinear } from "./stockMixture.ts";

const LAYER_SUITE = "mixture layer against stock TF.js";

/** The paper's: 4 experts of rank 8, two of them picked. */
const EXPERTS = 4;
const PICKED = 2;
const RANK = 8;
const SCALE = 1;

interface Shape {
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly backward: boolean;
}

/** Equal numbers for every side, in tensors of its own. */
function operands({ rows, inputs, outputs }: Shape) {
  const ranks = EXPERTS * RANK;
  return {
    x: upload(randomFloats(1, rows * inputs), [rows, inputs]),
    a: upload(randomFloats(2, ranks * inputs, 0.05), [ranks, inputs]),
    b: upload(randomFloats(3, ranks * outputs, 0.05), [ranks, outputs]),
    gates: upload(randomGates(4, 1, EXPERTS, PICKED), [1, EXPERTS]),
    bias: upload(randomFloats(5, outputs), [outputs]),
    dy: upload(randomFloats(6, rows * outputs), [rows, outputs]),
  };
}

interface Layer {
  readonly held: ReturnType<typeof operands>;
  /** x, A, B and gates, in this order; A and B may be in parts. */
  readonly inputs: readonly Tensor[];
  compute(...inputs: Tensor[]): Tensor;
  dispose(): void;
}

/** A forward pass, or the gradients of its inputs together with the forward pass that they need. */
function prepared({ backward }: Shape, { held, inputs, compute, dispose }: Layer): Prepared {
  const gradients = tf.grads(compute);
  const run = (): Tensor[] => (backward ? gradients([...inputs], held.dy) : [compute(...inputs)]);
  return {
    call: () => tf.tidy(() => void run()),
    result: async () => {
      const outputs = tf.tidy(() => run().map((output) => tf.keep(output)));
      const read = await Promise.all(outputs.map(readFloats));
      tf.dispose(outputs);
      return Float32Array.from(read.flatMap((values) => Array.from(values)));
    },
    dispose: () => {
      tf.dispose(Object.values(held));
      dispose();
    },
  };
}

/** The packed weight behind a format; float32 has the numbers of int4, so that every side computes the same. */
const packedFor = (format: WeightFormat, { inputs, outputs }: Shape): PackedTensor =>
  packedWeight(format === "int8" ? "int8" : "int4", outputs, inputs, 7);

/** Made when it is first needed, and once for all copies. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function ours(format: WeightFormat, shape: Shape, scale: Scale): Side {
  const bytes = { int4: 0.5, int4m: 0.5, int8: 1, f16: 2, f32: 4 }[format];
  const host = once(() => (format === "f32" ? dequantizeTensor(packedFor(format, shape)) : packedFor(format, shape)));
  return {
    label: `fused, ${format}`,
    copies: scale.copiesOf(shape.inputs * shape.outputs * bytes),
    prepare: () => {
      const held = operands(shape);
      const weight = asWeight(host());
      return prepared(shape, {
        held,
        inputs: [held.x, held.a, held.b, held.gates],
        compute: (x: Tensor, a: Tensor, b: Tensor, gates: Tensor) => linearLayer(x, weight, held.bias, { a, b, gates, scale: SCALE }),
        dispose: () => disposeWeight(weight),
      });
    },
  };
}

const FORMS = ["stacked", "loop"] as const;
type Form = (typeof FORMS)[number];

function stock(form: Form, format: WeightFormat, shape: Shape, scale: Scale): Side {
  const floats = once(() => transposed(dequantizeTensor(packedFor(format, shape)).data, shape.outputs, shape.inputs));
  return {
    label: `TF.js ${form === "stacked" ? "stacked" : "expert by expert"}, f32`,
    copies: scale.copiesOf(shape.inputs * shape.outputs * 4),
    flags: STOCK_FLAGS,
    prepare: () => {
      const held = operands(shape);
      const w = upload(floats(), [shape.inputs, shape.outputs]);
      const parts = (whole: Tensor): Tensor[] =>
        form === "stacked" ? [whole] : tf.tidy(() => tf.split(whole, EXPERTS).map((part) => tf.keep(part)));
      const [a, b] = [parts(held.a), parts(held.b)];
      const mixture = (x: Tensor, rest: Tensor[], gates: Tensor): Tensor =>
        form === "stacked"
          ? stackedMixture(x, rest[0] as Tensor, rest[1] as Tensor, gates, SCALE)
          : loopedMixture(x, rest.slice(0, EXPERTS), rest.slice(EXPERTS), gates, SCALE);
      return prepared(shape, {
        held,
        inputs: [held.x, ...a, ...b, held.gates],
        compute: (...inputs) => {
          const [x, rest, gates] = [inputs[0] as Tensor, inputs.slice(1, -1), inputs.at(-1) as Tensor];
          return tf.add(stockLinear(x, { w, bias: held.bias }), mixture(x, rest, gates));
        },
        dispose: () => tf.dispose([w, ...a, ...b]),
      });
    },
  };
}

/** performance.md states bars for single rows, the case of an answer's next token. */
function barOf(form: Form, { rows, backward }: Shape): Bar | undefined {
  if (rows !== 1 || backward) return undefined;
  return { kind: "at least", value: form === "stacked" ? 3 : 5 };
}

export function layerComparisons(scale: Scale): Comparison[] {
  const { inputs, outputs } = scale.layer;
  const shapes: readonly Shape[] = [
    ...scale.forwardRows.map((rows) => ({ rows, inputs, outputs, backward: false })),
    ...scale.backwardRows.map((rows) => ({ rows, inputs, outputs, backward: true })),
  ];
  const made: Comparison[] = [];
  for (const shape of shapes) {
    for (const format of scale.formats) {
      for (const form of scale.loopedFormats.includes(format) ? FORMS : FORMS.slice(0, 1)) {
        const bar = barOf(form, shape);
        made.push({
          suite: LAYER_SUITE,
          name: `${shape.backward ? "forward + backward" : "forward"}, T = ${shape.rows}, ${inputs} × ${outputs}`,
          unit: "call",
          ours: ours(format, shape, scale),
          other: stock(form, format, shape, scale),
          reads: "speed-up",
          ...(bar ? { bar } : {}),
        });
      }
    }
  }
  return made;
}
