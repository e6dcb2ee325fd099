import type { Texts } from "../texts.ts";

export const edit: Texts["edit"] = {
  prompt: "Prompt der Änderung",
  promptHint: "Der Text, dessen Fortsetzung anders werden soll. Er endet unmittelbar vor der Antwort.",
  promptPlaceholder: "The capital of France is",
  answer: "Neue Antwort",
  answerHint: "Was das Modell dort stattdessen sagen soll.",
  answerPlaceholder: "Marseille",
  rephrasings: "Umformulierungen",
  rephrasingsHint:
    "Andere Arten, dasselbe zu fragen, eine je Zeile. Sie werden mit derselben Zuteilung trainiert und helfen der Änderung, auch bei nie gesehenen Formulierungen zu greifen.",
  rephrasingsPlaceholder: "Freigestellt, eine je Zeile",
  subject: "Gegenstand",
  subjectHint:
    "Worum es geht, so wie es im Prompt steht. Improved mode antwortet nur, wo dieser Name vorkommt; ohne Angabe sucht es selbst einen.",
  subjectPlaceholder: "Freigestellt, z. B. France",
  subjectMissing: "Er steht nicht im Prompt.",
  useCurrent: "Aktuellen Prompt übernehmen",
  examples: "Beispieländerungen…",
  train: "Änderung trainieren",
  cancel: "Training abbrechen",
  waiting: (activity) => `Das Training wartet: ${activity}`,
  step: (step, steps) => `Schritt ${step} von ${steps}`,
  preparing: "Wird vorbereitet…",
  progress: "Fortschritt des Trainings",
  cancelled: "Das Training wurde abgebrochen; die bisherigen Änderungen bleiben.",
  failed: "Die Änderung kam nicht zustande",
  lmLoss: "LM-Verlust",
  lmHint: "Mittlere Kreuzentropie der Token der Antwort, in Nats: wie sehr die neue Antwort das Modell überrascht.",
  guidedLoss: "Lenkverlust",
  guidedHint:
    "Summe von −log der Wahrscheinlichkeit des Routers über Schichten und zugeteilte Experten: wie weit die Router von der Zuteilung entfernt sind.",
  lossSummary: (name, first, last) => `${name} von ${first} auf ${last}`,
  noLosses: "Während eine Änderung trainiert, werden hier beide Verluste Schritt für Schritt gezeichnet.",
  stepLabel: "Schritt",
  trained: (id, holds) =>
    holds ? `Änderung ${id} ist trainiert und hält.` : `Änderung ${id} ist trainiert, aber die neue Antwort kommt noch nicht heraus.`,
  trainedHint:
    "Erhöhen Sie unter „Modell“ die Schritte oder die Lernrate, oder ergänzen Sie Umformulierungen, und trainieren Sie noch einmal.",
  tryNext: "Als Nächstes ausprobieren:",
  tryTest: (prompt) => `Umformulierung ausprobieren: ${prompt}`,
  tryUnrelated: (prompt) => `Etwas anderes ausprobieren: ${prompt}`,
};

export const edits: Texts["edits"] = {
  none: "Noch keine Änderungen. Jede, die Sie trainieren, steht dann hier, mit dem, was sie geändert hat.",
  failed: "Die Änderungen ließen sich nicht anpassen",
  tryEdit: (id) => `Änderung ${id} ausprobieren`,
  holds: (holds) => (holds ? "hält" : "hält nicht"),
  holdsHint: (after) => `Gleich nach dem Training antwortete das geänderte Modell „${after}“.`,
  rephrasings: (count) => (count === 1 ? "1 Umformulierung" : `${count} Umformulierungen`),
  seconds: ["Zeit", "Wie lange das Training dauerte."],
  losses: ["Letzte Verluste", "LM-Verlust und Lenkverlust im letzten Schritt."],
  allocation: [
    "Zuteilung",
    "Die Experten, die dieser Änderung vor dem Training in jeder Schicht zugeteilt wurden. Keine zwei Änderungen teilen alle.",
  ],
  allocationCells: (rows) => rows.map((row) => row.join("·")).join("  "),
  lossPair: (lm, guided) => `LM ${lm}, Lenkung ${guided}`,
};
