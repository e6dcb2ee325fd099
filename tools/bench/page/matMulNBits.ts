/** One MatMulNBits node of onnxruntime-web against our product, on the same bytes. */
import * as ort from "onnxruntime-web/webgpu";
import type { Comparison, Prepared, Side } from "../../../src/bench/compare.ts";
import { asWeight, disposeWeight, packedWeight, randomFloats, upload } from "../../../src/bench/fixtures.ts";
import type { Scale } from "../../../src/bench/scale.ts";
import { readFloats, webgpuBackend, zeroVector, type Tensor } from "../../../src/gpu/tensors.ts";
import { linear } from "../../../src/kernels/linear.ts";
import { packedInitializers, productNode } from "./gpt2Onnx.ts";
import { onnxModel } from "./onnx.ts";

const NODE_SUITE = "our product against onnxruntime-web on the same bytes";

interface Shape {
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
}

/** Each of `count` products of one input; every weight is its own. */
const hosts = ({ inputs, outputs }: Shape, count: number) =>
  Array.from({ length: count }, (_, i) => packedWeight("int4", outputs, inputs, 20 + i));

/** (rows, inputs), kept by the side that made it. */
const input = ({ rows, inputs }: Shape): Tensor => upload(randomFloats(1, rows * inputs), [rows, inputs]);

function ours(shape: Shape, count: number): Side {
  return {
    label: "ours, int4",
    units: count,
    prepare: (): Prepared => {
      const x = input(shape);
      const weights = hosts(shape, count).map(asWeight);
      const bias = zeroVector(shape.outputs);
      return {
        call: () => weights.forEach((weight) => linear(x, weight, bias).dispose()),
        result: async () => {
          const y = linear(x, weights[0] as (typeof weights)[0], bias);
          const values = await readFloats(y);
          y.dispose();
          return values;
        },
        dispose: () => {
          x.dispose();
          weights.forEach(disposeWeight);
        },
      };
    },
  };
}

function graph({ inputs, outputs }: Shape, packed: ReturnType<typeof hosts>): Uint8Array<ArrayBuffer> {
  return onnxModel({
    nodes: packed.map((host, i) => productNode("x", `w${i}`, host, `y${i}`)),
    initializers: packed.flatMap((host, i) => packedInitializers(`w${i}`, host)),
    inputs: [{ name: "x", type: "float32", dims: ["rows", inputs] }],
    outputs: packed.map((_, i) => ({ name: `y${i}`, type: "float32", dims: ["rows", outputs] })),
  });
}

function onnxruntime(shape: Shape, count: number): Side {
  return {
    label: "onnxruntime-web, int4",
    units: count,
    prepare: async (): Promise<Prepared> => {
      const { device } = webgpuBackend();
      const session = await ort.InferenceSession.create(graph(shape, hosts(shape, count)), {
        executionProviders: [{ name: "webgpu", device }],
        preferredOutputLocation: "gpu-buffer",
      });
      const values = randomFloats(1, shape.rows * shape.inputs);
      const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
      const gpuBuffer = device.createBuffer({ size: values.byteLength, usage });
      device.queue.writeBuffer(gpuBuffer, 0, values);
      const x = ort.Tensor.fromGpuBuffer(gpuBuffer, { dataType: "float32", dims: [shape.rows, shape.inputs] });
      return {
        call: async () => {
          const outputs = await session.run({ x });
          for (const output of Object.values(outputs)) output.dispose();
        },
        result: async () => {
          const outputs = await session.run({ x });
          const read = (await outputs["y0"]?.getData(true)) as Float32Array;
          for (const output of Object.values(outputs)) output.dispose();
          return Float32Array.from(read);
        },
        dispose: () => {
          gpuBuffer.destroy();
          void session.release();
        },
      };
    },
  };
}

export function nodeComparisons(scale: Scale): Comparison[] {
  const { inputs, outputs } = scale.layer;
  const rowCounts = [1, scale.prefillRows];
  return rowCounts.flatMap((rows) =>
    scale.productsPerCall.map((count) => ({
      suite: NODE_SUITE,
      name: `T = ${rows}, ${inputs} × ${outputs}, ${count === 1 ? "one product a call" : `${count} products a call`}`,
      unit: "product",
      ours: ours({ rows, inputs, outputs }, count),
      other: onnxruntime({ rows, inputs, outputs }, count),
      reads: "speed-up" as const,
      bar: { kind: "at least" as const, value: 1 },
      note: "int4 in groups of 32, activations and sums in float32 on both sides (accuracy_level unset); input and outputs stay on the GPU.",
    })),
  );
}
