import crossEntropyShader from "../../shaders/cross_entropy.wgsl?raw";
import gatherShader from "../../shaders/gather_rows.wgsl?raw";
import reportShader from "../../shaders/training_report.wgsl?raw";
import scatterShader from "../../shaders/scatter_rows.wgsl?raw";
import { defineKernel, f32, i32, updated } from "../gpu/defineKernel.ts";

/** Floats of a training report: lm loss, guided loss, sum of squares of the gradient, elements at fault. */
export const REPORT = 4;

export const scatterRows = defineKernel({
  name: "ScatterRows",
  shader: scatterShader,
  inputs: { x: f32("M", "C"), rows: i32("M") },
  output: f32("N", "C"),
  uniforms: { N: "i32" },
  workgroup: 64,
  dispatch: ({ N = 0, C = 0 }) => [Math.ceil(C / 64), N, 1],
  flops: ({ M = 0, N = 0, C = 0 }) => M * N * C,
  reference: ({ x, rows }, { M = 0, N = 0, C = 0 }) => {
    const out = new Float32Array(N * C);
    for (let m = 0; m < M; m++) for (let c = 0; c < C; c++) out[(rows[m] ?? 0) * C + c]! += x[m * C + c] ?? 0;
    return out;
  },
});

/** Rows of x (N, C). Differentiable in x. */
export const gatherRows = defineKernel({
  name: "GatherRows",
  shader: gatherShader,
  inputs: { x: f32("N", "C"), rows: i32("M") },
  output: f32("M", "C"),
  uniforms: {},
  workgroup: 64,
  dispatch: ({ M = 0, C = 0 }) => [Math.ceil(C / 64), M, 1],
  flops: ({ M = 0, C = 0 }) => M * C,
  reference: ({ x, rows }, { M = 0, C = 0 }) =>
    Float32Array.from({ length: M * C }, (_, at) => x[(rows[Math.floor(at / C)] ?? 0) * C + (at % C)] ?? 0),
  gradient: {
    save: ["x", "rows"],
    backward: (dy, { x, rows }) => ({ x: () => scatterRows.run({ x: dy, rows }, { N: x.shape[0] ?? 0 }) }),
  },
});

/** Losses (M) of rows of logits, and the gradient of their mean as the result. */
export const crossEntropy = defineKernel({
  name: "CrossEntropy",
  shader: crossEntropyShader,
  inputs: { logits: f32("M", "V"), labels: i32("M"), losses: updated(f32("M")) },
  output: f32("M", "V"),
  uniforms: {},
  workgroup: 256,
  dispatch: ({ M = 0 }) => [M, 1, 1],
  flops: ({ M = 0, V = 0 }) => 30 * M * V,
  reference: ({ logits, labels, losses }, { M = 0, V = 0 }) => {
    const out = new Float32Array(M * V);
    for (let m = 0; m < M; m++) {
      const row = Array.from(logits.subarray(m * V, (m + 1) * V));
      const highest = Math.max(...row);
      const total = row.reduce((sum, logit) => sum + Math.exp(logit - highest), 0);
      const label = labels[m] ?? 0;
      row.forEach((logit, v) => (out[m * V + v] = (Math.exp(logit - highest) / total - Number(v === label)) / M));
      losses[m] = Math.log(total) + highest - (row[label] ?? 0);
    }
    return out;
  },
});

/** Everything a training step tells the host, (4): see REPORT. */
export const trainingReport = defineKernel({
  name: "TrainingReport",
  shader: reportShader,
  inputs: { losses: f32("M"), probabilities: f32("B", "L", "E"), allocation: f32("B", "L", "E"), tallies: f32("W", "F") },
  output: f32("S"),
  uniforms: { S: "i32" },
  workgroup: 64,
  dispatch: () => [1, 1, 1],
  flops: ({ M = 0, B = 0, L = 0, E = 0, W = 0 }) => M + 12 * B * L * E + 2 * W,
  reference: ({ losses, probabilities, allocation, tallies }, { M = 0, B = 0, W = 0, F = 2 }) => {
    const out = new Float32Array(REPORT);
    losses.forEach((loss) => (out[0]! += loss / M));
    allocation.forEach((assigned, at) => (out[1]! -= (assigned * Math.log(Math.max(probabilities[at] ?? 0, 1.2e-38))) / B));
    for (let w = 0; w < W; w++) {
      out[2]! += tallies[w * F] ?? 0;
      out[3]! += tallies[w * F + 1] ?? 0;
    }
    return out;
  },
});
