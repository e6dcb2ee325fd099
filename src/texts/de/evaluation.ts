import { formatCount } from "../../ui/format.ts";
import type { Texts } from "../texts.ts";

const plural = (count: number, one: string, many: string): string => `${formatCount(count)} ${count === 1 ? one : many}`;
const ofEdits = (count: number): string => plural(count, "Änderung", "Änderungen");

export const evaluation: Texts["evaluation"] = {
  intro:
    "Schreibt viele Änderungen mit einem Verfahren nacheinander und misst unterwegs, was noch hält. Was dabei geschrieben wird, bleibt für sich: Weder das Modell noch Ihre Änderungen werden anders, und Sie können währenddessen weiterfragen.",
  show: "Auswertung vorbereiten",
  hide: "Vorbereitung ausblenden",
  inHeader: (done, of) => (of === null ? "wertet aus…" : `wertet aus: ${done} von ${of}`),
  edits: {
    title: "Änderungen, die ausgewertet werden",
    builtIn: "Mitgelieferte Änderungen",
    builtInHint:
      "Über tausend geänderte Fakten des mitgelieferten Modells, mit Umformulierungen und Prompts, die ihre Antwort behalten sollen",
    pick: "Datei wählen…",
    pickHint:
      "CounterFact (auch wie mit ROME veröffentlicht), zsRE, eigene Datensätze als JSON oder JSON-Zeilen, oder eine CSV mit den Spalten prompt und answer",
    drop: "Oder hier ablegen: CounterFact, zsRE, JSON, JSON-Zeilen oder CSV. Die Datei wird gelesen, wo sie ist; nichts wird irgendwohin geschickt.",
    reading: (name) => `Liest ${name}…`,
    failed: "Diese Änderungen lassen sich nicht benutzen",
    again: "Noch einmal versuchen",
    from: (name, file) => (file.startsWith(name) ? name : `${name} (${file})`),
    counts: {
      records: ["Änderungen", "Fakten, die anders werden sollen, jeder mit seiner neuen Antwort."],
      rephrasings: ["Umformulierungen", "Andere Formulierungen, aus denen das Verfahren lernt, über alle Änderungen."],
      heldOut: ["Zurückgehalten", "Umformulierungen, die das Verfahren nie sieht: An ihnen misst sich die Verallgemeinerung."],
      near: ["Nahe", "Prompts zum selben Gegenstand oder zur selben Beziehung, die die Antwort des Basismodells behalten sollen."],
      far: ["Ferne", "Andere Fakten, Fragen und Prosa, die die Antwort des Basismodells behalten sollen."],
      prose: ["Einfache Texte", "Texte, deren Perplexität zeigt, ob das Modell noch liest wie zuvor."],
    },
    first: "Die ersten Änderungen",
    columns: { prompt: "Ausgangstext", answer: "Neue Antwort", more: "Dazu" },
    more: (rephrasings, heldOut, locality) =>
      `${plural(rephrasings, "Umformulierung", "Umformulierungen")}, ${heldOut} zurückgehalten, ${locality} zu bewahren`,
    problems: (count) => `${plural(count, "Problem", "Probleme")} in der Datei; fehlerhafte Zeilen bleiben weg`,
    problemColumns: { row: "Zeile", field: "Feld", got: "Gefunden", expected: "Erwartet" },
    wholeFile: "Datei",
    moreProblems: (count) => `und ${count} weitere`,
  },
  form: {
    title: "Lauf",
    method: ["Verfahren", "Wie die Änderungen geschrieben werden; README und Dokumentation sagen, was jedes tut."],
    noMethod: "Erst ein Modell laden",
    numbers: {
      limit: ["Höchstens Änderungen", "So viele aus der Datei, in einer Reihenfolge, die der Startwert mischt."],
      every: ["Messen nach je", "Änderungen zwischen zwei Messpunkten; an jedem werden alle bisherigen Änderungen gemessen."],
      seed: ["Startwert", "Derselbe Startwert gibt dieselbe Reihenfolge, dieselben Änderungen und dasselbe Ergebnis."],
    },
    start: "Starten",
    pause: "Pause",
    resume: "Weiter",
    stop: "Anhalten",
    stopHint: "Beendet den Lauf; was bisher gemessen wurde, bleibt auf der Seite",
    waiting: {
      model: "Wartet auf ein Modell.",
      edits: "Wartet auf Änderungen.",
      numbers: "Wartet auf lesbare Zahlen.",
    },
    slow: "Das ist ein Software-Adapter: Eine Änderung dauert Sekunden.",
    slowUnknown: (edits) =>
      `${ofEdits(edits)} ${edits === 1 ? "kann" : "können"} sehr lange dauern. Wie lange, zeigen die ersten Änderungen; Sie können jederzeit anhalten, und was gemessen wurde, bleibt.`,
    slowKnown: (edits, time) =>
      `Im Tempo des letzten Laufs ${edits === 1 ? "dauert" : "dauern"} ${ofEdits(edits)} ${time}, das Messen nicht gerechnet.`,
  },
  progress: {
    label: "Fortschritt der Auswertung",
    starting: "Beginnt…",
    editing: (next, of) => `Schreibt Änderung ${Math.min(next, of)} von ${of}`,
    measuring: (after, done, of) => `Misst nach ${ofEdits(after)}: ${done} von ${of}`,
    pausing: "Pause nach diesem Schritt…",
    held: "Pausiert",
    done: ["Änderungen fertig", "Bisher genommene Datensätze; auch solche zählen, die sich nicht schreiben lassen."],
    doneText: (done, of) => `${done} von ${of}`,
    speed: ["Zeit je Änderung", "Mittel der letzten zwanzig Änderungen, das Messen nicht gerechnet."],
    left: ["Restzeit", "Im Tempo der letzten Änderungen und Messpunkte."],
    leftText: (time, atLeast) => (atLeast ? `über ${time}` : `etwa ${time}`),
    leftUnknown: "bekannt nach drei Änderungen",
    refused: ["Abgelehnt", "Datensätze, die sich nicht schreiben lassen, etwa weil das Basismodell schon so antwortet."],
    long: (time) => `In diesem Tempo dauert es noch etwa ${time}.`,
    longHint: "Anhalten beendet es; was bisher gemessen wurde, bleibt. Weniger Änderungen dauern kürzer.",
  },
  ended: {
    stopped: "Angehalten. Was bisher gemessen wurde, bleibt unten stehen.",
    stoppedEarly: "Angehalten, bevor etwas gemessen war.",
    failed: "Die Auswertung endete vorzeitig",
  },
  results: {
    title: "Ergebnisse",
    loading: "Diagramme werden geladen…",
    notLoaded: "Die Diagramme konnten nicht geladen werden",
    notLoadedHint:
      "Die Dateien der Seite sind nicht erreichbar. Laden Sie die Seite neu, wenn sie es wieder sind, und fangen Sie noch einmal an.",
    way: ["Gemessen durch", "Es sind zwei verschiedene Größen; sie werden nie zusammen gezeichnet oder aufgelistet."],
    ways: {
      free: [
        "Freie Dekodierung",
        "Das Modell antwortet selbst, gierig; ein Prompt zählt, wenn die ganze Antwort die gewünschte ist. Gezählt werden Prompts.",
      ],
      teacherForced: [
        "Mit Vorgabe",
        "Das Modell bekommt die richtige Antwort Stück für Stück vorgegeben (teacher forcing), und jedes nächste Token, das es wählen würde, zählt. Leichter, und was die meisten Paper berichten. Gezählt werden Token.",
      ],
    },
    metrics: {
      reliability: ["Zuverlässigkeit", "Anteil der bisherigen Änderungen, deren eigener Prompt die neue Antwort gibt."],
      generalization: ["Verallgemeinerung", "Dasselbe an Umformulierungen, die das Verfahren nie sah."],
      localityNear: [
        "Lokalität, nah",
        "Anteil der Prompts zum selben Gegenstand oder zur selben Beziehung, die die Antwort des Basismodells behalten.",
      ],
      localityFar: ["Lokalität, fern", "Anteil anderer Fakten, Fragen und Prosa, die die Antwort des Basismodells behalten."],
    },
    retention: [
      "Perplexitätsverhältnis",
      "Perplexität an einfachen Texten, geändertes Modell durch Basismodell: Bei 1 werden sie gelesen wie zuvor.",
    ],
    after: "Nach Änderung",
    curve: (metric, way, ends) =>
      ends.length === 0 ? `${metric}, ${way}: nichts gemessen` : `${metric} über die Änderungen, ${way}. ${ends.join(". ")}`,
    curveEnd: (run, value, edits) => `${run}: ${value} nach ${ofEdits(edits)}`,
    side: [
      "Verfahren nebeneinander",
      "Der letzte Stand jedes Laufs. Striche: 95 % von 2000 Ziehungen der Änderungen des Laufs mit Zurücklegen; bekannt, sobald ein Lauf zu Ende ist.",
    ],
    interval: (low, high) => `${low} bis ${high}`,
    intervalHint: "95-%-Intervall über die Änderungen dieses Laufs (Bootstrap)",
    csv: {
      value: "Wert",
      metric: "Größe",
      way: "gemessen mit",
      share: "Anteil",
      low: "95 % unten",
      high: "95 % oben",
      hits: "Treffer",
      of: "von",
    },
    runs: "Läufe in diesem Tab",
    runFacts: (edits, seed, model) => `${edits}, Startwert ${seed}, ${model}`,
    status: { running: "läuft", done: "fertig", stopped: "angehalten", failed: "gescheitert" },
    table: (way) => `Der letzte Stand jedes Laufs, ${way}: Anteil, und Treffer von allen.`,
    columns: { run: "Lauf", edits: ["Änderungen", "Geschriebene Änderungen, und abgelehnte Datensätze."] },
    editsText: (written, refused) => (refused === 0 ? `${written}` : `${written} (${refused} abgelehnt)`),
    count: (hits, of) => `${hits}/${of}`,
    nothing: "Die Datei hat keine solchen Prompts",
    download: "JSON herunterladen",
    downloadOne: (run) => `Das Ergebnis von ${run} als JSON herunterladen`,
    downloadHint: "Das Ergebnis, wie npm run evaluate es schreibt, für --merge",
    downloadLater: "Die Datei gibt es, sobald der Lauf zu Ende ist",
    removed: (run) => `${run} ist entfernt.`,
    takeBack: "Zurückholen",
    remove: "Entfernen",
    removeOne: (run) => `${run} von der Seite entfernen`,
    refusedTitle: (count) => `${plural(count, "Datensatz", "Datensätze")} abgelehnt`,
    file: (method, edits, seed) =>
      `auswertung ${method} ${edits} startwert ${seed}`
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/gu, "-")
        .concat(".json"),
  },
  matrix: {
    title: "Welche Änderungen halten, und seit wann nicht",
    hint: "Eine Spalte je Änderung, in der Reihenfolge des Schreibens; eine Zeile je Messpunkt. Freie Dekodierung des eigenen Prompts der Änderung.",
    run: ["Lauf", "Wessen Änderungen gezeigt werden."],
    label:
      "Änderungen über die Zeit: eine Spalte je Änderung, eine Zeile je Messpunkt. Die Pfeiltasten bewegen, Pos1 und Ende gehen zur ersten und letzten Änderung.",
    kind: "Verlaufsmatrix",
    holds: "hält",
    lost: "verloren",
    readoutHint: "Zeigen Sie auf ein Feld, oder gehen Sie in das Bild und benutzen Sie die Pfeiltasten.",
    readout: (edit, id, after, state) => `Änderung ${edit} (${id}), nach ${ofEdits(after)}: ${state}`,
    states: ["noch nicht geschrieben", "hält", "hält nicht"],
    asTable: "Als Tabelle zeigen",
    asPicture: "Als Bild zeigen",
    caption: "Jede Änderung und was aus ihr wurde",
    columns: { edit: "Änderung", id: "Datensatz", now: "Am Ende", history: "An den Messpunkten" },
    change: (holds, after) => `${holds ? "hält" : "verloren"} nach ${after}`,
  },
};
