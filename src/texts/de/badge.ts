import type { Texts } from "../texts.ts";

export const badge: Texts["badge"] = {
  label: "Was diese Seite kostet",
  loaded: [
    "Geladen",
    "Bytes, die Seite und Rechenkern seit dem Öffnen gelesen haben: gepackt, wie sie über das Netz oder aus dem Zwischenspeicher des Browsers kamen.",
  ],
  atLeast: (bytes: string) => `über ${bytes}`,
  memory: ["GPU-Speicher", "GPU-Speicher, den der Rechenkern belegt, samt Puffern, die auf neue Verwendung warten."],
  speed: ["Tempo", "Token je Sekunde der letzten Antwort, ohne das Lesen des Prompts."],
  perSecond: (rate: number) => `${rate.toLocaleString("de", { maximumFractionDigits: rate < 10 ? 1 : 0 })} Tok/s`,
  requests: [
    "Anfragen",
    "Dateien, die Seite und Rechenkern geholt haben, seit das Modell und alle Teile der Seite da sind. Alles läuft in diesem Tab: Ohne ein weiteres Modell bleibt es bei 0.",
  ],
  last: (address: string) => ` Zuletzt: ${address}`,
  offline: {
    keeping: ["Wird aufgehoben…", "Die Seite und das eingebaute Modell werden in diesem Browser aufgehoben, damit sie ohne Netz aufgehen."],
    kept: [
      "Läuft offline",
      "Die Seite und das eingebaute Modell liegen in diesem Browser: Sie gehen ohne Netz auf und lassen sich ändern.",
    ],
    unable: ["Nur online", "Dieser Browser hebt für diese Seite nichts auf; zum Öffnen braucht sie ihren Server."],
  },
};

export const update: Texts["update"] = {
  title: "Eine neue Version dieser Seite ist da",
  text: "Sie übernimmt, wenn Sie neu laden; was gesichert ist, ist dann wieder da. Bis dahin bleibt alles, wie es ist.",
  reload: "Mit der neuen Version neu laden",
  later: "Später",
  confirmTitle: "Jetzt neu laden?",
  confirmText: (edits) =>
    edits === 1
      ? "Ihre Änderung kann nicht von selbst neu entstehen: Nur dieser Tab kennt ihr Modell, oder eine frühere wurde zurückgenommen. Die neue Version wartet, so lange Sie wollen."
      : `Ihre ${edits} Änderungen können nicht von selbst neu entstehen: Nur dieser Tab kennt ihr Modell, einige wurden zurückgenommen, oder es sind zu viele. Die neue Version wartet, so lange Sie wollen.`,
};
