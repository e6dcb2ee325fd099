import type { Texts } from "../texts.ts";

const count = (number: number): string => (number === 1 ? "1 Befehl" : `${number} Befehle`);

export const palette: Texts["palette"] = {
  open: "Befehle",
  hint: "Alles, was die Seite kann, beim Namen",
  title: "Alle Befehle",
  close: "Schließen",
  search: "Was möchten Sie tun?",
  found: (number) => (number === 0 ? "Kein solcher Befehl. Versuchen Sie es mit einem kürzeren Wort." : count(number)),
  notNow: "jetzt nicht",
  notNowHint: "Dieser wartet auf etwas: auf das Modell, auf eine laufende Antwort oder darauf, dass es etwas zu tun gibt.",
  groups: { ask: "Fragen", edit: "Ändern", look: "Ansehen", learn: "Lernen", model: "Modell", go: "Gehe zu", page: "Seite" },
  goTo: (place) => `Gehe zu: ${place}`,
  theme: (theme) => `Farbschema: ${theme}`,
  language: (name) => `Sprache: ${name}`,
  writePrompt: "Prompt schreiben",
  compare: "Basismodell und geändertes Modell vergleichen",
  stop: "Anhalten, was gerade läuft",
  greedy: "Gierig dekodieren",
  sampled: "Token zufällig ziehen",
  writeEdit: "Änderung schreiben",
  undo: "Letzten Schritt zurücknehmen",
  redo: "Schritt wiederholen",
  checkEdits: "Prüfen, ob alle Änderungen halten",
  forgetEdits: "Alle Änderungen vergessen",
  method: (name) => `Verfahren: ${name}`,
  startEvaluation: "Auswertung beginnen",
  pauseEvaluation: "Auswertung unterbrechen",
  resumeEvaluation: "Auswertung fortsetzen",
  stopEvaluation: "Auswertung beenden",
  learn: "Lernen: alle Lektionen",
  closeLearn: "Lektionen schließen",
  present: "Einer Klasse vorführen",
  endPresenting: "Vorführung beenden",
  stopProof: "Kernel-Nachweis anhalten",
  keyboard: "Tastatur",
  bench: "Leistungsmessung, in einem neuen Tab",
  everywhere: "Überall",
  keyNames: { Ctrl: "Strg", Shift: "Umschalt", Enter: "Eingabe", Home: "Pos1", End: "Ende" },
  places: {
    over: { title: "In dem, was über der Seite liegt", does: ["durch die Befehle gehen", "schließen"] },
    fields: { title: "Im Prompt und in den Umformulierungen", does: ["Antwort erzeugen oder Änderung trainieren"] },
    tokens: {
      title: "Auf den Token einer Antwort",
      does: ["von Token zu Token, mit seinen Zahlen", "zum ersten, zum letzten", "die Zahlen schließen"],
    },
    heatmap: { title: "Auf einer Wärmekarte", does: ["von Feld zu Feld, jedes wird vorgelesen", "zum ersten Token, zum letzten"] },
    presenting: { title: "Beim Vorführen", does: ["einen Schritt zurück, einen weiter", "das Licht bewegen", "beenden"] },
  },
};

export const guide: Texts["guide"] = { title: "Anleitung", close: "Schließen" };
