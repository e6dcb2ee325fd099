/** What is drawn, and the script that draws it. */
import type { RoutingRows, RoutingTrace, TokenPiece } from "../../src/engine/protocol.ts";
import { createPrng } from "../../src/lib/prng.ts";

/** Tokens of the whole text, mixture layers, experts of each, and how many are picked. */
export const frameShape = { tokens: 512, layers: 48, experts: 16, picked: 2 } as const;

const LAYERS = Array.from({ length: frameShape.layers }, (_, layer) => layer);
const WORDS = [" the", " capital", " of", " France", " is", " a", " city", ",", " and", " Liechtenstein", " in", "."];

export const pieceAt = (token: number): TokenPiece => ({ id: token, text: WORDS[token % WORDS.length] ?? "", special: false });

function rowsOf(tokens: number, seed: number): RoutingRows {
  const { layers, experts, picked: most } = frameShape;
  const prng = createPrng(seed + 1);
  const probabilities = new Float32Array(tokens * layers * experts);
  const picked = new Uint8Array(probabilities.length);
  for (let at = 0; at < probabilities.length; at += experts) {
    const scores = Array.from({ length: experts }, () => Math.exp(prng.uniform(0, 4)));
    const sum = scores.reduce((a, b) => a + b, 0);
    scores.forEach((score, expert) => (probabilities[at + expert] = score / sum));
    const order = [...scores.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
    for (const expert of order.slice(0, most)) picked[at + expert] = 1;
  }
  return { tokens, layers: LAYERS, experts, probabilities, picked };
}

export function traceOf(tokens: number, seed: number): RoutingTrace {
  const code = new Array<number>(frameShape.layers * frameShape.experts).fill(0);
  return {
    pieces: Array.from({ length: tokens }, (_, token) => pieceAt(token)),
    rows: rowsOf(tokens, seed),
    nearest: new Array<null>(tokens).fill(null),
    decidingToken: Math.min(tokens - 1, 40),
    scope: { inScope: false, distance: null, nearestEdit: null, threshold: 12, measure: "bits", bits: code.length, code, distances: [] },
  };
}

const rows = Array.from({ length: 16 }, (_, seed) => rowsOf(1, seed));
export const rowAt = (token: number): RoutingRows => rows[token % rows.length] as RoutingRows;

/** Measures all that the page does in animation frames from now on. */
export function createScript() {
  const frame = window.requestAnimationFrame.bind(window);
  let spent = 0;
  window.requestAnimationFrame = (callback) =>
    frame((time) => {
      const begun = performance.now();
      callback(time);
      spent += performance.now() - begun;
    });
  return {
    /** A frame of the measurement itself; it comes after those that were asked for before. */
    unmeasured: (callback: (time: number) => void): void => void frame(callback),
    /** Milliseconds since it was last asked. */
    take(): number {
      const taken = spent;
      spent = 0;
      return taken;
    },
  };
}
