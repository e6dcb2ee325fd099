import { withDecimalSign } from "../../lib/locale.ts";
import type { Texts } from "../texts.ts";

export const bench: Texts["bench"] = {
  title: "Leistungsmessung",
  intro:
    "Misst die Kernel und den Trainingsschritt dieses Projekts auf Ihrer GPU gegen dieselbe Rechnung mit den gewöhnlichen Operationen von TF.js, in Runden A B B A. Lassen Sie die Seite dabei in Ruhe: Andere Arbeit auf der GPU macht die Intervalle breit.",
  quick: "Schnell: weniger Runden",
  start: "Messen",
  stop: "Anhalten",
  download: "JSON herunterladen",
  back: "Zurück zum Labor",
  progress: "Fortschritt",
  measuring: (done, total, name) => (name === "" ? `${done} von ${total} gemessen` : `Misst ${done} von ${total}: ${name}`),
  done: "Fertig.",
  stopped: "Vor dem Ende angehalten.",
  adapter: (name, host) => `Auf ${name}, in ${host}.`,
  table: "Verhältnisse mit ihren Intervallen; jede Zahl gilt für eine Einheit Arbeit.",
  columns: ["Gemessen", "Unseres", "Anderes", "Verhältnis", "Ziel", "Aufrufe", "Gebundene Bytes", "Bytes höchstens"],
  milliseconds: (ms, label) => `${withDecimalSign(ms)} ms, ${label}`,
  both: (ours, other) => `${ours} / ${other}`,
  limits: (copy, dispatch) =>
    `Dieser Adapter kopiert ${withDecimalSign(copy)} GB/s; ein leerer Aufruf braucht ${withDecimalSign(dispatch)} µs.`,
  file: "elder-leistung.json",
};
