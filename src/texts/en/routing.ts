import type { ScopeDecision } from "../../engine/protocol.ts";
import { formatFixed } from "../../ui/format.ts";

// The words of the heatmap and of the decision whether an edit answers.

export const routing = {
  whatIf:
    "What if: a column shows where the routers would send the text up to that token. The method routes once, at the prompt's last token (the outlined column), and keeps that choice while it generates.",
  chart: "Router probabilities by token, layer and expert. Arrow keys move, Home and End go to the first and last token.",
  chartKind: "heatmap",
  captions: { emphasis: "decides", after: "generated →" },
  layer: (layer: number) => `layer ${layer}`,
  legend: (top: number) => `Router probability, from 0 to ${top}`,
  picked: "picked (top k)",
  empty: "Type a prompt to see its routing.",
  notLoaded: "The routing is drawn here once the model is loaded.",
  readoutHint: "Point at a cell, or focus the heatmap and use the arrow keys.",
  readout: (token: string, layer: number, expert: number, probability: string, picked: boolean) =>
    `Token “${token}” · layer ${layer} · expert ${expert} · probability ${probability} · ${picked ? "picked" : "not picked"}`,
  ownReadout: (token: string, layer: number, edit: number, nearness: string, picked: boolean) =>
    `Token “${token}” · layer ${layer} · edit ${edit}'s own expert · nearness ${nearness} · ${picked ? "in its scope" : "not in its scope"}`,
  decides: "this column decides",
  nearestHead: "bits to the nearest edit",
  nearestOwnHead: "cosine distance to the nearest edit",
  generated: "generated, does not decide",
  asTable: "Show as table",
  asHeatmap: "Show as heatmap",
  tableCaption: "Router probabilities for each token; picked experts are bold.",
  pickedCaption: "Picked experts for each token, with their router probabilities.",
  tokenHead: "Token",
  failed: "The text could not be routed",
} as const;

export const scope = {
  none: "No edits yet",
  noneHint: "Without an edit every prompt is answered by the base model.",
  deferred: "Deferred to the base model",
  inScope: (edit: number) => `Answered by edit ${edit}'s mixture`,
  ownInScope: (edit: number) => `Answered by edit ${edit}'s own experts`,
  imported: "The imported mixture answers",
  importedHint: "It came without its edits: where it applies is not known, so that it answers every prompt.",
  unnamed: "No edit's name stands in the prompt.",
  verdict({ nearestEdit, inScope, measure }: ScopeDecision): string {
    if (nearestEdit === null) return inScope ? scope.imported : scope.none;
    if (!inScope) return scope.deferred;
    return measure === "cosine" ? scope.ownInScope(nearestEdit) : scope.inScope(nearestEdit);
  },
  cosineReason: ({ distance, nearestEdit, threshold, inScope }: ScopeDecision) =>
    `Nearest is edit ${nearestEdit ?? 0}, a cosine distance of ${formatFixed(distance ?? 0, 3)} away: ${inScope ? "within" : "beyond"} its radius of ${formatFixed(threshold, 3)}.`,
  reason: ({ distance, nearestEdit, threshold, bits, inScope }: ScopeDecision) =>
    `Nearest is edit ${nearestEdit ?? 0}, ${distance ?? 0} of ${bits} bits away: ${inScope ? "below" : "not below"} the threshold ε = ${threshold}.`,
  gauge: (distances: string, threshold: number, bits: number) =>
    `Hamming distance of the prompt's code to each edit, from 0 to at most ${bits}; threshold ${threshold}. ${distances}`,
  cosineGauge: (distances: string, radius: string) =>
    `Cosine distance of the prompt's query to each edit that it may be about; radius of the nearest ${radius}. ${distances}`,
  tick: (edit: number, distance: number) => `Edit ${edit}: distance ${distance}`,
  cosineTick: (edit: number, distance: string) => `Edit ${edit}: cosine distance ${distance}`,
  farther: "deferred",
  radius: (radius: string) => `radius ${radius}`,
  reach: ["Reach", "Factor on every edit's radius: above 1, prompts farther off are in scope too. Changing it keeps the edits."],
  inside: "in scope",
  outside: (most: number) => `deferred (at most ${most} bits)`,
  threshold: ["Threshold ε", "In scope when the nearest stored code differs in fewer bits. Changing it keeps the edits."],
  thresholdShort: (threshold: number) => `ε ${threshold}`,
  lower: "Lower the threshold",
  raise: "Raise the threshold",
  codes: [
    "Codes",
    "The experts picked in each layer, as bits. Red outlines: where an edit's nearest stored code differs from the prompt's.",
  ],
  ownCode: "Prompt",
  editCode: (edit: number) => `Edit ${edit}`,
  codeSummary: (name: string, set: number, bits: number) => `Code of ${name}: ${set} of ${bits} bits set`,
  codeDiffers: (name: string, distance: number) => `Code of ${name}: differs in ${distance} bits from the prompt's`,
  bits: (distance: number) => (distance === 1 ? "1 bit" : `${distance} bits`),
} as const;
