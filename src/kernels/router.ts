import gradientShader from "../../shaders/router_gradient.wgsl?raw";
import layersShader from "../../shaders/router_layers.wgsl?raw";
import rowsShader from "../../shaders/router_rows.wgsl?raw";
import shader from "../../shaders/router.wgsl?raw";
import { defineKernel, f32, updated, type Sizes } from "../gpu/defineKernel.ts";
import { aligned, tf, viewOf, type Tensor } from "../gpu/tensors.ts";

/** Experts a layer may have: one lane each. */
export const MAX_EXPERTS = 64;

const inputs = { q: f32("B", "I"), w: f32("L", "E", "I"), bias: f32("L", "E") };
type Host = Readonly<Record<keyof typeof inputs, Float32Array | Int32Array>>;
const dispatch = ({ L = 0, B = 0 }: Sizes): [number, number, number] => [L, B, 1];
const flops = ({ B = 0, L = 0, E = 0, I = 0 }: Sizes): number => B * L * E * (2 * I + E + 20);
const check = ({ E = 0, topK = 0 }: Sizes): string | undefined =>
  E <= MAX_EXPERTS && topK >= 1 && topK <= E ? undefined : `top ${topK} of ${E} experts (at most ${MAX_EXPERTS})`;

/** Calls back with each query's probability of each expert, and 1 or 0 for picked. */
function eachExpert(
  { q, w, bias }: Host,
  { B = 0, I = 0, L = 0, E = 0, topK = 0 }: Sizes,
  visit: (b: number, layer: number, e: number, s: number, picked: number) => void,
): void {
  for (let row = 0; row < B * L; row++) {
    const layer = row % L;
    const b = Math.floor(row / L);
    const logits = Array.from({ length: E }, (_, e) => {
      let sum = bias[layer * E + e] ?? 0;
      for (let i = 0; i < I; i++) sum += (w[(layer * E + e) * I + i] ?? 0) * (q[b * I + i] ?? 0);
      return sum;
    });
    const highest = Math.max(...logits);
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit - highest), 0);
    logits.forEach((own, e) => {
      const better = logits.filter((logit, f) => logit > own || (logit === own && f < e)).length;
      visit(b, layer, e, Math.exp(own - highest) / total, better < topK ? 1 : 0);
    });
  }
}

/** All routers in one dispatch; the result (B, L, 3E) is laid out as router_rows.wgsl says. */
export const routerKernel = defineKernel({
  name: "Router",
  shader: `${shader}\n${rowsShader}`,
  inputs,
  output: f32("B", "L", "P"),
  uniforms: { topK: "i32", P: "i32" },
  workgroup: 64,
  dispatch,
  flops,
  check,
  reference: (host, sizes) => {
    const { B = 0, L = 0, E = 0, P = 0 } = sizes;
    const out = new Float32Array(B * L * P);
    eachExpert(host, sizes, (b, layer, e, s, picked) => {
      const at = (b * L + layer) * P + e;
      out[at] = s;
      out[at + E] = s * picked;
      out[at + 2 * E] = picked;
    });
    return out;
  },
});

/** The same with the gates of each layer in one place; the result is laid out as router_layers.wgsl says. */
export const routerLayers = defineKernel({
  name: "RouterLayers",
  shader: `${shader}\n${layersShader}`,
  inputs,
  output: f32("Z"),
  uniforms: { topK: "i32", gates: "i32", Y: "i32", Z: "i32" },
  workgroup: 64,
  dispatch,
  flops,
  check,
  reference: (host, sizes) => {
    const { L = 0, E = 0, gates = 0, Y = 0, Z = 0 } = sizes;
    const out = new Float32Array(Z);
    eachExpert(host, sizes, (b, layer, e, s, picked) => {
      out[(b * L + layer) * E + e] = s;
      out[gates + layer * Y + b * E + e] = s * picked;
    });
    return out;
  },
});

/** Gradients of all routers' weights (the result) and biases, of the guided loss and of whatever the gates go into. */
export const routerGradient = defineKernel({
  name: "RouterGradient",
  shader: gradientShader,
  inputs: {
    q: f32("B", "I"),
    probabilities: f32("B", "L", "E"),
    allocation: f32("B", "L", "E"),
    gates: f32("L", "Y"),
    slopes: f32("L", "Y"),
    biasSlope: updated(f32("L", "E")),
  },
  output: f32("L", "E", "I"),
  uniforms: { pull: "f32" },
  workgroup: 64,
  dispatch: ({ I = 0, L = 0, E = 0 }) => [Math.ceil(I / 256), L * E, 1],
  flops: ({ B = 0, I = 0, L = 0, E = 0 }) => B * L * E * (2 * I + Math.ceil(I / 256) * 4 * E),
  check: ({ B = 0, E = 0, Y = 0 }) => (Y >= B * E ? undefined : `${B} rows of ${E} gates in ${Y} places`),
  reference: ({ q, probabilities, allocation, gates, slopes, biasSlope }, { B = 0, I = 0, L = 0, E = 0, Y = 0, pull = 0 }) => {
    const out = new Float32Array(L * E * I);
    biasSlope.fill(0);
    for (let at = 0; at < B * L * E; at++) {
      const [b, layer, e] = [Math.floor(at / (L * E)), Math.floor(at / E) % L, at % E];
      const [base, row] = [at - e, layer * Y + b * E];
      let mean = 0;
      let assigned = 0;
      for (let f = 0; f < E; f++) {
        mean += (gates[row + f] ?? 0) * (slopes[row + f] ?? 0);
        assigned += allocation[base + f] ?? 0;
      }
      const s = probabilities[at] ?? 0;
      const slope = (gates[row + e] ?? 0) * (slopes[row + e] ?? 0) - s * mean + pull * (s * assigned - (allocation[at] ?? 0));
      biasSlope[layer * E + e]! += slope;
      for (let i = 0; i < I; i++) out[(layer * E + e) * I + i]! += slope * (q[b * I + i] ?? 0);
    }
    return out;
  },
});

/** Router outputs of B queries over L layers. */
export interface RouterOutput {
  /** s, (B, L, E). */
  readonly probabilities: Tensor;
  /** s where picked, else 0, (B, L, E). */
  readonly gates: Tensor;
  /** 1 where picked, (B, L, E). */
  readonly picked: Tensor;
}

/** q (B, I), w (L, E, I), bias (L, E). */
export function route(q: Tensor, w: Tensor, bias: Tensor, topK: number): RouterOutput {
  const P = 3 * (w.shape[1] ?? 0);
  const [probabilities, gates, picked] = tf.tidy(() => tf.split(routerKernel.run({ q, w, bias }, { topK, P }), 3, 2)) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  return { probabilities, gates, picked };
}

/** The gates of L layers for B queries, Y places a layer, and each layer's own (B, E) as views. */
export interface GateRows {
  /** (L, Y) */
  readonly rows: Tensor;
  /** (B, E) of each layer. */
  readonly layers: readonly Tensor[];
}

const placesOf = (batch: number, experts: number): number => aligned(batch * experts);

function gateRows(whole: Tensor, start: number, batch: number, layers: number, experts: number): GateRows {
  const places = placesOf(batch, experts);
  return {
    rows: viewOf(whole, start, [layers, places]),
    layers: Array.from({ length: layers }, (_, l) => viewOf(whole, start + l * places, [batch, experts])),
  };
}

/** Zeros for the gates' slopes, in the layout of the gates. The first is the tensor itself; dispose of it and of the views. */
export function emptyGateRows(batch: number, layers: number, experts: number): { whole: Tensor; rows: GateRows } {
  const whole = tf.zeros([layers * placesOf(batch, experts)]);
  return { whole, rows: gateRows(whole, 0, batch, layers, experts) };
}

/** The routing of a training step, without its gradient; dispose of everything by a tidy around it. */
export function routeLayers(q: Tensor, w: Tensor, bias: Tensor, topK: number): { probabilities: Tensor; gates: GateRows } {
  const [L = 0, E = 0] = w.shape;
  const B = q.shape[0] ?? 0;
  const start = aligned(B * L * E);
  const Y = placesOf(B, E);
  const all = routerLayers.run({ q, w, bias }, { topK, gates: start, Y, Z: start + L * Y });
  return { probabilities: viewOf(all, 0, [B, L, E]), gates: gateRows(all, start, B, L, E) };
}
