import type { GuideTexts } from "../guideTexts.ts";

export const guide: GuideTexts = {
  about: "Jeder Abschnitt ist eine Aufgabe: was zu tun ist, was man dazu wissen sollte, und Knöpfe, die dorthin führen.",
  picture: (task) => `Die Seite: ${task}`,
  tasks: {
    ask: {
      title: "Das Modell fragen und sehen, wie sicher es ist",
      steps: [
        "Schreiben Sie unter „Prompt“ den Anfang eines Satzes. Das Modell setzt Texte fort, es plaudert nicht.",
        "Drücken Sie „Erzeugen“ oder Strg+Eingabe. Die Antwort kommt Token für Token.",
        "Zeigen Sie auf ein Token oder gehen Sie mit den Pfeiltasten hin: seine Wahrscheinlichkeit, und was sonst hätte kommen können.",
      ],
      note: "Gieriges Dekodieren gibt jedes Mal dieselbe Antwort. „Gezogen“ lost, und der Startwert sagt, welches Los es ist.",
    },
    edit: {
      title: "Eine Tatsache ändern",
      steps: [
        "Schreiben Sie unter „Änderung“ einen Prompt, der genau vor der Antwort endet, und die neue Antwort.",
        "Fügen Sie ein, zwei andere Fragen nach demselben hinzu: So erreicht die Änderung auch Formulierungen, die sie nie gesehen hat.",
        "Trainieren Sie die Änderung und sehen Sie, wie beide Verluste fallen. Das Basismodell selbst bleibt, wie es ist.",
      ],
      note: "Oder wählen Sie eine der Beispieländerungen: Sie bringen Umformulierungen mit, und Prompts zum Ausprobieren.",
    },
    reach: {
      title: "Sehen, wie weit eine Änderung reicht",
      steps: [
        "„Vergleichen“ antwortet zweimal: ohne die Änderungen und mit ihnen.",
        "Fragen Sie mit anderen Worten: Die neue Antwort sollte kommen.",
        "Fragen Sie nach etwas anderem: Die Seite sagt, dass der Prompt abgegeben wird, und das Basismodell antwortet wie zuvor.",
      ],
      note: "„Andere Verfahren…“ gibt denselben Prompt mehreren Verfahren, die dieselben Änderungen kennen, nebeneinander.",
    },
    ledger: {
      title: "Änderungen zurücknehmen, abschwächen, ordnen",
      steps: [
        "„Änderungen“ führt auf, was dem Modell gesagt wurde, das Neueste oben, und ob es noch hält; „Alle prüfen“ fragt noch einmal.",
        "Schalten Sie eine Änderung aus, schwächen Sie sie ab oder vergessen Sie sie. „Rückgängig“ oder Strg+Z nimmt den letzten Schritt zurück.",
        "„In die Warteschlange“ trainiert im Hintergrund, und „Änderungen einlesen…“ nimmt eine ganze Datei.",
      ],
      note: "Das Zeugnis einer Änderung sagt, welche Umformulierungen sie erreicht, was sie in Ruhe lässt und welche Änderungen ihr zum Opfer fielen.",
    },
    routing: {
      title: "Das Routing lesen",
      steps: [
        "Eine Spalte ist ein Token, eine Zeile ein Experte, in Blöcken zu je einer Schicht. Dunkler heißt wahrscheinlicher; gewählte Experten sind umrandet.",
        "Nur die umrahmte Spalte entscheidet: Das Verfahren leitet einmal, am letzten Token des Prompts.",
        "Schreiben Sie weiter, und das Bild geht mit. Als Tabelle gibt es dasselbe in Zahlen.",
      ],
      note: "„Mikroskop“ geht näher heran: zwei Prompts gegeneinander, Experten erzwungen oder stumm, die Änderungen auf einer Karte.",
    },
    scope: {
      title: "Bestimmen, wie nah nah genug ist",
      steps: [
        "Was in allen Schichten gewählt wird, ergibt einen Code. „Geltungsbereich“ zeigt, in wie vielen Bits er von dem jeder Änderung abweicht.",
        "Einen Prompt, der in weniger Bits abweicht als die Schwelle ε, beantwortet die Änderung; jeder andere wird abgegeben.",
        "Bewegen Sie ε und sehen Sie, wie ein Prompt die Seite wechselt.",
      ],
      note: "ε lässt sich jederzeit ändern; mit jeder anderen Einstellung beginnt die Mischung von vorn.",
    },
    evaluate: {
      title: "Ein Verfahren über Hunderte von Änderungen messen",
      steps: [
        "Nehmen Sie unter „Auswertung“ die mitgelieferten Änderungen oder eine eigene Datei: CounterFact, zsRE, JSON oder CSV.",
        "Wählen Sie das Verfahren, wie viele Änderungen es werden sollen und nach wie vielen gemessen wird. Starten Sie.",
        "Lesen Sie, was hält: Zuverlässigkeit, Verallgemeinerung, Lokalität und Perplexität, während die Änderungen mehr werden.",
      ],
      note: "Sie läuft neben Ihren eigenen Änderungen her, lässt sich unterbrechen und gibt ihr Ergebnis als Datei.",
    },
    model: {
      title: "Ein eigenes Modell mitbringen",
      steps: [
        "„Modell wechseln…“ nimmt einen Namen vom Hugging Face Hub, eine Adresse oder Dateien, die Sie auf die Seite ziehen.",
        "Was es ist, seine Lizenz, seine Größe und ob es auf dieses Gerät passt, steht da, bevor etwas geladen wird.",
        "Es wird auf 8 oder 4 Bit gepackt, geprüft und, wenn Sie möchten, in diesem Browser aufgehoben.",
      ],
      note: "Modelle der Familien GPT-2, Llama und Qwen2, als safetensors oder GGUF.",
    },
    learn: {
      title: "Es lernen oder lehren",
      steps: [
        "Unter „Lernen“ sind sechs kurze Lektionen. Jede wartet auf das, was Sie tun, und fragt zuerst nach einer Voraussage.",
        "Für eine Klasse macht „Vorführen“ alles groß und wirft ein Licht auf einen Teil der Seite.",
        "Die Voraussagen einer Klasse lassen sich als CSV herunterladen.",
      ],
      note: "Formeln stehen neben der Zahl, die sie gerade ergeben.",
    },
    share: {
      title: "Es jemandem geben",
      steps: [
        "„Teilen…“ macht einen Link und einen QR-Code mit Modell, Startwert, Änderungen, Prompt und Ansicht.",
        "Wählen Sie die Lektion, mit der es losgeht, und die Teile, die der Empfänger nicht sehen oder nicht benutzen soll.",
        "Wo der Link geöffnet wird, werden die Änderungen neu trainiert, mit demselben Startwert.",
      ],
      note: "Nichts wird hochgeladen: Alles steht im Link selbst.",
    },
    keep: {
      title: "Die Arbeit behalten und mitnehmen",
      steps: [
        "Jede Änderung wird gleich in diesem Browser aufgehoben: „Gesichert“ steht erst da, wenn sie sicher ist. Nach dem Neuladen ist alles wieder da.",
        "„Projekte“ zeigt Ihre Arbeit: „Neues Projekt“ beginnt von vorn, und jedes lässt sich öffnen, umbenennen, verdoppeln, entfernen und zurückholen.",
        "Ein Projekt passt in eine Datei und kommt mit „Projekt einlesen…“ zurück; „Gelerntes ausgeben…“ schreibt Adapter für PyTorch und PEFT, und „Adapter einlesen…“ macht aus solchen Dateien ein eigenes Projekt.",
      ],
      note: "Ein Fenster hebt auf; ein zweites sagt es und kann übernehmen. Was der Browser aufhebt, kann er auch löschen: Am sichersten ist eine Datei.",
    },
    keys: {
      title: "Alles mit der Tastatur tun",
      steps: [
        "Strg+K (⌘K auf dem Mac) öffnet alle Befehle. Tippen Sie ein Wort von dem, was Sie möchten, und drücken Sie die Eingabetaste.",
        "Tab geht durch die Seite; Token und Wärmekarten sind je ein Halt, darin gelten die Pfeiltasten.",
        "Strg+/ zeigt alle Tasten.",
      ],
      note: "Was gepunktet unterstrichen ist, wird erklärt, sobald Sie darauf zeigen oder mit Tab hinkommen.",
    },
    stays: {
      title: "Wissen, was hier bleibt",
      steps: [
        "Modell, Änderungen und alles, was Sie schreiben, bleiben in diesem Tab. Der Kopf der Seite zählt Anfragen: keine nach dem Laden.",
        "„Gerät“ nennt die GPU, und der Kernel-Nachweis vergleicht, was sie rechnet, mit einfachen Schleifen.",
        "Der Browser kann die Seite installieren; sie geht dann auch ohne Netz.",
      ],
      note: "Telefone und Browser ohne WebGPU spielen statt des lebenden Modells eine aufgezeichnete Änderung.",
    },
  },
};
