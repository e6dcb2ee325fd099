import type { Comparison } from "../../store/linkSlice.ts";
import type { Texts } from "../texts.ts";

const count = (number: number, one: string, many: string): string => (number === 1 ? one : `${number} ${many}`);

export const learn: Texts["learn"] = {
  title: "Lernen",
  open: "Lernen",
  openHint: "Sechs kurze Lektionen, die auf das warten, was Sie tun",
  close: "Schließen",
  loading: "Die Lektionen sind unterwegs…",
  lessons: "Lektionen",
  progress: (done, of) => `${done} von ${of} Schritten`,
  begin: (title) => `„${title}“ beginnen`,
  back: "Alle Lektionen",
  stepOf: (step, of) => `Schritt ${step} von ${of}`,
  steps: "Schritte",
  stepState: (step, title, done) => `Schritt ${step}: ${title}${done ? ", erledigt" : ""}`,
  toDo: "Zu tun",
  waiting: "Wartet auf Sie",
  done: "Erledigt",
  suggestion: "Zum Ausprobieren",
  insert: "Einsetzen",
  insertHint: "Trägt dies in die Felder der Seite ein; der Rest ist Ihre Sache",
  rephrasings: (number) => count(number, "1 Umformulierung", "Umformulierungen"),
  predict: "Erst voraussagen",
  yourPrediction: (choice) => `Ihre Voraussage: ${choice}.`,
  came: (choice) => `Herausgekommen ist: ${choice}.`,
  right: "Sie hatten recht.",
  wrong: "Es kam anders.",
  live: "Jetzt",
  noLive: "Die Zahl kommt mit dem, was Sie tun.",
  hint: "Hinweis",
  next: "Nächster Schritt",
  previous: "Zurück",
  skip: "Überspringen",
  finished: (title) => `„${title}“ ist geschafft.`,
  nextLesson: (title) => `Weiter: ${title}`,
  paperMode: "Diese Lektion handelt von den Codes von Paper mode. Ein anderes Verfahren ist in Gebrauch; die Änderungen bleiben zur Hand.",
  toPaperMode: "Zu Paper mode",
  shrink: "Klein machen",
  grow: "Alles zeigen",
  glossary: "Glossar",
  search: "Im Glossar suchen",
  found: (number) => (number === 0 ? "Kein solches Wort" : count(number, "1 Wort", "Wörter")),
  answers: {
    title: "Antworten",
    note: "Voraussagen bleiben in diesem Tab. Es wird nichts verschickt.",
    name: "Name (freigestellt)",
    nextLearner: "Nächste Person",
    nextLearnerHint: "Fängt von vorn an; die bisherigen Voraussagen bleiben für die Datei",
    count: (number) => count(number, "1 Voraussage", "Voraussagen"),
    download: "CSV herunterladen",
    file: "voraussagen.csv",
    heads: { name: "Name", lesson: "Lektion", step: "Schritt", question: "Frage", prediction: "Voraussage", right: "Richtig" },
    right: "ja",
    wrong: "nein",
  },
  held: {
    locked: "Von der Person gesperrt, die diesen Link gemacht hat: Dieser Teil lässt sich lesen, aber nicht benutzen.",
    some: (hidden, locked) =>
      `Dieser Link blendet ${count(hidden, "einen Teil", "Teile")} der Seite aus und sperrt ${count(locked, "einen", "weitere")}.`,
    showAll: "Alles zeigen und freigeben",
  },
  present: {
    begin: "Vorführen",
    beginHint: "Große Schrift für eine Klasse: links und rechts gehen durch die Schritte, auf und ab bewegen das Licht, Esc beendet",
    end: "Beenden",
    light: "Licht auf",
    noLight: "die ganze Seite",
    keys: "← → Schritte · ↑ ↓ Licht · Esc beendet",
  },
};

export const share: Texts["share"] = {
  open: "Teilen…",
  openHint: "Ein Link oder QR-Code, der dieses Labor in einem anderen Browser wieder aufbaut",
  title: "Dieses Labor teilen",
  close: "Schließen",
  what: "Was in den Link kommt",
  nothing: "Es wird nichts verschickt: Alles steht im Link selbst, als Text, den jede Person lesen kann, die ihn hat.",
  parts: { method: "Verfahren", seed: "Startwert" },
  methods: { paper: "Paper mode", improved: "Improved mode" },
  settings: (changed) => (changed === 0 ? "übliche Einstellungen" : count(changed, "1 Einstellung verändert", "Einstellungen verändert")),
  edits: (number, rephrasings) => (number === 0 ? "keine" : `${number}, mit ${count(rephrasings, "1 Umformulierung", "Umformulierungen")}`),
  noPrompt: "keiner",
  gaps: "Einzelne Änderungen wurden zurückgenommen. Die übrigen werden dort, wo der Link geöffnet wird, vom Startwert an neu trainiert und können andere Codes bekommen. Schreiben Sie erst alle neu, damit beide gleich sind.",
  view: "Beginnen bei",
  viewTop: "dem Anfang der Seite",
  lesson: (title, step) => `Die Lektion „${title}“ bei Schritt ${step} öffnen`,
  controls: "Bedienung für Lernende",
  controlsNote: "Ausgeblendete Teile fehlen auf der Seite der anderen; gesperrte lassen sich lesen, aber nicht benutzen.",
  states: { free: "frei", locked: "gesperrt", hidden: "ausgeblendet" },
  control: {
    threshold: "Schwelle ε",
    rephrasings: "Feld für Umformulierungen",
    settings: "Einstellungen der Mischung",
    decoding: "Dekodierung",
  },
  link: "Link",
  size: (characters, comfortable) =>
    characters <= comfortable
      ? `${characters} Zeichen: Mail und Chat tragen das.`
      : `${characters} Zeichen: Manche Mail- und Chatprogramme kürzen Links von mehr als ${comfortable}.`,
  copy: "Link kopieren",
  copied: "Kopiert.",
  copyFailed: "Der Browser ließ die Seite nicht kopieren. Der Link ist markiert: Kopieren Sie ihn mit Strg+C oder ⌘C.",
  making: "Der Link entsteht…",
  failed: "Für dieses Labor gibt es keinen Link",
  qr: "QR-Code des Links",
  qrTitle: (edits) => `QR-Code: öffnet dieses Labor mit ${count(edits, "1 Änderung", "Änderungen")} in einem anderen Browser`,
  tooLong: "Der Link ist zu lang für einen QR-Code, den Telefone lesen können. Teilen Sie weniger Änderungen, oder kopieren Sie ihn.",
  band: {
    title: "Geteiltes Labor",
    reading: "Der Link wird gelesen…",
    asking: (model) =>
      `Dieser Link handelt von ${model}, einem Modell vom Hugging Face Hub. Es zu laden fragt dort an und kann ein großer Download sein.`,
    accept: "Laden und aufbauen",
    decline: "Beim eingebauten Modell bleiben",
    loading: "Das Modell des Links wird geladen…",
    rebuilding: (done, of) => `Die geteilten Änderungen werden neu trainiert: ${Math.min(done + 1, of)} von ${of}`,
    settingUp: "Wird eingerichtet wie im Link…",
    progress: "Wieder aufgebaute Änderungen",
    stop: "Anhalten",
    done: (edits) =>
      edits === 0
        ? "Das Labor ist eingerichtet wie im Link."
        : edits === 1
          ? "1 Änderung wurde wieder aufgebaut."
          : `${edits} Änderungen wurden wieder aufgebaut.`,
    outcome: (codes: Comparison, answers: Comparison): string => {
      const said: string[] = [];
      if (codes !== "unknown")
        said.push(
          codes === "same" ? "Die Codes sind Bit für Bit dieselben wie beim Absender." : "Einige Codes sind anders als beim Absender.",
        );
      if (answers !== "unknown")
        said.push(
          answers === "same"
            ? "Die Antworten sind Wort für Wort dieselben wie beim Absender."
            : "Einige Antworten sind anders als beim Absender.",
        );
      return said.join(" ");
    },
    different:
      "Eine andere GPU kann Summen anders runden, und Änderungen, die vor dem Teilen zurückgenommen wurden, verändern die nach ihnen.",
    found: (project) => `Diesen Link haben Sie schon einmal geöffnet: Sein Projekt „${project}“ ist offen, so wie Sie es verlassen haben.`,
    afresh: "Aus dem Link neu beginnen",
    stopped: "Der Aufbau wurde angehalten. Was schon da ist, bleibt.",
    failed: "Der Link ließ sich nicht öffnen",
    dismiss: "Schließen",
  },
};
