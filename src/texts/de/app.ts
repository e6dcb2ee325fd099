import { withDecimalSign } from "../../lib/locale.ts";
import type { Texts } from "../texts.ts";

export const app: Texts["app"] = {
  name: "ELDER Lab",
  tagline: "Ändern, was ein Sprachmodell weiß, und sehen, wohin es geleitet wird",
  toContent: "Zum Prompt springen",
  theme: "Farbschema",
  themes: { system: "System", light: "Hell", dark: "Dunkel" },
  language: "Sprache",
  languageFailed: "nicht geladen",
  languageFailedHint: "Die Wörter dieser Sprache ließen sich nicht lesen. Wählen Sie sie noch einmal, wenn die Seite erreichbar ist.",
  software: "Software-Adapter",
  wrongResults: "Ergebnisse können falsch sein",
  pageParts: "Teile der Seite",
  crashed: "Die Seite konnte nicht gezeichnet werden",
  crashedHint: "Das ist ein Fehler des Programms. Laden Sie die Seite neu: Was gesichert war, ist wieder da.",
  reload: "Seite neu laden",
  framed: "Diese Seite läuft nicht innerhalb einer anderen",
  framedHint: "Wer sie hier einbettet, könnte Eigenes über ihre Knöpfe legen.",
  openAlone: "Für sich öffnen",
  status: {
    starting: "GPU wird gestartet…",
    loading: "Modell wird geladen…",
    opening: "Projekt wird geöffnet…",
    configuring: "Mischung wird eingerichtet…",
    training: "Änderung wird trainiert…",
    generating: "Antwort entsteht…",
    stopped: "Angehalten",
    idle: "Bereit",
  },
};

export const regions: Texts["regions"] = {
  model: "Modell",
  prompt: "Prompt",
  answers: "Vorher und nachher",
  edit: "Änderung",
  edits: "Änderungen",
  routing: "Routing",
  scope: "Geltungsbereich",
  device: "Gerät",
  storage: "Browserspeicher",
  projects: "Projekte",
  evaluation: "Auswertung",
};

export const common: Texts["common"] = { retry: "Noch einmal versuchen", cancel: "Abbrechen", none: "–" };

export const issues: Texts["issues"] = {
  missing: "Wählen Sie mindestens eines.",
  "not-a-number": "Geben Sie eine Zahl ein.",
  "not-an-integer": "Geben Sie eine ganze Zahl ein.",
  tooSmall: (limit) => `Geben Sie ${withDecimalSign(String(limit))} oder mehr ein.`,
  tooLarge: (limit) => `Geben Sie ${withDecimalSign(String(limit))} oder weniger ein.`,
};
