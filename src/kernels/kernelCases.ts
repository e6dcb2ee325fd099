import type { Kernel, Sizes } from "../gpu/defineKernel.ts";
import { encodeFloat16 } from "../lib/float16.ts";
import type { Prng } from "../lib/prng.ts";
import { decodeCases, linearCases } from "./linearCases.ts";

const NORM: readonly Sizes[] = [1, 57, 1001].flatMap((C) => [0, 1].map((centred) => ({ N: C === 57 ? 57 : 3, C, eps: 1e-5, centred })));
const MIXTURE: readonly Sizes[] = [
  { N: 1, B: 1, E: 1, R: 1, I: 1, scale: 1 },
  { N: 57, B: 3, E: 4, R: 32, I: 57, scale: 0.5 },
  { N: 14, B: 2, E: 16, R: 48, I: 1001, scale: 2 },
];
const ATTENTION: readonly Sizes[] = [
  { N: 1, C: 1, K: 1, T: 1, D: 1, M: 1, scale: 1 },
  { N: 57, C: 48, K: 16, T: 19, D: 16, M: 57, scale: 0.25 },
  { N: 26, C: 390, K: 130, T: 13, D: 65, M: 78, scale: 0.12 },
];
const DECODE_ATTENTION: readonly Sizes[] = [
  { X: 2, Y: 2, Z: 2, S: 1, K: 2, C: 2, D: 2, qAt: 0, kAt: 0, vAt: 0, scale: 1 },
  { X: 96, Y: 96, Z: 96, S: 57, K: 16, C: 48, D: 16, qAt: 0, kAt: 48, vAt: 64, scale: 0.25 },
  { X: 520, Y: 260, Z: 261, S: 1001, K: 260, C: 520, D: 130, qAt: 0, kAt: 0, vAt: 1, scale: 0.09 },
];
const ADAM = { beta1: 0.9, beta2: 0.999, rate: 0.01, epsilon: 1e-8, correction1: 0.1, correction2: 0.001, reach: 0.99 };
const ROWS: readonly Sizes[] = [
  { N: 1, M: 1, C: 1 },
  { N: 57, M: 100, C: 57 },
  { N: 100, M: 3, C: 1001 },
];
const ROUTER = [
  { B: 1, I: 1, L: 1, E: 1, topK: 1, Y: 1, Z: 2 },
  { B: 57, I: 57, L: 6, E: 4, topK: 2, Y: 228, Z: 2736 },
  { B: 3, I: 1001, L: 2, E: 64, topK: 7, Y: 192, Z: 768 },
  { B: 130, I: 300, L: 1, E: 5, topK: 5, Y: 650, Z: 1300 },
];
const TABLE: Readonly<Record<string, readonly Sizes[]>> = {
  MixtureOuter: MIXTURE,
  "MixtureOuter/direct": MIXTURE.map((sizes) => ({ ...sizes, I: Math.ceil((sizes["I"] ?? 0) / 4) * 4 })),
  GateGradient: MIXTURE,
  "ShrinkPicked/direct": [
    { I: 16, R: 3, K: 1, M: 1 },
    { I: 64, R: 12, K: 2, M: 6 },
    { I: 1008, R: 130, K: 3, M: 39 },
  ],
  ShrinkPicked: [
    { I: 1, R: 3, K: 1, M: 1 },
    { I: 57, R: 12, K: 2, M: 6 },
    { I: 1001, R: 130, K: 3, M: 39 },
  ],
  Norm: NORM,
  NormDx: NORM,
  Activation: [0, 1, 2, 3].map((kind) => ({ N: 57, C: 1001, kind })),
  ActivationDx: [0, 1, 2, 3].map((kind) => ({ N: 57, C: 1001, kind })),
  Rope: [
    { N: 1, C: 2, S: 1, D: 2, direction: 1 },
    { N: 57, C: 48, S: 57, D: 16, direction: 1 },
    { N: 5, C: 390, S: 1001, D: 130, direction: -1 },
  ],
  Attention: [
    { N: 1, C: 1, K: 1, S: 1, D: 1, start: 0, scale: 1 },
    { N: 57, C: 48, K: 16, S: 130, D: 16, start: 70, scale: 0.25 },
    { N: 1, C: 500, K: 250, S: 1001, D: 250, start: 1000, scale: 0.06 },
    { N: 65, C: 64, K: 64, S: 65, D: 64, start: 0, scale: 0.125 },
  ],
  CopyRows: [
    { N: 1, C: 1, S: 1, start: 0 },
    { N: 57, C: 1001, S: 100, start: 43 },
    { N: 3, C: 57, S: 57, start: 7 },
  ],
  AttentionWeights: ATTENTION,
  AttentionMix: ATTENTION,
  AttentionTurned: ATTENTION,
  AttentionDscores: ATTENTION,
  Adam: [4, 260, 1004].map((N) => ({ N, S: 4, P: 2, W: N === 1004 ? 3 : Math.ceil(N / 256), F: 2, ...ADAM })),
  CrossEntropy: [
    { M: 1, V: 1 },
    { M: 57, V: 57 },
    { M: 3, V: 1001 },
  ],
  GatherRows: ROWS,
  ScatterRows: ROWS,
  TrainingReport: [
    { M: 1, B: 1, L: 1, E: 1, W: 1, F: 2, S: 4 },
    { M: 57, B: 3, L: 2, E: 57, W: 57, F: 2, S: 4 },
    { M: 1001, B: 5, L: 3, E: 7, W: 1001, F: 2, S: 4 },
  ],
  Router: ROUTER.map((sizes) => ({ ...sizes, P: 3 * sizes.E })),
  RouterLayers: ROUTER.map((sizes) => ({ ...sizes, gates: sizes.Z - sizes.L * sizes.Y })),
  RouterGradient: ROUTER.map((sizes) => ({ ...sizes, pull: 0.3 })),
  "DecodeAttention/learned": DECODE_ATTENTION.map((sizes) => ({ ...sizes, M: 3 })),
  "DecodeAttention/rotary": DECODE_ATTENTION.map((sizes) => ({ ...sizes, M: 3, P: sizes["S"] ?? 1 })),
  Sample: [
    { V: 1, M: 3, R: 4, F: 1, topK: 0, topP: 1, temperature: 0, seed: 1 },
    { V: 57, M: 3, R: 12, F: 5, topK: 7, topP: 1, temperature: 0.8, seed: 42 },
    { V: 1001, M: 4, R: 12, F: 5, topK: 0, topP: 0.7, temperature: 1.3, seed: -5 },
  ],
  CodeDistances: [
    { N: 1, L: 1, P: 3, S: 1, W: 1 },
    { N: 57, L: 6, P: 12, S: 57, W: 1 },
    { N: 3, L: 3, P: 171, S: 1001, W: 6 },
    { N: 2, L: 24, P: 192, S: 3, W: 48 },
  ],
};

/** Awkward sizes a kernel is held to its CPU reference at; axes and uniforms alike. */
export function kernelCases(name: string): readonly Sizes[] {
  if (name.startsWith("DecodeLinear/")) return decodeCases(name);
  return /^(Linear|LinearDx|Embed|DecodeEmbed)\//.test(name) ? linearCases(name) : (TABLE[name] ?? []);
}

/** Seeded inputs of the kernel's own shapes: floats in [-1, 1), whole words for packed weights, f16 scales, valid ids. */
export function randomInputs(kernel: Kernel, sizes: Sizes, prng: Prng) {
  const inputs: Record<string, Float32Array | Int32Array> = {};
  const shapes: Record<string, number[]> = {};
  for (const [name, operand] of Object.entries(kernel.spec.inputs)) {
    const shape = operand.axes.map((axis) => sizes[axis] ?? 0);
    const count = shape.reduce((a, b) => a * b, 1);
    shapes[name] = shape;
    inputs[name] = operand.dtype === "int32" ? integers(kernel, name, count, sizes, prng) : floats(name, count, prng);
  }
  if (kernel.spec.inPlace) {
    shapes["result"] = kernel.spec.output.axes.map((axis) => sizes[axis] ?? 0);
    inputs["result"] = floats(
      "result",
      shapes["result"].reduce((a, b) => a * b, 1),
      prng,
    );
  }
  return { inputs, shapes };
}

function integers({ spec }: Kernel, name: string, count: number, sizes: Sizes, prng: Prng): Int32Array {
  const half = (): number => encodeFloat16(prng.uniform(0.001, 0.02));
  const signedHalf = (): number => encodeFloat16(prng.uniform(-1, 1));
  const one: Record<string, () => number> = {
    // Token, position, step: below every table and cache of the case.
    state: () => prng.below(Math.min(sizes["O"] ?? sizes["S"] ?? 2 ** 20, sizes["P"] ?? Infinity)),
    // Where the table is a part, rows of all parts.
    ids: () => prng.below((sizes["O"] ?? 1) + 2 * (sizes["first"] ?? 0)),
    labels: () => prng.below(sizes["V"] ?? 1),
    rows: () => prng.below(sizes["N"] ?? 1),
    codes: () => prng.below(2 ** 32) | 0,
    positions: () => prng.below(sizes["S"] ?? 1),
    picked: () => prng.below(((sizes["R"] ?? 1) * (sizes["K"] ?? 1)) / (sizes["M"] ?? 1)),
    // The upper half of int4m is a minimum, of any sign.
    scales: () => half() | ((spec.name.includes("/int4m") ? encodeFloat16(prng.uniform(-0.16, 0.05)) : half()) << 16),
    // Words of f16 hold two finite numbers; packed ones may be any.
    w: () => (spec.name.includes("/f16") ? signedHalf() | (signedHalf() << 16) : prng.below(2 ** 32) | 0),
  };
  const make = one[name];
  if (!make) throw new Error(`No generator for the integer input ${name}`);
  return Int32Array.from({ length: count }, make);
}

function floats(name: string, count: number, prng: Prng): Float32Array {
  // A third of the gates is zero, as unpicked experts are. Second moments are never negative. Masks are 0 or 1.
  const special: Record<string, () => number> = {
    gates: () => (prng.below(3) === 0 ? 0 : prng.next()),
    moments: () => prng.next(),
    mask: () => Number(prng.below(4) !== 0),
    allocation: () => prng.below(2),
    routed: () => prng.below(2),
    // Nothing at fault so far.
    report: () => 0,
  };
  const make = special[name] ?? (() => prng.uniform(-1, 1));
  return Float32Array.from({ length: count }, make);
}
