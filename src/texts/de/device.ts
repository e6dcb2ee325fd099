import type { Texts } from "../texts.ts";

export const device: Texts["device"] = {
  adapter: ["Adapter", "Die GPU, wie der Browser sie nennt."],
  description: ["Beschreibung", "Die Worte des Treibers, wo der Browser sie weitergibt."],
  software: "Das ist ein Software-Adapter: Die Ergebnisse stimmen, aber alles dauert viel länger als auf einer GPU.",
  fallbacks: "Langsamere Wege, die auf diesem Gerät nötig sind",
  noFallbacks: "Es ist kein langsamerer Weg nötig.",
  features: ["Zusätze", "Freigestellte Teile von WebGPU, die eingeschaltet sind."],
  noFeatures: "keine",
  memory: [
    "GPU-Speicher",
    "Bytes in Puffern mit lebenden Tensoren, Bytes zusammen mit dem Vorrat freier Puffer, und das Meiste, was es bisher auf einmal waren.",
  ],
  memoryText: (used, allocated, peak) => `${used} in Gebrauch, ${allocated} belegt, höchstens ${peak}`,
  tensors: ["Tensoren", "Lebende Tensoren in der Engine; eine Zahl, die immer weiter wächst, wäre ein Leck."],
  limits: {
    maxBufferSize: ["Größter Puffer", "maxBufferSize: die meisten Bytes in einem GPU-Puffer."],
    maxStorageBufferBindingSize: [
      "Größte Bindung",
      "maxStorageBufferBindingSize: die meisten Bytes, die ein Shader als ein Feld lesen kann.",
    ],
    maxComputeWorkgroupStorageSize: [
      "Speicher der Arbeitsgruppe",
      "maxComputeWorkgroupStorageSize: schneller Speicher, den sich eine Arbeitsgruppe teilt.",
    ],
  },
  proof: {
    title: "Kernel-Nachweis",
    hint: "Jeder Rechenkernel läuft einmal auf dieser GPU, an einem kleinen Fall, und wird mit demselben Ergebnis aus einfachen Schleifen auf dem Prozessor verglichen.",
    waiting: "Der Nachweis beginnt, sobald das Modell bereit ist.",
    running: "Kernel werden mit ihren Vorbildern verglichen…",
    step: (done, kernels) => `${done} von ${kernels} Kerneln verglichen…`,
    summary: (agreeing, kernels, largest) => `${agreeing} von ${kernels} Kerneln stimmen überein; größter Fehler ${largest}.`,
    leftOut: (count) => `${count} Kernel, die dieses Gerät nicht braucht, wurden ausgelassen; noch ein Lauf nimmt sie dazu.`,
    stopped: "Der Nachweis wurde angehalten.",
    failed: "Der Nachweis kam nicht zu Ende",
    problem: "Ergebnisse können auf dieser GPU falsch sein",
    again: "Noch einmal",
    run: "Nachweis führen",
    stop: "Anhalten",
    details: "Fehler je Kernel",
    caption: "Größter Fehler jedes Kernels, bezogen auf den größten Wert seines Ergebnisses, und der erlaubte Fehler.",
    columns: { kernel: "Rechenkernel", variant: "Variante", error: "Fehler", tolerance: "Toleranz" },
    wrong: "weicht ab",
  },
  gpuErrors: "Die GPU hat Fehler gemeldet",
  waiting: "Wartet auf die GPU…",
  lost: {
    title: "Die GPU ist verloren gegangen",
    text: "Eine andere zu bekommen hat nicht geklappt. Die Änderungen sind noch hier und lassen sich sichern; mit einer neuen GPU oder nach dem Neuladen sind sie wieder, wie sie waren.",
    recovering: "Die GPU ist verloren gegangen: Eine andere wird geholt, Modell und Änderungen kommen zurück…",
    recovered: "Die GPU war verloren und ist wieder da: Modell und Änderungen sind, wie sie nach der letzten Änderung waren.",
  },
  stopped: {
    title: "Der Rechenteil ist stehen geblieben",
    text: "Ihn wieder zu starten hat nicht geklappt. Was gesichert war, ist nach einem Start oder dem Neuladen wieder da; was nicht gesichert war, wird zum Entwurf.",
    recovering: "Der Rechenteil ist stehen geblieben: Er wird wieder gestartet, Modell und Änderungen kommen zurück…",
    recovered:
      "Der Rechenteil war stehen geblieben und läuft wieder: Gesicherte Änderungen sind, wie sie waren; was nicht gesichert war, ist jetzt Entwurf.",
  },
  recover: "Noch einmal versuchen",
};

export const noWebGpu: Texts["noWebGpu"] = {
  title: "Diese Seite braucht WebGPU",
  why: {
    "no-webgpu": "Dieser Browser bietet Seiten kein WebGPU an.",
    "no-adapter": "Dieser Browser kennt WebGPU, fand aber keine GPU, die er benutzen darf.",
  },
  explain:
    "Das Modell rechnet und lernt auf Ihrer eigenen GPU, in diesem Tab; nichts wird an einen Server geschickt. Dafür braucht es WebGPU.",
  todo: "Was Sie tun können",
  steps: [
    "Benutzen Sie Chrome oder Edge ab Version 113, und halten Sie ihn aktuell.",
    "Schalten Sie die Hardwarebeschleunigung ein: Einstellungen, System, „Grafikbeschleunigung verwenden, wenn verfügbar“; starten Sie dann den Browser neu.",
    "Öffnen Sie unter Linux chrome://flags/#enable-unsafe-webgpu, schalten Sie es ein, und starten Sie den Browser neu.",
    "Öffnen Sie die Seite über https oder von localhost: Einfachen http-Adressen ist WebGPU verschlossen.",
    "Unter chrome://gpu steht, was der Browser über WebGPU auf diesem Rechner sagt.",
  ],
  details: "Was der Browser sagte",
};
