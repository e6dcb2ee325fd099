import type { Texts } from "../texts.ts";

export const settings: Texts["settings"] = {
  title: "Einstellungen der Mischung",
  layers: "Schichten mit einer Mischung",
  layersNote: "Spätere Schichten enthalten Fakten; alles unter der ersten von ihnen bleibt unberührt.",
  module: "Gemischtes Modul",
  moduleNote: "Die lineare Schicht in jeder von ihnen, die die Experten bekommt.",
  apply: "Einstellungen anwenden",
  reset: "Zurücknehmen",
  unchanged: "Diese Einstellungen sind in Gebrauch.",
  fresh: "Anwenden beginnt eine neue Mischung; Ihre Änderungen lassen sich dann neu schreiben.",
  improved: "So gelten sie für Paper mode; Improved mode nimmt daraus den Startwert.",
  keeps: "Anwenden behält die Änderungen.",
  failed: "Die Einstellungen wurden nicht angewandt",
  fields: {
    experts: ["Experten N", "LoRA-Adapter in jeder Schicht, unter denen der Router wählt."],
    topK: ["Gewählte k", "Experten, die in jeder Schicht gleichzeitig in Gebrauch sind."],
    rank: ["Rang r", "Breite eines Adapters: mehr fasst mehr und kostet mehr."],
    alpha: ["Alpha", "Die Ausgabe eines Experten wird mit alpha / r skaliert."],
    guidedLossWeight: ["Gewicht der Lenkung λ", "Wie stark die Router zur Zuteilung einer Änderung gezogen werden."],
    learningRate: ["Lernrate", "Schrittweite von Adam. Kleine Modelle brauchen mehr als die 1e-4 des Papers."],
    steps: ["Schritte", "Adam-Schritte für eine Änderung."],
    batchSize: ["Stapelgröße", "Beispiele (Änderung und Umformulierungen) in einem Schritt."],
    hammingThreshold: [
      "Schwelle ε",
      "Im Geltungsbereich, wenn sich der nächste gespeicherte Code in weniger Bits als so vielen unterscheidet.",
    ],
    seed: ["Startwert", "Legt Adapter, Router und Zuteilungen fest: Derselbe Startwert gibt dieselben Änderungen."],
  },
};
