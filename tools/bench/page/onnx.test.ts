import { expect, test } from "vitest";
import { packedWeight, randomFloats } from "../../../src/bench/fixtures.ts";
import { quantizeTensor } from "../../../src/weights/quantize.ts";
import { packedInitializers, productNode, scalesOf } from "./gpt2Onnx.ts";
import { onnxModel } from "./onnx.ts";

/** The fields of a protobuf message, in order: [number, whole number or bytes]. */
function fieldsOf(message: Uint8Array): [number, number | Uint8Array][] {
  const fields: [number, number | Uint8Array][] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message[at++] ?? 0;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const wire = tag & 7;
    if (wire === 0) fields.push([tag >> 3, varint()]);
    else {
      const length = wire === 5 ? 4 : varint();
      fields.push([tag >> 3, message.subarray(at, at + length)]);
      at += length;
    }
  }
  return fields;
}
const all = (message: Uint8Array, field: number): (number | Uint8Array)[] =>
  fieldsOf(message)
    .filter(([number]) => number === field)
    .map(([, value]) => value);
const texts = (message: Uint8Array, field: number): string[] =>
  all(message, field).map((value) => new TextDecoder().decode(value as Uint8Array));
const inner = (message: Uint8Array, field: number, index = 0): Uint8Array => all(message, field)[index] as Uint8Array;

test("a model of one packed product has its node, its bytes and its shapes where onnx.proto has them", () => {
  const host = packedWeight("int4", 8, 64, 1);
  const model = onnxModel({
    nodes: [productNode("x", "w", host, "y", "b")],
    initializers: packedInitializers("w", host),
    inputs: [{ name: "x", type: "float32", dims: ["rows", 64] }],
    outputs: [{ name: "y", type: "float32", dims: ["rows", 300] }],
  });
  expect(all(model, 1)).toEqual([8]);
  expect([texts(inner(model, 8, 0), 1), all(inner(model, 8, 0), 2)]).toEqual([[""], [17]]);
  expect([texts(inner(model, 8, 1), 1), all(inner(model, 8, 1), 2)]).toEqual([["com.microsoft"], [1]]);
  const graph = inner(model, 7);
  const node = inner(graph, 1);
  expect(texts(node, 1)).toEqual(["x", "w", "w.scales", "", "", "b"]);
  expect([texts(node, 2), texts(node, 4), texts(node, 7)]).toEqual([["y"], ["MatMulNBits"], ["com.microsoft"]]);
  const attributes = (all(node, 5) as Uint8Array[]).map((attribute) => [
    texts(attribute, 1)[0],
    all(attribute, 3)[0],
    all(attribute, 20)[0],
  ]);
  expect(attributes).toEqual([
    ["K", 64, 2],
    ["N", 8, 2],
    ["bits", 4, 2],
    ["block_size", 32, 2],
  ]);
  const words = inner(graph, 5);
  expect([all(words, 1), all(words, 2), texts(words, 8)]).toEqual([[8, 2, 16], [2], ["w"]]);
  expect(inner(words, 9)).toEqual(new Uint8Array(host.words.buffer));
  const shape = inner(inner(inner(inner(graph, 12), 2), 1), 2);
  expect([texts(inner(shape, 1, 0), 2), all(inner(shape, 1, 1), 1)]).toEqual([["rows"], [300]]);
});

test("scales are those of the groups, in order, without padding", () => {
  const data = randomFloats(3, 3 * 32);
  const host = quantizeTensor({ name: "w", shape: [3, 32], format: "f32", data }, 4);
  expect(host.scales.length).toBe(2);
  const scales = scalesOf(host);
  expect(scales).toHaveLength(3);
  for (const [row, scale] of scales.entries()) {
    const largest = Math.max(...data.subarray(row * 32, row * 32 + 32).map(Math.abs));
    expect(Math.abs(scale) * 8).toBeGreaterThan(largest * 0.75);
    expect(Math.abs(scale) * 8).toBeLessThan(largest * 1.4);
  }
});
