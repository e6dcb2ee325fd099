import { withDecimalSign } from "../../lib/locale.ts";
import { formatFixed } from "../../ui/format.ts";
import type { Texts } from "../texts.ts";

export const routing: Texts["routing"] = {
  whatIf:
    "Was wäre wenn: Eine Spalte zeigt, wohin die Router den Text bis zu diesem Token leiten würden. Das Verfahren leitet nur einmal, am letzten Token des Prompts (die umrandete Spalte), und bleibt beim Erzeugen dabei.",
  chart:
    "Wahrscheinlichkeiten der Router nach Token, Schicht und Experte. Die Pfeiltasten bewegen, Pos1 und Ende gehen zum ersten und letzten Token.",
  chartKind: "Wärmekarte",
  captions: { emphasis: "entscheidet", after: "erzeugt →" },
  layer: (layer) => `Schicht ${layer}`,
  legend: (top) => `Wahrscheinlichkeit des Routers, von 0 bis ${withDecimalSign(String(top))}`,
  picked: "gewählt (Top k)",
  empty: "Geben Sie einen Prompt ein, um sein Routing zu sehen.",
  notLoaded: "Hier wird das Routing gezeichnet, sobald das Modell geladen ist.",
  readoutHint: "Zeigen Sie auf ein Feld, oder gehen Sie in die Wärmekarte und benutzen Sie die Pfeiltasten.",
  readout: (token, layer, expert, probability, picked) =>
    `Token „${token}“ · Schicht ${layer} · Experte ${expert} · Wahrscheinlichkeit ${probability} · ${picked ? "gewählt" : "nicht gewählt"}`,
  ownReadout: (token, layer, edit, nearness, picked) =>
    `Token „${token}“ · Schicht ${layer} · eigener Experte von Änderung ${edit} · Nähe ${nearness} · ${picked ? "in deren Geltungsbereich" : "nicht in deren Geltungsbereich"}`,
  decides: "diese Spalte entscheidet",
  nearestHead: "Bits bis zur nächsten Änderung",
  nearestOwnHead: "Kosinusabstand zur nächsten Änderung",
  generated: "erzeugt, entscheidet nicht",
  asTable: "Als Tabelle zeigen",
  asHeatmap: "Als Wärmekarte zeigen",
  tableCaption: "Wahrscheinlichkeiten der Router für jedes Token; gewählte Experten sind fett.",
  pickedCaption: "Die gewählten Experten für jedes Token, mit ihren Wahrscheinlichkeiten.",
  tokenHead: "Token",
  failed: "Das Routing des Textes ließ sich nicht bestimmen",
};

export const scope: Texts["scope"] = {
  none: "Noch keine Änderungen",
  noneHint: "Ohne Änderung beantwortet das Basismodell jeden Prompt.",
  deferred: "An das Basismodell abgegeben",
  inScope: (edit) => `Es antwortet die Mischung von Änderung ${edit}`,
  ownInScope: (edit) => `Es antworten die eigenen Experten von Änderung ${edit}`,
  imported: "Es antwortet die eingelesene Mischung",
  importedHint: "Sie kam ohne ihre Änderungen: Wo sie gilt, ist nicht bekannt, deshalb beantwortet sie jeden Prompt.",
  unnamed: "Im Prompt steht der Name keiner Änderung.",
  verdict({ nearestEdit, inScope, measure }): string {
    if (nearestEdit === null) return inScope ? scope.imported : scope.none;
    if (!inScope) return scope.deferred;
    return measure === "cosine" ? scope.ownInScope(nearestEdit) : scope.inScope(nearestEdit);
  },
  cosineReason: ({ distance, nearestEdit, threshold, inScope }) =>
    `Am nächsten ist Änderung ${nearestEdit ?? 0}, im Kosinusabstand ${formatFixed(distance ?? 0, 3)}: ${inScope ? "innerhalb" : "außerhalb"} ihres Radius von ${formatFixed(threshold, 3)}.`,
  reason: ({ distance, nearestEdit, threshold, bits, inScope }) =>
    `Am nächsten ist Änderung ${nearestEdit ?? 0}, ${distance ?? 0} von ${bits} Bits entfernt: ${inScope ? "unter" : "nicht unter"} der Schwelle ε = ${threshold}.`,
  gauge: (distances, threshold, bits) =>
    `Hamming-Abstand des Codes des Prompts zu jeder Änderung, von 0 bis höchstens ${bits}; Schwelle ${threshold}. ${distances}`,
  cosineGauge: (distances, radius) =>
    `Kosinusabstand der Anfrage des Prompts zu jeder Änderung, um die es gehen kann; Radius der nächsten ${radius}. ${distances}`,
  tick: (edit, distance) => `Änderung ${edit}: Abstand ${distance}`,
  cosineTick: (edit, distance) => `Änderung ${edit}: Kosinusabstand ${distance}`,
  farther: "abgegeben",
  radius: (radius) => `Radius ${radius}`,
  reach: [
    "Reichweite",
    "Faktor auf den Radius jeder Änderung: Über 1 gelten auch entferntere Prompts als gemeint. Sie zu verstellen lässt die Änderungen, wie sie sind.",
  ],
  inside: "im Geltungsbereich",
  outside: (most) => `abgegeben (höchstens ${most} Bits)`,
  threshold: [
    "Schwelle ε",
    "Im Geltungsbereich, wenn sich der nächste gespeicherte Code in weniger Bits unterscheidet. Sie zu verstellen lässt die Änderungen, wie sie sind.",
  ],
  thresholdShort: (threshold) => `ε ${threshold}`,
  lower: "Schwelle senken",
  raise: "Schwelle heben",
  codes: [
    "Codes",
    "Die in jeder Schicht gewählten Experten, als Bits. Rot umrandet: wo sich der nächste gespeicherte Code einer Änderung von dem des Prompts unterscheidet.",
  ],
  ownCode: "Prompt",
  editCode: (edit) => `Änderung ${edit}`,
  codeSummary: (name, set, bits) => `Code von ${name}: ${set} von ${bits} Bits gesetzt`,
  codeDiffers: (name, distance) => `Code von ${name}: unterscheidet sich in ${distance} Bits von dem des Prompts`,
  bits: (distance) => (distance === 1 ? "1 Bit" : `${distance} Bits`),
};
