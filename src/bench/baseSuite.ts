import { tf } from "../gpu/tensors.ts";
import { linearLayer, type Mixture } from "../kernels/linearLayer.ts";
import type { WeightFormat } from "../kernels/weight.ts";
import type { Comparison, Side } from "./compare.ts";
import { decodeSide } from "./decodeSide.ts";
import { disposeWeight, randomFloats, randomGates, upload, uploadWeight } from "./fixtures.ts";
import type { Scale } from "./scale.ts";

const BASE_SUITE = "mixture over our own product";

interface Setting {
  readonly name: string;
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly experts: number;
  readonly picked: number;
  readonly rank: number;
  readonly most: number;
}

/** The bars of performance.md: in a prompt E·r = 64, in decoding two picked experts of rank 8. */
function settings({ widths, prefillRows, widening }: Scale): Setting[] {
  return widths.flatMap((inputs) => {
    const size = { inputs, outputs: inputs * widening, rank: 8, picked: 2 };
    return [
      { ...size, name: `prompt, T = ${prefillRows}, E·r = 64`, rows: prefillRows, experts: 8, most: inputs < 2048 ? 1.15 : 1.08 },
      { ...size, name: "decoding, T = 1, top 2, r = 8", rows: 1, experts: 4, most: inputs < 2048 ? 1.2 : 1.08 },
    ];
  });
}

function side(format: WeightFormat, setting: Setting, mixed: boolean, scale: Scale): Side {
  const { rows, inputs, outputs, experts, picked, rank } = setting;
  return {
    label: mixed ? `with mixture, ${format}` : `without, ${format}`,
    copies: scale.copiesOf(inputs * outputs * (format === "int4" ? 0.5 : 1)),
    prepare: () => {
      const x = upload(randomFloats(1, rows * inputs), [rows, inputs]);
      const bias = upload(randomFloats(2, outputs), [outputs]);
      const weight = uploadWeight(format, outputs, inputs, 3);
      const mixture: Mixture | undefined = mixed
        ? {
            a: upload(randomFloats(4, experts * rank * inputs, 0.05), [experts * rank, inputs]),
            b: upload(randomFloats(5, experts * rank * outputs, 0.05), [experts * rank, outputs]),
            gates: upload(randomGates(6, 1, experts, picked), [1, experts]),
            scale: 1,
          }
        : undefined;
      return {
        call: () => linearLayer(x, weight, bias, mixture).dispose(),
        dispose: () => {
          tf.dispose([x, bias, ...(mixture ? [mixture.a, mixture.b, mixture.gates] : [])]);
          disposeWeight(weight);
        },
      };
    },
  };
}

/** A prompt's rows go through the layer of TF.js's tape, a single row through the decode plan. */
const sideOf = (format: WeightFormat, setting: Setting, mixed: boolean, scale: Scale): Side =>
  (setting.rows === 1 ? decodeSide : side)(format, setting, mixed, scale);

export function baseComparisons(scale: Scale): Comparison[] {
  return settings(scale).flatMap((setting) =>
    (["int4", "int8"] as const).map((format) => ({
      suite: BASE_SUITE,
      name: `${setting.name}, ${setting.inputs} × ${setting.outputs}, ${format}`,
      unit: "call",
      ours: sideOf(format, setting, true, scale),
      other: sideOf(format, setting, false, scale),
      reads: "cost" as const,
      bar: { kind: "at most" as const, value: setting.most },
    })),
  );
}
