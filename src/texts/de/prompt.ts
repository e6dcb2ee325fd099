import { formatFixed } from "../../ui/format.ts";
import type { Texts } from "../texts.ts";

export const prompt: Texts["prompt"] = {
  field: "Prompt",
  hint: "Das Modell setzt diesen Text fort. Strg+Eingabe erzeugt die Antwort.",
  examples: "Beispiel-Prompts…",
  generate: "Erzeugen",
  compare: "Vergleichen",
  stop: "Anhalten",
  generateHint: "Den Prompt mit dem geänderten Modell fortsetzen (Strg+Eingabe)",
  compareHint: "Den Prompt zweimal fortsetzen: erst ohne die Änderungen, dann mit ihnen",
  maxTokens: ["Höchstens Token", "Die Antwort endet spätestens nach so vielen Token."],
  decoding: ["Dekodierung", "Gierig nimmt jedes Mal das wahrscheinlichste Token; gezogen lost eines nach den Regeln rechts daneben aus."],
  decodings: { greedy: "Gierig", sampled: "Gezogen" },
  temperature: [
    "Temperatur",
    "Teilt die Logits vor dem Ziehen: unter 1 wird Wahrscheinliches noch wahrscheinlicher, über 1 gleicht sich alles an.",
  ],
  topK: ["Top-k", "Nur die k wahrscheinlichsten Token können gezogen werden."],
  topP: ["Top-p", "Nur die kleinste Menge von Token, deren Wahrscheinlichkeiten zusammen p ergeben, kann gezogen werden."],
  seed: ["Startwert", "Derselbe Startwert zieht dieselben Token."],
  stopAtSentence: ["Am Satzende aufhören", "Endet nach dem ersten Satzende, Zeilenumbruch oder Textende."],
};

export const answers: Texts["answers"] = {
  base: "Basismodell",
  baseHint: "Die Mischungen sind abgeschaltet: was das Modell ohne jede Änderung sagt.",
  edited: "Geändertes Modell",
  editedHint: "Die Abgaberegel entscheidet bei jedem Prompt, ob die Mischungen antworten.",
  empty: { base: "„Vergleichen“ zeigt hier die Antwort ohne Änderungen.", edited: "„Erzeugen“ zeigt hier die Antwort." },
  queued: "Wartet, bis sie an der Reihe ist…",
  cancelled: "Von Ihnen angehalten.",
  otherPrompt: "Antwort auf einen früheren Prompt",
  stopped: { length: "Höchstzahl der Token", end: "Textende", sentence: "Satzende" },
  speed: ["Tempo", "Erzeugte Token pro Sekunde, ohne das Lesen des Prompts."],
  firstToken: ["Erstes Token", "Zeit vom Aufruf bis zum ersten Token, mit dem Lesen des Prompts."],
  ended: ["Ende durch", "Warum die Antwort aufhörte."],
  perSecond: (rate) => `${formatFixed(rate, rate < 10 ? 1 : 0)} Token/s`,
  tokens: "Token der Antwort. Die Pfeiltasten gehen durch sie hindurch.",
  token: (text, probability) => `${text}, Wahrscheinlichkeit ${probability}`,
  card: { id: "Token", probability: "Wahrscheinlichkeit", candidates: "Hier am wahrscheinlichsten" },
};
