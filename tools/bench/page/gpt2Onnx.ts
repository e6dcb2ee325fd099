/** A GPT-2 of ours as an ONNX graph with the inputs and outputs that transformers.js expects, on the same packed bytes. */
import type { ModelConfig } from "../../../src/model/config.ts";
import { elementCount, type HostTensor, type PackedTensor } from "../../../src/weights/hostTensor.ts";
import { dequantizeTensor } from "../../../src/weights/quantize.ts";
import { decodeFloat16 } from "../../../src/lib/float16.ts";
import { onnxModel, type Initializer, type Node, type Value } from "./onnx.ts";

const MS = "com.microsoft";
/** transformers.js puts its batch for this name, and 0 for every other that has none. */
const BATCH = "batch_size";

/** Our f16 pairs, each as a float32: the product's scales have the type of its input. */
export function scalesOf({ scales, shape, group }: PackedTensor): Float32Array {
  const halves = new Uint16Array(scales.buffer, scales.byteOffset, scales.length * 2);
  return Float32Array.from(halves.subarray(0, elementCount(shape) / group), decodeFloat16);
}

/** The packed words as MatMulNBits reads them: they are the same bytes. */
export function packedInitializers(name: string, host: PackedTensor): Initializer[] {
  const [rows, columns] = host.shape;
  const bits = host.format === "int4" ? 4 : 8;
  const groups = columns / host.group;
  return [
    { name, type: "uint8", dims: [rows, groups, (host.group * bits) / 8], data: host.words },
    { name: `${name}.scales`, type: "float32", dims: [rows * groups], data: scalesOf(host) },
  ];
}

/** x (…, I) to (…, O); accuracy_level is left at float32, as in our kernels. */
export function productNode(x: string, weight: string, host: PackedTensor, output: string, bias?: string): Node {
  const [rows, columns] = host.shape;
  const bits = host.format === "int4" ? 4 : 8;
  return {
    op: "MatMulNBits",
    domain: MS,
    // Zero points are the format's own, and no order of groups is given.
    inputs: [x, weight, `${weight}.scales`, ...(bias === undefined ? [] : ["", "", bias])],
    outputs: [output],
    attributes: { K: columns, N: rows, bits, block_size: host.group },
  };
}

/**
 * Operators as fused as onnxruntime has them: attention with its cache, norm with the residual, GELU.
 * @param tensors every linear packed; the embedding is looked up as float32 and packed as the head
 */
export function gpt2Onnx(config: ModelConfig, tensors: readonly HostTensor[]): Uint8Array<ArrayBuffer> {
  const { layers, heads, headSize, hiddenSize, vocabularySize, normEps } = config;
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const nodes: Node[] = [];
  const initializers: Initializer[] = [];
  const floats = (name: string): string => {
    const host = byName.get(name);
    if (!host) throw new Error(`The weights have no tensor ${name}`);
    const { data, shape } = host.format === "f32" ? host : dequantizeTensor(host);
    initializers.push({ name: `${name}.f32`, type: "float32", dims: shape, data });
    return `${name}.f32`;
  };
  const constant = (name: string, value: number): string => {
    initializers.push({ name, type: "int64", dims: [1], data: new BigInt64Array([BigInt(value)]) });
    return name;
  };
  const product = (x: string, name: string, output: string, bias?: string): void => {
    const host = byName.get(name);
    if (!host || !("words" in host)) throw new Error(`${name} is not packed`);
    initializers.push(...packedInitializers(name, host));
    nodes.push(productNode(x, name, host, output, bias));
  };
  const linear = (x: string, name: string, output: string): string => {
    product(x, `${name}.weight`, output, floats(`${name}.bias`));
    return output;
  };
  /** The stream with the block's output added, and its norm. */
  const norm = (stream: string, added: string | undefined, name: string, output: string): string => {
    const scale = [floats(`${name}.weight`), floats(`${name}.bias`)];
    const attributes = { epsilon: { float: normEps } };
    if (added === undefined) {
      nodes.push({ op: "LayerNormalization", inputs: [stream, ...scale], outputs: [output], attributes });
      return stream;
    }
    const sum = `${output}.stream`;
    nodes.push({ op: "SkipLayerNormalization", domain: MS, inputs: [stream, added, ...scale], outputs: [output, "", "", sum], attributes });
    return sum;
  };
  readTokens(nodes, floats, constant);
  let stream = "embedded";
  let added: string | undefined;
  for (let layer = 0; layer < layers; layer++) {
    const name = `transformer.h.${layer}`;
    const past = (kind: string): string => `past_key_values.${layer}.${kind}`;
    stream = norm(stream, added, `${name}.ln_1`, `${layer}.first`);
    const qkv = linear(`${layer}.first`, `${name}.attn.c_attn`, `${layer}.qkv`);
    nodes.push({
      op: "GroupQueryAttention",
      domain: MS,
      // Queries, keys and values side by side: the two others are left out.
      inputs: [qkv, "", "", past("key"), past("value"), "last_position", "total_length"],
      outputs: [`${layer}.mixed`, `present.${layer}.key`, `present.${layer}.value`],
      attributes: { num_heads: heads, kv_num_heads: heads, scale: { float: config.attentionScales[layer] ?? 1 } },
    });
    added = linear(`${layer}.mixed`, `${name}.attn.c_proj`, `${layer}.attended`);
    stream = norm(stream, added, `${name}.ln_2`, `${layer}.second`);
    const inner = linear(`${layer}.second`, `${name}.mlp.c_fc`, `${layer}.inner`);
    nodes.push({ op: "FastGelu", domain: MS, inputs: [inner], outputs: [`${layer}.active`] });
    added = linear(`${layer}.active`, `${name}.mlp.c_proj`, `${layer}.out`);
  }
  norm(stream, added, "transformer.ln_f", "final");
  keepLastRows(nodes, constant);
  product("kept", "transformer.wte.weight", "logits");
  const cache = (kind: "past" | "present"): Value[] =>
    Array.from({ length: layers }, (_, layer) =>
      ["key", "value"].map((part) => ({
        name: `${kind === "past" ? "past_key_values" : "present"}.${layer}.${part}`,
        type: "float32" as const,
        dims: [BATCH, heads, kind === "past" ? "past" : "total", headSize],
      })),
    ).flat();
  const ids = (name: string, length: string): Value => ({ name, type: "int64", dims: [BATCH, length] });
  if (hiddenSize !== heads * headSize) throw new Error("The heads do not fill the hidden size");
  return onnxModel({
    nodes,
    initializers,
    inputs: [
      ids("input_ids", "sequence"),
      ids("attention_mask", "total"),
      ids("position_ids", "sequence"),
      { name: "num_logits_to_keep", type: "int64", dims: [] },
      ...cache("past"),
    ],
    outputs: [{ name: "logits", type: "float32", dims: [BATCH, "kept", vocabularySize] }, ...cache("present")],
  });
}

/** Embeddings, and the lengths that attention wants: of each sequence less one, and of the whole. */
function readTokens(nodes: Node[], floats: (name: string) => string, constant: (name: string, value: number) => string): void {
  const one = constant("one", 1);
  nodes.push(
    { op: "Gather", inputs: [floats("transformer.wte.weight"), "input_ids"], outputs: ["tokens"] },
    { op: "Gather", inputs: [floats("transformer.wpe.weight"), "position_ids"], outputs: ["places"] },
    { op: "Add", inputs: ["tokens", "places"], outputs: ["embedded"] },
    { op: "ReduceSum", inputs: ["attention_mask", one], outputs: ["lengths"], attributes: { keepdims: 0 } },
    { op: "Sub", inputs: ["lengths", one], outputs: ["last_position.long"] },
    { op: "Cast", inputs: ["last_position.long"], outputs: ["last_position"], attributes: { to: 6 } },
    { op: "Shape", inputs: ["attention_mask"], outputs: ["mask_shape"] },
    { op: "Gather", inputs: ["mask_shape", one], outputs: ["total_length.long"], attributes: { axis: 0 } },
    { op: "Cast", inputs: ["total_length.long"], outputs: ["total_length"], attributes: { to: 6 } },
  );
}

/** The head sees the last rows only, as many as asked for. */
function keepLastRows(nodes: Node[], constant: (name: string, value: number) => string): void {
  const first = constant("first_axis", 0);
  nodes.push(
    { op: "Unsqueeze", inputs: ["num_logits_to_keep", first], outputs: ["rows_to_keep"] },
    { op: "Neg", inputs: ["rows_to_keep"], outputs: ["first_row"] },
    { op: "Slice", inputs: ["final", "first_row", constant("beyond", Number.MAX_SAFE_INTEGER), "one"], outputs: ["kept"] },
  );
}
