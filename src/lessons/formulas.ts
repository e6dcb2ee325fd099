import { hammingDistance } from "../lib/hamming.ts";
import type { DoneAnswer } from "../store/acts.ts";
import type { RoutingFrame } from "../store/routingFrames.ts";
import { largestDistance } from "../store/selectors.ts";
import type { Seen } from "./lesson.ts";
import { gives, recalled } from "./seen.ts";

/** The formulas of the lessons, as docs and method have them. */
export type FormulaId = "token" | "answer" | "loss" | "scope" | "gates" | "code" | "distance" | "apart" | "reliability";

/** A symbol of a formula with the value that it has on the page right now. */
export interface LiveValue {
  readonly symbol: string;
  readonly value: number;
  /** share: 0 to 1. */
  readonly kind: "share" | "whole" | "number";
}

const share = (symbol: string, value: number): LiveValue => ({ symbol, value, kind: "share" });
const whole = (symbol: string, value: number): LiveValue => ({ symbol, value, kind: "whole" });
const plain = (symbol: string, value: number): LiveValue => ({ symbol, value, kind: "number" });

const lastAnswer = ({ acts, earlier }: Seen): DoneAnswer | undefined => acts.answers.at(-1) ?? earlier.answers.at(-1);

/**
 * The numbers that a formula makes on the page right now.
 * @param frame the routing on show
 * @returns empty while there are none
 */
export function liveValues(formula: FormulaId, seen: Seen, frame: RoutingFrame | null): readonly LiveValue[] {
  const answer = lastAnswer(seen);
  switch (formula) {
    case "token":
      return answer ? [share("p", answer.first)] : [];
    case "answer":
      return answer ? [share("p", answer.whole)] : [];
    case "loss":
      return lossValues(seen);
    case "scope":
      return answer && answer.distance !== null ? [whole("d", answer.distance), whole("ε", answer.threshold)] : [];
    case "gates":
      return frame ? gateValues(frame) : [];
    case "code":
      return codeValues(seen);
    case "distance":
      return distanceValues(seen);
    case "apart":
      return apartValues(seen);
    case "reliability":
      return reliabilityValues(seen);
  }
}

function lossValues({ state }: Seen): LiveValue[] {
  const { latest } = state.edit;
  const settings = state.model.facts?.settings;
  if (!latest || !settings) return [];
  const { lmLoss, guidedLoss } = latest;
  const weight = settings.guidedLossWeight;
  // Where there are no routers, there is nothing to guide.
  const guided = guidedLoss > 0;
  const both = [plain("L_LM", lmLoss), ...(guided ? [plain("λ", weight), plain("L_guided", guidedLoss)] : [])];
  return [...both, plain("L", guided ? lmLoss + weight * guidedLoss : lmLoss)];
}

/** The gates of the deciding token in the first mixture layer: all of them sum to 1, those that are picked to less. */
function gateValues({ layers, experts, probabilities, picked, decidingToken }: RoutingFrame): LiveValue[] {
  const at = decidingToken * layers.length * experts;
  const own = probabilities.subarray(at, at + experts);
  const chosen = Array.from(own).filter((_, expert) => picked[at + expert] === 1);
  const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);
  return [...chosen.map((value, i) => share(`s${i + 1}`, value)), share("Σ k", sum(chosen)), share("Σ N", sum(own))];
}

function codeValues({ state }: Seen): LiveValue[] {
  const code = state.routing.scope?.code ?? [];
  const settings = state.model.facts?.settings;
  if (code.length === 0 || !settings) return [];
  const set = code.filter((bit) => bit === 1).length;
  return [whole("L", settings.layers.length), whole("k", settings.topK), whole("L·k", set), whole("L·N", code.length)];
}

/** Of the last two different texts. */
function distanceValues({ acts, earlier }: Seen): LiveValue[] {
  const [before, last] = [...earlier.routed, ...acts.routed].slice(-2);
  if (!before || !last || before.code.length !== last.code.length) return [];
  return [whole("H", hammingDistance(before.code, last.code))];
}

/** Codes that are drawn at random share an expert of a layer with probability k/N. */
function apartValues({ state }: Seen): LiveValue[] {
  const settings = state.model.facts?.settings;
  if (!settings) return [];
  const { layers, topK, experts, hammingThreshold } = settings;
  const mean = 2 * layers.length * topK * (1 - topK / experts);
  return [plain("E[H]", mean), whole("H_max", largestDistance(settings)), whole("ε", hammingThreshold)];
}

function reliabilityValues(seen: Seen): LiveValue[] {
  const asked = recalled(seen);
  if (asked.length === 0) return [];
  const held = asked.filter(({ edit, text }) => gives(text, edit)).length;
  return [whole("n", asked.length), whole("Σ", held), share("R", held / asked.length)];
}
