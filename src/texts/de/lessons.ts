import type { LessonsTexts } from "../../lessons/lessonTexts.ts";

// Prompts bleiben englisch: Das eingebaute Modell kann nur Englisch.

export const lessons: LessonsTexts = {
  fact: {
    title: "Was ein Fakt in einem Modell ist",
    about:
      "Ein Modell führt keine Liste von Fakten. Es kennt einen, wenn es einen Text damit fortsetzt, wie auch immer der formuliert ist.",
    steps: {
      ask: {
        title: "Nach einem Fakt fragen",
        text: "Ein Sprachmodell setzt Text fort. Es schlägt nirgends nach: Seine Gewichte machen manche Fortsetzungen wahrscheinlich und andere nicht.",
        act: "Drücken Sie „Einsetzen“ und dann unter „Prompt“ auf „Erzeugen“.",
        done: "Die Wörter nach Ihrem Prompt stammen vom Modell. Mehr ist von einem Fakt nicht zu sehen.",
        hint: "Jeder Prompt ist recht. Er endet unmittelbar vor der Antwort, ohne Leerzeichen.",
      },
      sure: {
        title: "Wie sicher ist es?",
        text: "An jeder Stelle gibt das Modell jedem Token seines Wortschatzes eine Wahrscheinlichkeit. Genommen wird das wahrscheinlichste.",
        act: "Setzen Sie den nächsten Prompt ein, sagen Sie voraus, und drücken Sie dann „Erzeugen“.",
        done: "Zeigen Sie auf ein Token unter der Antwort: Seine Karte nennt die Wahrscheinlichkeit und was dort sonst möglich war.",
        hint: "Die Zahl unten ist die Wahrscheinlichkeit des ersten Tokens der letzten Antwort.",
        question: {
          ask: "Wie wahrscheinlich wird das erste Token der Antwort sein?",
          choices: { low: "unter 0,5", middle: "0,5 bis 0,9", high: "über 0,9" },
        },
      },
      reworded: {
        title: "Dasselbe in anderen Worten",
        text: "Wer einen Fakt kennt, kennt ihn in jeder Formulierung. Ein Fakt hängt also nicht an einem Satz.",
        act: "Fragen Sie noch einmal, in Worten, die Sie noch nicht benutzt haben.",
        done: "Ein Fakt ist das, wohin viele Formulierungen führen. Wer ihn ändern will, muss sie alle erreichen.",
        hint: "Setzen Sie eine Frage der Form ein, mit der dieses Modell trainiert wurde: „Q: … A:“.",
        question: {
          ask: "Wird die Antwort mit demselben Wort beginnen wie eine Ihrer Antworten zuvor?",
          choices: { same: "mit demselben Wort", other: "mit einem anderen" },
        },
      },
      invented: {
        title: "Was es nicht weiß",
        text: "Eine Fortsetzung gibt es immer, auch wo es nichts zu wissen gibt.",
        act: "Fragen Sie nach der Hauptstadt von Atlantis.",
        done: "Wahrscheinlich heißt nicht wahr. Es gibt im Modell keinen Ort, an dem „Ich weiß es nicht“ stünde.",
        hint: "Im Prompt muss das Wort Atlantis vorkommen.",
        question: {
          ask: "Was wird das Modell tun?",
          choices: { unknown: "sagen, dass es das nicht weiß", name: "irgendetwas nennen" },
        },
      },
    },
  },
  edit: {
    title: "Eine Änderung",
    about: "Sie ändern einen Fakt, sehen, was sich mit ihm ändert und was nicht, und teilen das Ganze als Link.",
    steps: {
      train: {
        title: "Eine neue Antwort schreiben",
        text: "Eine Änderung trainiert kleine Adapter neben den eingefrorenen Gewichten, bis die neue Antwort die wahrscheinliche ist. Der Verlust sagt, wie sehr sie das Modell noch überrascht.",
        act: "Drücken Sie „Einsetzen“ und dann „Änderung trainieren“.",
        done: "Der Verlust ist gefallen: Die neue Antwort ist wahrscheinlich geworden. Die Gewichte des Modells sind, wie sie waren.",
        hint: "Was das Modell schon antwortet, lässt sich nicht hineinändern. Auf einem Software-Adapter dauert das Training bis zu einer Minute.",
      },
      compare: {
        title: "Vorher und nachher",
        text: "Ohne die Änderungen antwortet das Basismodell. Mit ihnen antwortet Ihre Änderung.",
        act: "Setzen Sie den Prompt Ihrer Änderung ein und drücken Sie „Vergleichen“.",
        done: "Derselbe Prompt, dieselben Gewichte: Der Unterschied ist allein Ihre Änderung.",
        hint: "Es muss der Prompt einer Änderung sein oder eine ihrer Umformulierungen. Er steht auch unter „Änderungen“.",
      },
      unrelated: {
        title: "Was bleibt",
        text: "Eine gute Änderung ändert einen Fakt und lässt seine Nachbarn in Ruhe.",
        act: "Sagen Sie voraus, setzen Sie dann einen Prompt ein, von dem Ihre Änderung nicht handelt, und drücken Sie „Erzeugen“.",
        done: "Die Seite nennt den Abstand des Prompts zur Änderung. Im Geltungsbereich antworten die Mischungen, sonst wird an das Basismodell abgegeben.",
        hint: "Nehmen Sie keine der eigenen Formulierungen der Änderung.",
        question: {
          ask: "Wer wird eine Frage nach einem anderen Land beantworten?",
          choices: { kept: "das Basismodell, wie zuvor", changed: "die Änderung" },
        },
      },
      share: {
        title: "Teilen",
        text: "Ein Link enthält das Modell, den Startwert und Ihre Änderungen als Text. Wer ihn öffnet, trainiert dieselben Änderungen im eigenen Browser und bekommt dieselben Codes.",
        act: "Drücken Sie oben „Teilen…“ und kopieren Sie den Link.",
        done: "Dieser Link ist Ihr Experiment. Er braucht keinen Server und kein Konto.",
        hint: "Der Knopf ist im Kopf der Seite; im Dialog drücken Sie „Link kopieren“.",
      },
    },
  },
  keys: {
    title: "Warum Umformulierungen an genauen Schlüsseln scheitern",
    about: "Hört eine Änderung nur auf genau ihren Schlüssel, verfehlt ihn jede andere Formulierung.",
    steps: {
      edit: {
        title: "Eine Änderung mit Schlüssel",
        text: "Nach dem Training speichert eine Änderung die Zuteilungscodes ihrer Prompts: welche Experten die Router gewählt haben, als Bits. Das sind ihre Schlüssel.",
        act: "Trainieren Sie eine Änderung ohne Umformulierungen, falls Sie noch keine haben.",
        done: "Unter „Geltungsbereich“ ist die Zeile der Änderung ein solcher Schlüssel. Ohne Umformulierungen ist es der einzige.",
        hint: "Drücken Sie „Einsetzen“ und dann „Änderung trainieren“. Das Feld für Umformulierungen muss leer bleiben.",
      },
      exact: {
        title: "Keinen Unterschied zulassen",
        text: "Ein Prompt liegt im Geltungsbereich, wenn sich sein Code von einem Schlüssel in weniger als ε Bits unterscheidet. Bei ε = 1 genügt nur ein gleicher Code: ein genauer Schlüssel.",
        act: "Senken Sie unter „Geltungsbereich“ die Schwelle ε auf 1.",
        done: "Nun hört eine Änderung nur auf einen Code, der in jedem Bit gleich ist.",
        hint: "Die Knöpfe − und + stehen neben dem Wort „Schwelle“; die Zahl unter „Einstellungen der Mischung“ ist dieselbe.",
      },
      own: {
        title: "Die eigenen Worte",
        text: "Der Prompt, mit dem die Änderung trainiert wurde, hat genau den gespeicherten Code.",
        act: "Setzen Sie den Prompt der Änderung ein und drücken Sie „Erzeugen“.",
        done: "Abstand 0, unter ε = 1: Die Änderung antwortet.",
        hint: "Kamen danach weitere Änderungen, können sich die Router bewegt haben: Fragen Sie dann die letzte.",
      },
      other: {
        title: "Andere Worte",
        text: "Eine andere Formulierung derselben Frage ist für den Router ein anderer Vektor, und der eine oder andere Experte wird anders gewählt.",
        act: "Sagen Sie voraus, und fragen Sie dann in Worten, mit denen nicht trainiert wurde.",
        done: "Ein einziger anders gewählter Experte, zwei Bits, genügt, um einen genauen Schlüssel zu verfehlen. Daran scheitern Verfahren, die Antworten unter genauen Schlüsseln nachschlagen.",
        hint: "Ist der Abstand 0, liegt die Formulierung zu nahe: Versuchen Sie eine andere.",
        question: {
          ask: "Wer wird auf die neue Formulierung antworten?",
          choices: { edit: "die Änderung", base: "das Basismodell" },
        },
      },
      wider: {
        title: "Ein weiteres Schloss",
        text: "Ein größeres ε lässt nahe Codes ein, und mit ihnen die neue Formulierung.",
        act: "Heben Sie ε Schritt für Schritt, und drücken Sie wieder „Erzeugen“, bis die Änderung antwortet.",
        done: "Nun liegt ε über dem Abstand. Wie weit man gehen kann, zeigt die letzte Lektion.",
        hint: "Die Begründung unter „Geltungsbereich“ nennt den Abstand: ε muss größer sein.",
      },
    },
  },
  router: {
    title: "Die Mischung und ihr Router",
    about: "In jeder Mischschicht liest ein Router einen Vektor und wählt wenige von vielen Experten. Die Wahl ist der Code.",
    steps: {
      look: {
        title: "Das Routing sehen",
        text: "Jede Spalte der Wärmekarte ist ein Token, jede Zeile ein Experte. Die umrandete Spalte ist das letzte Token des Prompts: Sie entscheidet.",
        act: "Geben Sie einen Prompt ein, oder setzen Sie einen ein, und sehen Sie zu, wie die Spalten kommen.",
        done: "Dunkle Felder sind wahrscheinliche Experten, markierte sind gewählt.",
        hint: "Die Pfeiltasten gehen durch die Wärmekarte und lassen die Werte vorlesen.",
      },
      gates: {
        title: "Wahrscheinlichkeiten und Gates",
        text: "Der Router macht aus der Anfrage eine Wahrscheinlichkeit für jeden von N Experten. Die k größten sind gewählt, und ihre Wahrscheinlichkeiten sind die Gates, so wie sie sind.",
        act: "Sagen Sie voraus, und geben Sie dann einen anderen Prompt ein.",
        done: "Alle N ergeben zusammen 1, die k benutzten weniger; das Verfahren skaliert sie nicht hoch.",
        hint: "Σ N unten ist die Summe über alle Experten der ersten Mischschicht, Σ k die der gewählten.",
        question: {
          ask: "Was ergeben die Gates der k gewählten Experten zusammen?",
          choices: { one: "genau 1", less: "weniger als 1", k: "genau k" },
        },
      },
      code: {
        title: "Der Code",
        text: "Ein Bit für jeden Experten jeder Mischschicht: 1, wo er gewählt ist. Das ist der Zuteilungscode eines Prompts.",
        act: "Sagen Sie voraus, geben Sie dann einen anderen Prompt ein, und zählen Sie unter „Geltungsbereich“ nach.",
        done: "In jedem Code sind L·k Bits gesetzt, bei jedem Prompt. Nur welche es sind, ist verschieden.",
        hint: "L ist die Zahl der Mischschichten, k die der Experten, die in jeder gewählt werden, N die aller Experten in jeder.",
        question: {
          ask: "Wie viele Bits eines Codes sind gesetzt?",
          choices: { layers: "L: eines je Schicht", picked: "L·k: k je Schicht", experts: "L·N: alle" },
        },
      },
      apart: {
        title: "Zwei Prompts im Abstand",
        text: "Wie verschieden zwei Prompts für die Router sind, sagt die Zahl der Bits, in denen sich ihre Codes unterscheiden: der Hamming-Abstand.",
        act: "Sagen Sie voraus, und geben Sie dann einen Prompt ein, der dem letzten ähnelt.",
        done: "Untrainierte Router leiten auch Ähnliches weit auseinander. Das Training einer Änderung zieht ihre eigenen Formulierungen zusammen, und darauf beruht die Abgabe.",
        hint: "Die Zahl unten vergleicht die beiden letzten Prompts, die geleitet wurden.",
        question: {
          ask: "In wie vielen Bits werden sich zwei ähnliche Prompts unterscheiden?",
          choices: { none: "in keinem", some: "in einigen", all: "in allen" },
        },
      },
    },
  },
  forgetting: {
    title: "Vergessen",
    about: "Jede Änderung trainiert an dem, was sie mit früheren teilt. Die Zuverlässigkeit sagt, wie viele davon noch halten.",
    steps: {
      first: {
        title: "Eine erste Änderung",
        text: "Lebenslang ändern heißt: eine Änderung nach der anderen. Es beginnt mit einer.",
        act: "Trainieren Sie eine Änderung, falls Sie noch keine haben.",
        done: "Merken Sie sich ihre Antwort.",
        hint: "Drücken Sie „Einsetzen“ und dann „Änderung trainieren“.",
      },
      second: {
        title: "Eine zweite",
        text: "Die nächste Änderung wird allein trainiert, ohne die Sätze der ersten. Experten, die beide teilen, werden bewegt.",
        act: "Setzen Sie eine weitere Änderung ein und trainieren Sie sie.",
        done: "Zwei Änderungen nacheinander, in derselben Mischung.",
        hint: "Sie muss von einem anderen Fakt handeln.",
      },
      recall: {
        title: "Hält die erste noch?",
        text: "Seither hat niemand die erste Änderung gefragt. Nur Fragen zeigt, ob sie überdauert hat.",
        act: "Sagen Sie voraus, und drücken Sie dann unter „Änderungen“ auf „Änderung 1 ausprobieren“.",
        done: "Das war ein einzelner Fall. Bei Hunderten von Änderungen zählt der Anteil.",
        hint: "Sie können ihren Prompt auch eintippen und „Erzeugen“ drücken.",
        question: {
          ask: "Wird Änderung 1 noch ihre neue Antwort geben?",
          choices: { holds: "ja, sie hält", lost: "nein, sie ist verloren" },
        },
      },
      measure: {
        title: "Zuverlässigkeit",
        text: "Zuverlässigkeit ist der Anteil aller Änderungen, deren eigener Prompt noch die neue Antwort gibt, gefragt nach der letzten Änderung.",
        act: "Probieren Sie jede Änderung der Liste einmal aus.",
        done: "Sie haben von Hand gemessen, was die Auswertung zu Hunderten misst.",
        hint: "Es zählen die, die seit der letzten Änderung gefragt wurden; n unten sagt, wie viele das sind.",
      },
      forget: {
        title: "Absichtlich vergessen",
        text: "Änderungen leben neben den Gewichten und lassen sich wieder entfernen, ohne im Modell eine Spur zu hinterlassen.",
        act: "Entfernen Sie unter „Änderungen“ eine Änderung, oder alle.",
        done: "Das Basismodell antwortet wieder, in keinem Bit verändert.",
        hint: "Bevor alle verworfen werden, fragt die Seite nach.",
      },
    },
  },
  deferral: {
    title: "Abgabe und ihre Grenzen",
    about:
      "Eine Schwelle entscheidet zwischen Änderungen und Basismodell. Zu klein verfehlt sie Formulierungen, zu groß fängt sie Fremdes ein.",
    steps: {
      edit: {
        title: "Etwas, wovon abgegeben wird",
        text: "Ohne Änderung beantwortet das Basismodell jeden Prompt. Mit einer wird bei jedem Prompt entschieden.",
        act: "Trainieren Sie eine Änderung, falls Sie noch keine haben.",
        done: "Von nun an sagt die Seite bei jedem Prompt, wer ihn beantwortet.",
        hint: "Drücken Sie „Einsetzen“ und dann „Änderung trainieren“.",
      },
      deferred: {
        title: "Fremdes wird abgegeben",
        text: "Ein Prompt, dessen Code von jedem Schlüssel ε Bits oder mehr entfernt ist, liegt außerhalb. Das Basismodell beantwortet ihn, in keinem Bit verändert.",
        act: "Fragen Sie etwas, wovon Ihre Änderung nicht handelt.",
        done: "Der Abstand liegt nicht unter ε, also waren die Mischungen für die ganze Antwort abgeschaltet.",
        hint: "Antwortet die Änderung, fragen Sie etwas Entfernteres, oder senken Sie ε.",
      },
      all: {
        title: "Alles einlassen",
        text: "Zwei Codes mit k von N Experten je Schicht unterscheiden sich in höchstens H_max Bits, zufällige im Mittel in E[H]. Ein ε über H_max lässt jeden Prompt ein.",
        act: "Stellen Sie ε über H_max: mit + unter „Geltungsbereich“ oder unter „Einstellungen der Mischung“.",
        done: "Die Abgabe schützt nun nichts mehr. Im Paper ist ε = 12 von höchstens 24 Bits, also gerade das Mittel zufälliger Codes.",
        hint: "Die Zahlen unten sind die Ihrer Einstellungen.",
      },
      stranger: {
        title: "Was das kostet",
        text: "Nun trifft jeder Prompt auf die Mischungen, wovon er auch handelt.",
        act: "Sagen Sie voraus, und fragen Sie dann etwas, wovon Ihre Änderung nicht handelt.",
        done: "Im Geltungsbereich heißt nicht falsch: Die Experten wurden für etwas anderes trainiert, und die Antwort überlebt das oder nicht.",
        hint: "„Vergleichen“ zeigt beide Antworten nebeneinander.",
        question: {
          ask: "Wer wird antworten?",
          choices: { base: "das Basismodell", edit: "die Mischungen" },
        },
      },
      back: {
        title: "Die Mitte finden",
        text: "Ein brauchbares ε lässt die eigenen Formulierungen der Änderung ein und hält Fremdes draußen.",
        act: "Wählen Sie ein ε, und fragen Sie damit beides: den Prompt der Änderung und etwas Fremdes.",
        done: "Bei diesem ε stimmt beides. Mit mehr Änderungen gibt es mehr Schlüssel und weniger Platz zwischen ihnen.",
        hint: "Beide Antworten müssen beim selben ε entstehen: der eigene Prompt im Geltungsbereich, der fremde abgegeben.",
      },
    },
  },
};
