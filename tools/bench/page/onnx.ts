/** Writes ONNX models: the few messages of onnx.proto that a graph of known operators needs. */

/** TensorProto.DataType. */
const TYPES = { float32: 1, uint8: 2, int32: 6, int64: 7 } as const;
type ElementType = keyof typeof TYPES;

/** Whole numbers, lists of them, or a float. */
type Attribute = number | readonly number[] | { readonly float: number };

export interface Node {
  readonly op: string;
  /** Absent for ONNX's own operators. */
  readonly domain?: "com.microsoft";
  /** "" leaves an optional one out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

export interface Initializer {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly data: ArrayBufferView;
}

export interface Value {
  readonly name: string;
  readonly type: ElementType;
  /** Names stand for sizes that vary. */
  readonly dims: readonly (number | string)[];
}

export interface Graph {
  readonly nodes: readonly Node[];
  readonly initializers: readonly Initializer[];
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}

const utf8 = new TextEncoder();

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Seven bits a byte, lowest first. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return [...bytes, rest];
}

const WIRE = { varint: 0, bytes: 2, fixed32: 5 } as const;
const tag = (field: number, wire: number): number[] => varint((field << 3) | wire);

/** A whole number, at least 0: none of ours is below. */
const int = (field: number, value: number): Uint8Array => Uint8Array.from([...tag(field, WIRE.varint), ...varint(value)]);

const bytes = (field: number, ...parts: Uint8Array[]): Uint8Array => {
  const content = concat(parts);
  return concat([Uint8Array.from([...tag(field, WIRE.bytes), ...varint(content.length)]), content]);
};

const text = (field: number, value: string): Uint8Array => bytes(field, utf8.encode(value));

const float = (field: number, value: number): Uint8Array =>
  concat([Uint8Array.from(tag(field, WIRE.fixed32)), new Uint8Array(new Float32Array([value]).buffer)]);

/** AttributeProto.AttributeType. */
const ATTRIBUTE = { float: 1, int: 2, ints: 7 } as const;

function attribute(name: string, value: Attribute): Uint8Array[] {
  if (typeof value === "number") return [text(1, name), int(3, value), int(20, ATTRIBUTE.int)];
  if ("float" in value) return [text(1, name), float(2, value.float), int(20, ATTRIBUTE.float)];
  return [text(1, name), ...value.map((item) => int(8, item)), int(20, ATTRIBUTE.ints)];
}

function node({ op, domain, inputs, outputs, attributes = {} }: Node, index: number): Uint8Array[] {
  return [
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(3, `${op}_${index}`),
    text(4, op),
    ...Object.entries(attributes).map(([name, value]) => bytes(5, ...attribute(name, value))),
    ...(domain ? [text(7, domain)] : []),
  ];
}

function initializer({ name, type, dims, data }: Initializer): Uint8Array[] {
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return [...dims.map((size) => int(1, size)), int(2, TYPES[type]), text(8, name), bytes(9, raw)];
}

function valueInfo({ name, type, dims }: Value): Uint8Array[] {
  const shape = dims.map((size) => bytes(1, typeof size === "string" ? text(2, size) : int(1, size)));
  const tensorType = bytes(1, int(1, TYPES[type]), bytes(2, ...shape));
  return [text(1, name), bytes(2, tensorType)];
}

/** A whole model of IR version 8, with ONNX's operators of version 17 and onnxruntime's own. */
export function onnxModel({ nodes, initializers, inputs, outputs }: Graph): Uint8Array<ArrayBuffer> {
  const graph = [
    ...nodes.map((each, index) => bytes(1, ...node(each, index))),
    text(2, "graph"),
    ...initializers.map((each) => bytes(5, ...initializer(each))),
    ...inputs.map((each) => bytes(11, ...valueInfo(each))),
    ...outputs.map((each) => bytes(12, ...valueInfo(each))),
  ];
  const opset = (domain: string, version: number): Uint8Array => bytes(8, text(1, domain), int(2, version));
  return concat([int(1, 8), bytes(7, ...graph), opset("", 17), opset("com.microsoft", 1)]);
}
