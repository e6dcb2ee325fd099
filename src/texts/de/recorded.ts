import type { Texts } from "../texts.ts";

export const recorded: Texts["recorded"] = {
  title: "Aufgezeichneter Lauf",
  mark: [
    "Aufzeichnung",
    "In diesem Bereich wird gerade nichts berechnet. Er zeigt, was mit diesem Programm am eingebauten Modell aufgezeichnet wurde; derselbe Startwert ergibt dieselben Zahlen.",
  ],
  from: (model: string, quantization: string, seed: number) => `${model}, ${quantization}, Startwert ${seed}`,
  until: "Bis das Modell da ist, läuft eine Aufzeichnung; danach sind dieselben Bereiche live.",
  instead: "Das ist eine Aufzeichnung: Hier gibt es kein laufendes Modell.",
  missing: "Der aufgezeichnete Lauf lässt sich nicht zeigen",
  ready: "Das Modell ist bereit.",
  goLive: "Zum laufenden Modell",
  play: "Abspielen",
  again: "Noch einmal",
  pause: "Anhalten",
  back: "Vorige Szene",
  forth: "Nächste Szene",
  scenes: "Szenen",
  scene: { ask: "Vorher", train: "Änderung", edited: "Nachher", rephrased: "Umformuliert", unrelated: "Anderes" },
  ask: (prompt: string, answer: string) => `„${prompt}“ Das Basismodell setzt fort: „${answer}“`,
  train: (answer: string, steps: number) =>
    `Eine Änderung wird trainiert: Die Antwort soll „${answer}“ lauten. ${steps} Schritte in den Experten, die der Änderung zugeteilt sind.`,
  edited: (prompt: string, answer: string) => `Noch einmal derselbe Prompt: „${prompt}“ geht jetzt so weiter: „${answer}“`,
  rephrased: (prompt: string, inScope: boolean) =>
    inScope
      ? `Worte, mit denen nie trainiert wurde: „${prompt}“ Die Router wählen fast dieselben Experten, also antwortet die Änderung.`
      : `Worte, mit denen nie trainiert wurde: „${prompt}“ Die Router wählen andere Experten, also antwortet das Basismodell.`,
  unrelated: (prompt: string, inScope: boolean) =>
    inScope
      ? `Etwas anderes: „${prompt}“ Es liegt so nah an der Änderung, dass sie auch hier antwortet.`
      : `Etwas anderes: „${prompt}“ Die Router wählen andere Experten, also antwortet das Basismodell wie zuvor.`,
  draft: { prompt: "Prompt der Änderung", answer: "Neue Antwort", rephrasings: "Umformulierungen, mit denen trainiert wird" },
};
