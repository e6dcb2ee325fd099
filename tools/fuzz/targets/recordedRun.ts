/** A recorded run as small as one can be: one layer, two experts, two tokens. */
import { tinySettings } from "../../../src/mixture/testing/methodSettings.ts";
import {
  promptKinds,
  RECORDING_FORMAT,
  RECORDING_VERSION,
  type RecordedAnswer,
  type Recording,
} from "../../../src/panels/recorded/recording.ts";

const piece = { id: 7, text: " a", special: false };
const rowsFor = (tokens: number) => ({
  tokens,
  layers: [3],
  experts: 2,
  probabilities: Array.from({ length: 2 * tokens }, (_, i) => (i % 2 === 0 ? 0.75 : 0.25)),
  picked: Array.from({ length: tokens }, (_, i) => 2 * i),
});
const answer: RecordedAnswer = {
  text: " a",
  stopped: "end",
  trace: {
    pieces: [piece, piece],
    rows: rowsFor(2),
    nearest: [null, 3],
    decidingToken: 1,
    scope: {
      measure: "bits",
      inScope: true,
      distance: 1,
      nearestEdit: 1,
      threshold: 4,
      bits: 8,
      code: [0, 1, 1, 0],
      distances: [{ edit: 1, distance: 1 }],
    },
  },
  tokens: [{ piece, text: " a", probability: 0.5, candidates: [{ id: 7, text: " a", probability: 0.5 }], row: rowsFor(1) }],
};

export const recordedRun: Recording = {
  format: RECORDING_FORMAT,
  version: RECORDING_VERSION,
  model: {
    name: "Tiny",
    architecture: "gpt2",
    parameters: 100,
    layers: 4,
    hiddenSize: 8,
    heads: 2,
    vocabularySize: 16,
    contextLength: 64,
    quantization: "int8",
    weightBytes: 100,
    method: "paper",
    threshold: 4,
    settings: { ...tinySettings, layers: [3], experts: 2, topK: 1 },
    modules: ["mlp.c_fc"],
  },
  edit: {
    id: 1,
    prompt: "P",
    answer: "A",
    rephrasings: ["R"],
    baseAnswer: "B",
    answerAfter: "A",
    holds: true,
    curve: [{ step: 1, steps: 1, lmLoss: 1, guidedLoss: 0, dispatches: 9 }],
    allocation: [[0, 1]],
    codes: [[0, 1, 1, 0]],
  },
  prompts: promptKinds.map((kind) => ({ kind, prompt: "P", before: answer, after: answer })),
};
