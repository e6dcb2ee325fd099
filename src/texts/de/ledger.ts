import type { Texts } from "../texts.ts";

const edits = (count: number): string => (count === 1 ? "1 Änderung" : `${count} Änderungen`);

export const method: Texts["method"] = {
  title: "Verfahren",
  names: { paper: "Paper mode", improved: "Improved mode" },
  hints: {
    paper:
      "Änderungen teilen sich Experten; ein Router wählt sie, und Codes seiner Wahl sagen, welche Änderung antwortet. So wie veröffentlicht.",
    improved:
      "Jede Änderung hat eigene Experten, sodass keine eine andere verdrängt; sie antwortet, wo ihr Gegenstand genannt wird und der Prompt nahe liegt.",
  },
};

export const foresight: Texts["foresight"] = {
  title: "Vor dem Training",
  replaces: (id, answer) => `Tritt an die Stelle von Änderung ${id} („${answer}“): Beide betreffen dieselbe Tatsache.`,
  answered: (id, answer) => `Diesen Prompt beantwortet jetzt Änderung ${id} („${answer}“).`,
  shares: (experts, of, id) =>
    `Teilt ${experts} von ${of} Experten mit Änderung ${id}, die dabei mittrainiert wird und verloren gehen kann.`,
  fewer: (count) => `Teilt weniger Experten mit ${count === 1 ? "einer weiteren Änderung" : `${count} weiteren Änderungen`}.`,
};

export const queue: Texts["queue"] = {
  title: "Warteschlange",
  add: "In die Warteschlange",
  addHint: "Trainiert im Hintergrund, nach denen, die schon warten; Sie können derweil weiterfragen.",
  counts: (waiting, failed, done) =>
    [`${waiting} warten`, failed > 0 ? `${failed} gescheitert` : "", done > 0 ? `${done} fertig` : ""].filter(Boolean).join(" · "),
  pause: "Warteschlange anhalten",
  resume: "Warteschlange fortsetzen",
  paused: "Angehalten",
  pausing: "Hält nach dieser Änderung an",
  empty: "Warteschlange leeren",
  removed: (count) => `${edits(count)} aus der Warteschlange genommen.`,
  takeBack: "Wieder einreihen",
  waiting: "wartet",
  training: "trainiert",
  failed: "gescheitert",
  step: (step, steps) => `Schritt ${step} von ${steps}`,
  cancel: (prompt) => `Aus der Warteschlange nehmen: ${prompt}`,
  retry: (prompt) => `Noch einmal versuchen: ${prompt}`,
  retryShort: "Noch einmal versuchen",
  revise: (prompt) => `Zurück ins Formular: ${prompt}`,
  reviseShort: "Zurück ins Formular",
};

export const imports: Texts["imports"] = {
  open: "Änderungen einlesen…",
  title: "Änderungen einlesen",
  close: "Schließen",
  pick: "Datei mit Änderungen wählen…",
  formats:
    "Eine CSV mit den Spalten prompt und answer (auch subject und rephrasings, wenn es sie gibt), CounterFact, zsRE oder eigene Einträge als JSON. Die Datei bleibt in diesem Browser.",
  drop: "Oder ziehen Sie sie hierher.",
  reading: (name) => `${name} wird gelesen…`,
  failed: "Die Datei ließ sich nicht lesen",
  found: (name, records, problems) =>
    `${name}: ${edits(records)}${problems === 0 ? "" : `, ${problems === 1 ? "1 Fehler" : `${problems} Fehler`}`}`,
  firstOnly: (shown) => `Zur Wahl stehen die ersten ${shown}; teilen Sie die Datei für die übrigen.`,
  limit: "Höchstens",
  limitHint: "Wie viele der gewählten Änderungen in die Warteschlange kommen, von oben.",
  table: "Änderungen der Datei",
  all: "Alle Änderungen der Datei",
  columns: { row: "Zeile", prompt: "Frage", answer: "Antwort", subject: "Gegenstand", rephrasings: "Umformulierungen" },
  choose: (row) => `Zeile ${row} nehmen`,
  wholeFile: "Datei",
  problem: (field, got, expected) => `${field}: ${got} statt ${expected}`,
  moreProblems: (count) => `${count} weitere Fehler sind nicht aufgeführt.`,
  page: (from, to, of) => `Zeilen ${from} bis ${to} von ${of}`,
  earlier: "Zeilen davor",
  later: "Zeilen danach",
  queue: (count) => `${edits(count)} in die Warteschlange`,
};

export const ledger: Texts["ledger"] = {
  undo: "Rückgängig",
  undoHint: "Nimmt den letzten Schritt zurück: Strg+Z",
  redo: "Wiederholen",
  redoHint: "Macht den Schritt noch einmal: Strg+Umschalt+Z",
  check: "Alle prüfen",
  checkHint: "Fragt jede Änderung, die an ist, ob sie noch hält.",
  forgetAll: "Alle vergessen",
  said: {
    forgotten: (id) => `Änderung ${id} ist vergessen.`,
    cleared: (count) => `${edits(count)} vergessen.`,
    rewritten: (count) => `${edits(count)} vom Startwert an neu geschrieben.`,
    dropped: (count) => `${edits(count)} von vorher aufgegeben.`,
    undone: "Der letzte Schritt ist zurückgenommen.",
    redone: "Der Schritt ist wiederholt.",
  },
  takeBack: "Zurücknehmen",
  left: (count) => `${edits(count)} von vorher, mit anderem Verfahren, anderen Einstellungen oder anderem Modell.`,
  leftHint: (name) =>
    `Schreiben Sie sie mit dem Verfahren „${name}“ auf einmal neu, oder einzeln in der Warteschlange, während Sie weitermachen.`,
  rewriteLeft: "Neu schreiben",
  queueLeft: "Alle in die Warteschlange",
  dropLeft: "Nicht behalten",
  order: "Eine andere Reihenfolge ist vorgemerkt.",
  orderHint:
    "Änderungen werden nacheinander geschrieben, und spätere können frühere verdrängen. Das neue Schreiben beginnt beim Startwert.",
  rewrite: "Alle neu schreiben",
  rewriteHint: "Beginnt beim Startwert und schreibt die Änderungen in dieser Reihenfolge.",
  rewriteInOrder: "In dieser Reihenfolge neu schreiben",
  keepOrder: "Reihenfolge lassen",
  rewriting: "Die Änderungen werden neu geschrieben",
  rewritingOne: (done, of) => `Änderung ${done + 1} von ${of} wird neu geschrieben…`,
  cancelRewrite: "Abbrechen und alles lassen",
  row: (id) => `Änderung ${id}`,
  on: (id) => `Änderung ${id} in Kraft`,
  onHint: "Aus: Prompts werden beantwortet, als gäbe es die Änderung nicht.",
  off: "aus",
  forget: (id) => `Änderung ${id} vergessen`,
  forgetShort: "Vergessen",
  details: (id) => `Einzelheiten zu Änderung ${id}`,
  tryShort: "Ausprobieren",
  holds: (probability) => `hält, ${probability}`,
  lost: (id, probability) => `verloren seit Änderung ${id}, ${probability}`,
  fails: (probability) => `hält nicht, ${probability}`,
  standingHint:
    "Ob das Modell nach dem Prompt der Änderung noch die ganze Antwort gibt, und mit welcher Wahrscheinlichkeit, als es zuletzt gefragt wurde.",
  strengthMark: (factor) => `Stärke ${factor}`,
  subject: (subject) => `über ${subject}`,
  moveUp: (id) => `Änderung ${id} nach oben: später schreiben`,
  moveDown: (id) => `Änderung ${id} nach unten: früher schreiben`,
  place: "Reihenfolge",
  placeHint: "Auch mit Alt+↑ und Alt+↓ in der Zeile. Geschrieben wird erst, wenn Sie es sagen.",
};

export const strength: Texts["strength"] = {
  title: "Stärke",
  hint: "Faktor auf die Adapter der Änderung: 1 wie trainiert, 0 als wäre sie aus. Er gilt, sobald Sie loslassen.",
  label: (id) => `Stärke von Änderung ${id}`,
  value: (factor, probability) => (probability === null ? factor : `${factor}, Wahrscheinlichkeit der Antwort ${probability}`),
  reset: "Wie trainiert",
  curve: (points) => `Wahrscheinlichkeit der Antwort nach Stärke: ${points}`,
  curveHint: "Wahrscheinlichkeit der ganzen Antwort nach dem Prompt der Änderung, bei jeder Stärke",
  measuring: "Die Kurve wird gemessen…",
  columns: { strength: "Stärke", probability: "Wahrscheinlichkeit der Antwort" },
};

export const scorecard: Texts["scorecard"] = {
  title: "Zeugnis",
  measuring: "Es wird gemessen, was die Änderung bewirkt hat…",
  measure: "Messen, was sie bewirkt",
  again: "Noch einmal messen",
  failed: "Die Änderung ließ sich nicht messen",
  after: (id) => `gemessen nach Änderung ${id}`,
  reliability: ["Zuverlässigkeit", "Ob der eigene Prompt der Änderung die Antwort bekommt, und mit welcher Wahrscheinlichkeit."],
  rephrasings: ["Umformulierungen", "Wie viele ihrer Umformulierungen die Antwort bekommen."],
  locality: ["Sonst bewahrt", "Prompts, um die es nicht geht, und die die Antwort des Basismodells behalten."],
  lost: ["Verlorene", "Andere Änderungen, die vorher hielten und jetzt nicht mehr."],
  share: (count, of) => (of === 0 ? "keine" : `${count} von ${of}`),
  lostNone: "keine",
  each: "Jeder Prompt",
  columns: { prompt: "Gefragt", outcome: "Ergebnis" },
  yes: "ja",
  no: "nein",
  reached: (probability) => `gibt die Antwort, ${probability}`,
  missed: (probability, deferred) =>
    `gibt sie nicht, ${probability}${deferred ? ": Das Basismodell antwortet, die Änderung wird nicht erreicht" : ""}`,
  kept: (text) => `behält „${text}“`,
  changed: (before, after, edit) => `aus „${before}“ wurde „${after}“${edit === null ? "" : `, durch Änderung ${edit}`}`,
};
