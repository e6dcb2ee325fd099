import type { GuideTexts } from "../guideTexts.ts";

export const guide: GuideTexts = {
  about: "Each part is a task: what to do, what to know, and buttons that lead there.",
  picture: (task) => `The page: ${task}`,
  tasks: {
    ask: {
      title: "Ask the model, and see how sure it is",
      steps: [
        "Type the beginning of a sentence under “Prompt”. The model continues texts; it does not chat.",
        "Press “Generate”, or Ctrl+Enter. The answer comes token by token.",
        "Point at a token, or walk to it with the arrow keys: its probability, and what else could have come.",
      ],
      note: "Greedy decoding gives the same answer every time. “Sampled” draws, and the seed says which draw.",
    },
    edit: {
      title: "Change a fact",
      steps: [
        "Under “Edit”, write a prompt that ends right before the answer, and the new answer.",
        "Add one or two other ways to ask the same: they help the edit to reach wordings it never saw.",
        "Press “Train edit” and watch both losses fall. The base model itself is never changed.",
      ],
      note: "Or pick one of the example edits, which bring rephrasings, and prompts to try afterwards.",
    },
    reach: {
      title: "See how far an edit reaches",
      steps: [
        "“Compare” answers twice: with the edits off, and with the edits on.",
        "Ask in other words: the new answer should come.",
        "Ask something else: the page says that the prompt is deferred, and the base model answers as before.",
      ],
      note: "“Other methods…” gives the same prompt to several methods that know the same edits, side by side.",
    },
    ledger: {
      title: "Take edits back, weaken them, keep them in order",
      steps: [
        "“Edits” lists what the model was told, newest on top, and whether each still holds; “Check all” asks again.",
        "Switch an edit off, weaken it, or forget it. “Undo”, or Ctrl+Z, takes back the last step.",
        "“Add to queue” trains in the background, and “Import edits…” takes a whole file.",
      ],
      note: "The scorecard of an edit says which rephrasings it reaches, what it leaves alone, and which edits were lost to it.",
    },
    routing: {
      title: "Read the routing",
      steps: [
        "A column is a token, a row an expert, in blocks of one layer. Darker means more probable; picked experts are framed.",
        "Only the outlined column decides: the method routes once, at the last token of the prompt.",
        "Type on, and the picture follows. “Show as table” gives the same as numbers.",
      ],
      note: "“Microscope” goes nearer: two prompts against each other, experts forced or muted, the edits on a map.",
    },
    scope: {
      title: "Set how close is close enough",
      steps: [
        "The picks of all layers make a code. “Scope” shows how many of its bits differ from those of each edit.",
        "A prompt that differs in fewer bits than the threshold ε is answered by the edit; any other is deferred.",
        "Move ε and watch a prompt change sides.",
      ],
      note: "ε can change at any time; every other setting of the mixture starts it afresh.",
    },
    evaluate: {
      title: "Measure a method over hundreds of edits",
      steps: [
        "Under “Evaluation”, take the built-in edits or a file of yours: CounterFact, zsRE, JSON or CSV.",
        "Choose the method, how many edits, and after how many to measure. Start.",
        "Read what holds: reliability, generalization, locality and perplexity as the edits pile up.",
      ],
      note: "It runs beside your own edits, can be paused, and gives its result as a file.",
    },
    model: {
      title: "Bring a model of your own",
      steps: [
        "“Change model…” takes a name from the Hugging Face Hub, an address, or files that you drop on the page.",
        "What it is, its licence, its size and whether it fits this device are said before anything is loaded.",
        "It is packed to 8 or 4 bits, checked, and kept in this browser if you like.",
      ],
      note: "Models of the GPT-2, Llama and Qwen2 families, as safetensors or GGUF.",
    },
    learn: {
      title: "Learn it, or teach it",
      steps: [
        "“Learn” has six short lessons. Each waits for what you do, and asks for a prediction first.",
        "For a class, “Present” makes everything large, and puts a light on one part of the page.",
        "The predictions of a class can be downloaded as CSV.",
      ],
      note: "Formulas stand beside the number that they make right now.",
    },
    share: {
      title: "Give it to somebody",
      steps: [
        "“Share…” makes a link and a QR code with model, seed, edits, prompt and view in it.",
        "Choose the lesson to begin with, and the parts that the receiver is not to see or not to use.",
        "Where the link is opened the edits are trained anew, from the same seed.",
      ],
      note: "Nothing is uploaded: all of it is in the link itself.",
    },
    keep: {
      title: "Keep your work, and take it elsewhere",
      steps: [
        "Every change is kept in this browser as you make it: “Saved” is said only once it is safe. A reload brings all of it back.",
        "“Projects” lists your work: “New project” begins afresh, and each can be opened, renamed, copied, removed and put back.",
        "A project goes into one file and back by “Import a project…”; “Export what was learned…” writes adapters for PyTorch and PEFT, and “Import adapters…” takes such files as a project of their own.",
      ],
      note: "One tab keeps at a time; another says so, and can take over. What the browser keeps it can also clear: a file is the safest copy.",
    },
    keys: {
      title: "Do everything by keyboard",
      steps: [
        "Ctrl+K (⌘K on a Mac) opens all commands. Type a word of what you want, and press Enter.",
        "Tab goes through the page; tokens and heatmaps are one stop each, with arrow keys inside.",
        "Ctrl+/ lists all keys.",
      ],
      note: "What has a dotted line under it is explained when you point at it, or reach it with Tab.",
    },
    stays: {
      title: "Know what stays here",
      steps: [
        "Model, edits and all that you type stay in this tab. The header counts requests: none after loading.",
        "“Device” names the GPU, and the kernel proof compares what it computes with plain loops.",
        "The browser can install the page; it then works without a network.",
      ],
      note: "Phones, and browsers without WebGPU, play a recorded edit in place of the live model.",
    },
  },
};
