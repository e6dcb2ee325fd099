import { encodePlans, recordPlan } from "../gpu/commandPlan.ts";
import { flushDispatches, type Dispatch } from "../gpu/dispatch.ts";
import { emptyTensor, tf, webgpuBackend } from "../gpu/tensors.ts";
import { decodeLinear, shrinkPicked } from "../kernels/decodeLinear.ts";
import { weightInputs, weightUniformValues, type WeightFormat } from "../kernels/weight.ts";
import type { Side } from "./compare.ts";
import { disposeWeight, randomFloats, upload, uploadWeight } from "./fixtures.ts";
import type { Scale } from "./scale.ts";

/** Products recorded in one plan, so that a submit costs as little of each as it does in a token. */
const REPEATS = 16;

export interface DecodeSetting {
  readonly inputs: number;
  readonly outputs: number;
  readonly experts: number;
  readonly picked: number;
  readonly rank: number;
}

/** One linear layer of the decode plan, with the picked experts' mixture or without. */
export function decodeSide(format: WeightFormat, setting: DecodeSetting, mixed: boolean, scale: Scale): Side {
  const { inputs, outputs } = setting;
  return {
    label: mixed ? `decode plan with mixture, ${format}` : `decode plan without, ${format}`,
    units: REPEATS,
    copies: scale.copiesOf(inputs * outputs * (format === "int4" ? 0.5 : 1)),
    prepare: () => {
      const { device } = webgpuBackend();
      const weight = uploadWeight(format, outputs, inputs, 3);
      const tensors = {
        x: upload(randomFloats(1, inputs), [inputs]),
        bias: upload(randomFloats(2, outputs), [outputs]),
        y: tf.keep(emptyTensor([outputs], "float32")),
        ...(mixed ? pickedTensors(setting) : {}),
      };
      const once = mixed && "a" in tensors ? mixtureDispatches() : [productDispatch()];
      const plan = recordPlan(device, Array.from({ length: REPEATS }, () => once).flat());
      flushDispatches();
      return {
        call: () => device.queue.submit([encodePlans(device, [plan]).finish()]),
        dispose: () => {
          plan.dispose();
          tf.dispose(Object.values(tensors));
          disposeWeight(weight);
        },
      };

      function productDispatch(): Dispatch {
        const { x, bias, y } = tensors;
        const uniforms = { ...weightUniformValues(weight), epilogue: 0, kind: 0 };
        return decodeLinear(format, "base").prepare(y, { x, ...weightInputs(weight), bias, other: bias }, uniforms);
      }

      function mixtureDispatches(): Dispatch[] {
        const { x, bias, y, a, b, p, picked, gates } = tensors as typeof tensors & ReturnType<typeof pickedTensors>;
        const uniforms = { ...weightUniformValues(weight), epilogue: 0, kind: 0, scale: 1 };
        const operands = { x, ...weightInputs(weight), bias, other: bias, p, picked, gates, b };
        return [shrinkPicked.prepare(p, { x, a, picked }, { M: p.size }), decodeLinear(format, "mixture").prepare(y, operands, uniforms)];
      }
    },
  };
}

const pickedTensors = ({ inputs, outputs, experts, picked, rank }: DecodeSetting) => ({
  a: upload(randomFloats(4, experts * rank * inputs, 0.05), [experts * rank, inputs]),
  b: upload(randomFloats(5, experts * rank * outputs, 0.05), [experts * rank, outputs]),
  p: tf.keep(emptyTensor([picked * rank], "float32")),
  picked: upload(
    Int32Array.from({ length: picked }, (_, k) => k),
    [picked],
    "int32",
  ),
  gates: upload(new Float32Array(picked).fill(0.5), [picked]),
});
