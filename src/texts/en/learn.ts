import type { regions } from "./app.ts";
import type { ControlId } from "../../store/controls.ts";
import type { Comparison } from "../../store/linkSlice.ts";

// The words around lessons, links and presenting; those of the lessons themselves are read on demand (lessons.ts, glossary.ts).

const count = (number: number, one: string, many: string): string => (number === 1 ? `1 ${one}` : `${number} ${many}`);

export const learn = {
  title: "Learn",
  open: "Learn",
  openHint: "Six short lessons that wait for what you do",
  close: "Close",
  loading: "The lessons are on their way…",
  lessons: "Lessons",
  progress: (done: number, of: number) => `${done} of ${of} steps`,
  begin: (title: string) => `Begin “${title}”`,
  back: "All lessons",
  stepOf: (step: number, of: number) => `Step ${step} of ${of}`,
  steps: "Steps",
  stepState: (step: number, title: string, done: boolean) => `Step ${step}: ${title}${done ? ", done" : ""}`,
  toDo: "To do",
  waiting: "Waits for you",
  done: "Done",
  suggestion: "To try",
  insert: "Insert",
  insertHint: "Puts this into the page's fields; the rest is yours",
  rephrasings: (number: number) => count(number, "rephrasing", "rephrasings"),
  predict: "Predict first",
  yourPrediction: (choice: string) => `Your prediction: ${choice}.`,
  came: (choice: string) => `It came out: ${choice}.`,
  right: "You were right.",
  wrong: "It came out otherwise.",
  live: "Live",
  noLive: "The number comes with your act.",
  hint: "Hint",
  next: "Next step",
  previous: "Back",
  skip: "Skip",
  finished: (title: string) => `“${title}” is done.`,
  nextLesson: (title: string) => `Next: ${title}`,
  paperMode: "This lesson is about the codes of paper mode. Another method is in use; the edits stay at hand.",
  toPaperMode: "Go to paper mode",
  shrink: "Make small",
  grow: "Show all",
  glossary: "Glossary",
  search: "Search the glossary",
  found: (number: number) => (number === 0 ? "No such word" : count(number, "word", "words")),
  answers: {
    title: "Answers",
    note: "Predictions stay in this tab. Nothing is sent anywhere.",
    name: "Name (optional)",
    nextLearner: "Next learner",
    nextLearnerHint: "Begins anew; the predictions so far stay for the file",
    count: (number: number) => count(number, "prediction", "predictions"),
    download: "Download CSV",
    file: "predictions.csv",
    heads: { name: "Name", lesson: "Lesson", step: "Step", question: "Question", prediction: "Prediction", right: "Right" },
    right: "yes",
    wrong: "no",
  },
  held: {
    locked: "Locked by whoever made this link: this part can be read, not used.",
    some: (hidden: number, locked: number) =>
      `This link hides ${count(hidden, "part", "parts")} of the page and locks ${count(locked, "part", "parts")}.`,
    showAll: "Show and unlock all",
  },
  present: {
    begin: "Present",
    beginHint: "Large type for a class: left and right go through the steps, up and down move the light, Esc ends",
    end: "End",
    light: "Light on",
    noLight: "the whole page",
    keys: "← → steps · ↑ ↓ light · Esc ends",
  },
} as const;

export const share = {
  open: "Share…",
  openHint: "A link or QR code that rebuilds this lab in another browser",
  title: "Share this lab",
  close: "Close",
  what: "What goes into the link",
  nothing: "Nothing is sent anywhere: all of it is in the link itself, as text that anyone who has the link can read.",
  parts: { method: "Method", seed: "Seed" },
  methods: { paper: "paper mode", improved: "improved mode" },
  settings: (changed: number) => (changed === 0 ? "default settings" : count(changed, "setting changed", "settings changed")),
  edits: (number: number, rephrasings: number) =>
    number === 0 ? "none" : `${number}, with ${count(rephrasings, "rephrasing", "rephrasings")}`,
  noPrompt: "none",
  gaps: "Edits were taken back one by one. The others are trained anew from the seed where the link is opened, and may get other codes. Write them all again first to make both the same.",
  view: "Begin at",
  viewTop: "the top of the page",
  lesson: (title: string, step: number) => `Open the lesson “${title}” at step ${step}`,
  controls: "Controls for learners",
  controlsNote: "Hidden parts are not on the receiver's page; locked ones can be read, not used.",
  states: { free: "free", locked: "locked", hidden: "hidden" },
  control: {
    threshold: "Threshold ε",
    rephrasings: "Rephrasings field",
    settings: "Mixture settings",
    decoding: "Decoding options",
  } satisfies Record<Exclude<ControlId, keyof typeof regions>, string>,
  link: "Link",
  size: (characters: number, comfortable: number) =>
    characters <= comfortable
      ? `${characters} characters: mail and chat carry it.`
      : `${characters} characters: some mail and chat programs cut links of more than ${comfortable}.`,
  copy: "Copy link",
  copied: "Copied.",
  copyFailed: "The browser did not let the page copy. The link is selected: copy it with Ctrl+C or ⌘C.",
  making: "Making the link…",
  failed: "There is no link for this lab",
  qr: "QR code of the link",
  qrTitle: (edits: number) => `QR code: opens this lab with ${count(edits, "edit", "edits")} in another browser`,
  tooLong: "The link is too long for a QR code that phones can read. Share fewer edits, or copy it.",
  band: {
    title: "Shared lab",
    reading: "Reading the link…",
    asking: (model: string) =>
      `This link is about ${model}, a model of the Hugging Face Hub. Loading it asks that host for it, which may be a large download.`,
    accept: "Load and rebuild",
    decline: "Stay with the built-in model",
    loading: "Loading the model of the link…",
    rebuilding: (done: number, of: number) => `Training the shared edits anew: ${Math.min(done + 1, of)} of ${of}`,
    settingUp: "Setting up as in the link…",
    progress: "Edits rebuilt",
    stop: "Stop",
    done: (edits: number) => (edits === 0 ? "The lab is set up as in the link." : `${count(edits, "edit was", "edits were")} rebuilt.`),
    outcome: (codes: Comparison, answers: Comparison): string => {
      const said: string[] = [];
      if (codes !== "unknown")
        said.push(codes === "same" ? "The codes are the sender's, bit for bit." : "Some codes differ from the sender's.");
      if (answers !== "unknown")
        said.push(answers === "same" ? "The answers are the sender's, word for word." : "Some answers differ from the sender's.");
      return said.join(" ");
    },
    different: "Another GPU may round sums differently, and edits that were taken back before sharing change those after them.",
    found: (project: string) => `You opened this link before: its project “${project}” is open, as you left it.`,
    afresh: "Start afresh from the link",
    stopped: "Rebuilding was stopped. What was made so far stays.",
    failed: "The link could not be opened",
    dismiss: "Close",
  },
} as const;
