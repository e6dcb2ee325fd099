import type { GlossaryTexts } from "../../lessons/lessonTexts.ts";

export const glossary: GlossaryTexts = {
  model: ["Basismodell", "Das Sprachmodell, wie es geladen wurde. Änderungen rühren seine Gewichte nie an."],
  prompt: ["Prompt", "Der Text, den das Modell fortsetzt. Bei einer Änderung endet er unmittelbar vor der Antwort."],
  token: ["Token", "Ein Stück Text aus dem Wortschatz des Modells: ein Wort, ein Teil davon oder ein einzelnes Byte."],
  fact: ["Fakt", "Eine Fortsetzung, die das Modell bei vielen Formulierungen derselben Frage für wahrscheinlich hält."],
  edit: ["Änderung", "Eine neue Antwort auf einen Prompt, in die Mischungen trainiert; sie lässt sich abschalten und zurücknehmen."],
  rephrasing: [
    "Umformulierung",
    "Eine andere Formulierung des Prompts einer Änderung. Mit einigen wird trainiert, andere zeigen, ob die Änderung weiter reicht.",
  ],
  adapter: ["Adapter", "Ein Paar kleiner Matrizen A und B (LoRA), deren Produkt zu einer eingefrorenen linearen Schicht addiert wird."],
  rank: ["Rang r", "Die innere Breite eines Adapters: A ist d × r, B ist r × o."],
  expert: ["Experte", "Ein Adapter, den ein Router wählen kann."],
  mixture: ["Mischung", "Die N Experten neben einer eingefrorenen linearen Schicht."],
  router: ["Router", "Macht aus der Anfrage durch einen Softmax eine Wahrscheinlichkeit für jeden der N Experten seiner Schicht."],
  gate: ["Gate", "Das Gewicht eines gewählten Experten: seine Wahrscheinlichkeit, nicht hochskaliert."],
  query: ["Anfrage", "Der verborgene Zustand, den alle Router lesen: die Eingabe der ersten Mischschicht am letzten Token des Prompts."],
  allocation: [
    "Zuteilung",
    "Die k Experten je Schicht, die einer Änderung vor dem Training zugeteilt werden. Keine zwei Änderungen teilen alle.",
  ],
  code: ["Zuteilungscode", "Die Experten, die die Router für einen Prompt wählen, als L·N Bits."],
  distance: ["Hamming-Abstand", "Die Zahl der Bits, in denen sich zwei Codes unterscheiden."],
  scope: [
    "Geltungsbereich",
    "Die Eingaben, auf die eine Änderung antwortet: jene, deren Code nahe bei einem ihrer gespeicherten Codes liegt.",
  ],
  threshold: [
    "Schwelle ε",
    "Ein Prompt liegt im Geltungsbereich, wenn sich sein Code von einem gespeicherten in weniger Bits als so vielen unterscheidet.",
  ],
  deferral: ["Abgabe", "Eine Eingabe außerhalb jedes Geltungsbereichs bleibt dem Basismodell überlassen."],
  lmLoss: ["LM-Verlust", "Mittlere Kreuzentropie der Token der Antwort: wie sehr die Antwort das Modell überrascht."],
  guidedLoss: ["Lenkverlust", "Zieht die Router zur Zuteilung: −log der Wahrscheinlichkeiten der zugeteilten Experten."],
  reliability: ["Zuverlässigkeit", "Anteil der Änderungen, deren eigener Prompt die neue Antwort gibt."],
  generalization: ["Verallgemeinerung", "Derselbe Anteil bei Umformulierungen, mit denen nicht trainiert wurde."],
  locality: ["Lokalität", "Anteil fremder Prompts, die die Antwort des Basismodells behalten."],
  retention: ["Erhalt", "Perplexität auf fremdem Text, geändertes durch Basismodell: bei 1 wird er gelesen wie zuvor."],
  seed: ["Startwert", "Die Zahl, aus der aller Zufall kommt. Derselbe Startwert gibt dieselben Änderungen, Bit für Bit."],
};
