import type { Texts } from "../texts.ts";

export const storage: Texts["storage"] = {
  reading: "Sieht nach, was aufgehoben ist…",
  unavailable:
    "Dieser Browser hebt für diese Seite nichts auf, etwa in einem privaten Fenster oder bei gesperrten Websitedaten: Modelle werden jedes Mal neu gelesen.",
  used: (used, quota) => `${used} belegt von ${quota}, die der Browser erlaubt`,
  usedLabel: "Belegter Speicher",
  unknownQuota: "Der Browser sagt nicht, wie viel er erlaubt.",
  empty: "Es sind keine Modelle aufgehoben.",
  caption: "Aufgehobene Modelle",
  columns: { model: "Modell", format: "Gewichte", size: "Größe", kept: "Seit", actions: "Was tun" },
  unfinished: "Unfertige Downloads",
  progress: (name) => `Heruntergeladen von ${name}`,
  load: "Laden",
  loadOne: (name) => `${name} laden`,
  goOn: "Weiter…",
  goOnOne: (name) => `Mit ${name} weitermachen`,
  remove: "Entfernen",
  removeOne: (name) => `${name} entfernen`,
  removed: "Entfernt",
  removedText:
    "Lässt sich zurückholen, bis diese Seite das nächste Mal geöffnet wird oder ein Modell, das aufgehoben werden soll, den Platz braucht.",
  putBack: "Zurückholen",
  putBackOne: (name) => `${name} zurückholen`,
  free: (bytes) => `${bytes} jetzt freigeben…`,
  freeTitle: "Den Platz endgültig freigeben?",
  freeText: (bytes) =>
    `Was entfernt wurde, belegt ${bytes}. Danach lässt es sich nicht mehr zurückholen: Um es wieder zu laden, braucht es seine Dateien noch einmal, also den ganzen Download.`,
  freeConfirm: "Freigeben",
  keep: "Noch nicht",
  failed: "Der Speicher konnte nicht benutzt werden",
  persisted: "Der Browser hat zugesagt, ihn nicht von sich aus zu leeren.",
  notPersisted: "Der Browser kann ihn leeren, wenn der Platz knapp wird.",
  persist: "Den Browser bitten, es zu lassen",
  asking: "Der Browser wird gefragt…",
  refused: "Der Browser hat abgelehnt. Vielleicht stimmt er später zu, wenn die Seite Lesezeichen, installiert oder öfter benutzt ist.",
};
