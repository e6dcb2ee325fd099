import type {
  DeviceFacts,
  EditFacts,
  KernelProof,
  MethodSettings,
  ModelFacts,
  RoutingRows,
  RoutingTrace,
  ScopeDecision,
  TokenPiece,
} from "../../engine/protocol.ts";
import { hammingDistance } from "../../lib/hamming.ts";
import { nearestCode } from "../selectors.ts";

/** Made-up facts for tests; none of them comes from a model. */
export const fakeSettings: MethodSettings = {
  layers: [4, 5, 6, 7],
  module: "mlp.c_fc",
  experts: 4,
  topK: 2,
  rank: 8,
  alpha: 8,
  guidedLossWeight: 0.01,
  learningRate: 0.001,
  steps: 50,
  batchSize: 4,
  hammingThreshold: 6,
  seed: 1,
};

export const fakeDevice: DeviceFacts = {
  vendor: "test",
  architecture: "fake",
  description: "A made-up device",
  software: true,
  features: ["shader-f16", "subgroups"],
  limits: { maxBufferSize: 268_435_456, maxStorageBufferBindingSize: 134_217_728, maxComputeWorkgroupStorageSize: 16_384 },
  fallbacks: ["timestamp-query is missing: times come from the clock."],
};

export const fakeProofs: readonly KernelProof[] = [
  { kernel: "Norm", variant: "plain", error: 1e-7, tolerance: 2e-5, ok: true, milliseconds: 3 },
  { kernel: "Sample", variant: "plain", error: 3e-6, tolerance: 2e-5, ok: true, milliseconds: 4 },
];

export function fakeModelFacts(settings: MethodSettings): ModelFacts {
  return {
    name: "Atlas (fake)",
    architecture: "gpt2",
    parameters: 7_600_000,
    layers: 8,
    hiddenSize: 256,
    heads: 8,
    vocabularySize: 4096,
    contextLength: 128,
    quantization: "int8, groups of 32",
    weightBytes: 8_100_000,
    method: "paper",
    threshold: settings.hammingThreshold,
    settings,
    imported: false,
    modules: ["mlp.c_fc", "mlp.c_proj"],
    methods: [
      { id: "improved", name: "Improved mode" },
      { id: "paper", name: "Paper mode" },
    ],
  };
}

export function fakePieces(text: string): TokenPiece[] {
  const words = text.match(/\s*[^\s]+/gu) ?? [];
  return words.map((word) => ({ id: Math.floor(hash(word) * 4096), text: word, special: false }));
}

/** Router rows that depend on nothing but the words so far. */
export function fakeRows(pieces: readonly TokenPiece[], from: number, settings: MethodSettings): RoutingRows {
  const { layers, experts, topK } = settings;
  const tokens = pieces.length - from;
  const probabilities = new Float32Array(tokens * layers.length * experts);
  const picked = new Uint8Array(probabilities.length);
  for (let token = 0; token < tokens; token++) {
    const key = pieces
      .slice(Math.max(0, from + token - 1), from + token + 1)
      .map(({ text }) => text)
      .join("");
    for (let layer = 0; layer < layers.length; layer++) {
      const row = (token * layers.length + layer) * experts;
      const scores = Array.from({ length: experts }, (_, expert) => Math.exp(4 * hash(`${key}|${layer}|${expert}`)));
      const sum = scores.reduce((a, b) => a + b, 0);
      scores.forEach((score, expert) => (probabilities[row + expert] = score / sum));
      const order = [...scores.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
      for (const expert of order.slice(0, topK)) picked[row + expert] = 1;
    }
  }
  return { tokens, layers, experts, probabilities, picked };
}

export function fakeTrace(text: string, settings: MethodSettings, edits: readonly EditFacts[]): RoutingTrace {
  const pieces = fakePieces(text);
  const rows = fakeRows(pieces, 0, settings);
  const width = settings.layers.length * settings.experts;
  const code = [...rows.picked.subarray((pieces.length - 1) * width)];
  const scope = fakeScope(code, settings, edits);
  return { pieces, rows, nearest: pieces.map(() => scope.distance), decidingToken: pieces.length - 1, scope };
}

function fakeScope(code: readonly number[], settings: MethodSettings, edits: readonly EditFacts[]): ScopeDecision {
  const distances = edits.map((edit) => ({ edit: edit.id, distance: hammingDistance(nearestCode(edit.codes, code) ?? [], code) }));
  const nearest = [...distances].sort((a, b) => a.distance - b.distance)[0] ?? null;
  const threshold = settings.hammingThreshold;
  return {
    inScope: nearest !== null && nearest.distance < threshold,
    distance: nearest?.distance ?? null,
    nearestEdit: nearest?.edit ?? null,
    threshold,
    bits: code.length,
    code,
    measure: "bits",
    distances,
  };
}

/** A number in [0, 1) that depends on the text alone (FNV-1a). */
function hash(text: string): number {
  let state = 2_166_136_261;
  for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), 16_777_619);
  state = Math.imul(state ^ (state >>> 15), 2_246_822_519);
  return ((state ^ (state >>> 13)) >>> 0) / 4_294_967_296;
}
