import type { EvaluationNumber } from "../../store/evaluationSlice.ts";
import { formatCount } from "../../ui/format.ts";

const plural = (count: number, one: string): string => `${formatCount(count)} ${one}${count === 1 ? "" : "s"}`;

/** The words of the evaluation. */
export const evaluation = {
  intro:
    "Writes many edits one after another with one method, and measures along the way what still holds. What it writes stays its own: neither the model nor your edits change, and you can go on asking meanwhile.",
  show: "Set up an evaluation",
  hide: "Hide the setup",
  inHeader: (done: number, of: number | null) => (of === null ? "evaluating…" : `evaluating ${done} of ${of}`),
  edits: {
    title: "Edits to evaluate",
    builtIn: "Built-in edits",
    builtInHint: "More than a thousand changed facts of the built-in model, with rephrasings and prompts that should keep their answers",
    pick: "Pick a file…",
    pickHint:
      "CounterFact (also as ROME released it), zsRE, own records as JSON or JSON lines, or a CSV with the columns prompt and answer",
    drop: "Or drop it here: CounterFact, zsRE, JSON, JSON lines or CSV. It is read where it is; nothing is sent anywhere.",
    reading: (name: string) => `Reading ${name}…`,
    failed: "These edits cannot be used",
    again: "Try again",
    from: (name: string, file: string) => (file.startsWith(name) ? name : `${name} (${file})`),
    counts: {
      records: ["Edits", "Facts to be changed, each with its new answer."],
      rephrasings: ["Rephrasings", "Other phrasings that the method learns from, over all edits."],
      heldOut: ["Held out", "Rephrasings that the method never sees: they measure generalization."],
      near: ["Near", "Prompts on the same subject or the same relation that should keep the base model's answer."],
      far: ["Far", "Other facts, questions and prose that should keep the base model's answer."],
      prose: ["Plain texts", "Texts whose perplexity says whether the model still reads as before."],
    } satisfies Record<string, readonly [string, string]>,
    first: "The first edits",
    columns: { prompt: "Prompt", answer: "New answer", more: "With it" },
    more: (rephrasings: number, heldOut: number, locality: number) =>
      `${plural(rephrasings, "rephrasing")}, ${heldOut} held out, ${locality} to keep`,
    problems: (count: number) => `${plural(count, "problem")} in the file; rows in fault are left out`,
    problemColumns: { row: "Row", field: "Field", got: "Got", expected: "Expected" },
    wholeFile: "file",
    moreProblems: (count: number) => `and ${count} more`,
  },
  form: {
    title: "Run",
    method: ["Method", "How edits are written; the README and docs say what each does."],
    noMethod: "Load a model first",
    numbers: {
      limit: ["Edits at most", "As many of the file, in an order that the seed shuffles."],
      every: ["Measure after every", "Edits between two checkpoints, at each of which all edits so far are measured."],
      seed: ["Seed", "The same seed gives the same order, the same edits and the same result."],
    } satisfies Record<EvaluationNumber, readonly [string, string]>,
    start: "Start",
    pause: "Pause",
    resume: "Go on",
    stop: "Stop",
    stopHint: "Ends the run; what was measured so far stays on the page",
    waiting: {
      model: "Waits for a model.",
      edits: "Waits for edits.",
      numbers: "Waits for numbers that can be read.",
    },
    slow: "This is a software adapter: an edit takes seconds.",
    slowUnknown: (edits: number) =>
      `${plural(edits, "edit")} may take very long. How long is estimated from the first edits; you can stop at any time, and what was measured stays.`,
    slowKnown: (edits: number, time: string) =>
      `At the speed of the last run ${plural(edits, "edit")} take ${time}, measuring not counted.`,
  },
  progress: {
    label: "Evaluation progress",
    starting: "Starting…",
    editing: (next: number, of: number) => `Writing edit ${Math.min(next, of)} of ${of}`,
    measuring: (after: number, done: number, of: number) => `Measuring after ${plural(after, "edit")}: ${done} of ${of}`,
    pausing: "Pausing after this step…",
    held: "Paused",
    done: ["Edits done", "Records taken so far; those that cannot be written count as well."],
    doneText: (done: number, of: string) => `${done} of ${of}`,
    speed: ["Time an edit", "Mean over the last twenty edits, measuring not counted."],
    left: ["Time left", "At the speed of the last edits and checkpoints."],
    leftText: (time: string, atLeast: boolean) => (atLeast ? `more than ${time}` : `about ${time}`),
    leftUnknown: "known after three edits",
    refused: ["Refused", "Records that cannot be written, e.g. since the base model gives their answer already."],
    long: (time: string) => `At this speed it takes about ${time} more.`,
    longHint: "Stop ends it; what was measured so far stays. Fewer edits take less.",
  },
  ended: {
    stopped: "Stopped. What was measured so far stays below.",
    stoppedEarly: "Stopped before anything was measured.",
    failed: "The evaluation ended early",
  },
  results: {
    title: "Results",
    loading: "Loading the charts…",
    notLoaded: "The charts could not be loaded",
    notLoadedHint: "The page's own files cannot be reached. Reload the page when they can be, and start again.",
    way: ["Measured by", "The two are different quantities and are never drawn or listed together."],
    ways: {
      free: [
        "Free decoding",
        "The model answers by itself, greedily; a prompt counts when the whole answer is the one wanted. Counts are prompts.",
      ],
      teacherForced: [
        "Teacher-forced",
        "The model is given the right answer so far, and each next token it would choose is counted. Easier, and what most papers report. Counts are tokens.",
      ],
    },
    metrics: {
      reliability: ["Reliability", "Share of the edits so far whose own prompt gives the new answer."],
      generalization: ["Generalization", "The same on rephrasings that the method never saw."],
      localityNear: ["Locality, near", "Share of prompts on the same subject or the same relation that keep the base model's answer."],
      localityFar: ["Locality, far", "Share of other facts, questions and prose that keep the base model's answer."],
    },
    retention: ["Perplexity ratio", "Perplexity on plain texts, edited over base model: at 1 they are read as before."],
    after: "After edit",
    curve: (metric: string, way: string, ends: readonly string[]) =>
      ends.length === 0 ? `${metric}, ${way}: nothing was measured` : `${metric} over edits, ${way}. ${ends.join(". ")}`,
    curveEnd: (run: string, value: string, edits: number) => `${run}: ${value} after ${plural(edits, "edit")}`,
    side: [
      "Methods side by side",
      "The latest state of every run. Whiskers: 95 % of 2,000 draws of the run's edits with replacement; known once a run is done.",
    ],
    sideValue: (metric: string, run: string, value: string, interval: string) =>
      `${metric}, ${run}: ${[value, interval].filter(Boolean).join(", ")}`,
    interval: (low: string, high: string) => `${low} to ${high}`,
    intervalHint: "95 % interval over the edits of this run (bootstrap)",
    csv: {
      value: "value",
      metric: "metric",
      way: "measured by",
      share: "share",
      low: "95 % low",
      high: "95 % high",
      hits: "hits",
      of: "of",
    },
    runs: "Runs of this tab",
    runFacts: (edits: string, seed: number, model: string) => `${edits}, seed ${seed}, ${model}`,
    status: { running: "running", done: "done", stopped: "stopped", failed: "failed" },
    table: (way: string) => `The latest state of each run, ${way}: share, and hits over all.`,
    columns: { run: "Run", edits: ["Edits", "Edits written, and records refused."] },
    editsText: (written: number, refused: number) => (refused === 0 ? `${written}` : `${written} (${refused} refused)`),
    count: (hits: number, of: number) => `${hits}/${of}`,
    nothing: "The file has no such prompts",
    download: "Download JSON",
    downloadOne: (run: string) => `Download the result of ${run} as JSON`,
    downloadHint: "The result as npm run evaluate writes it, for --merge",
    downloadLater: "There is a file once the run has come to its end",
    remove: "Remove",
    removeOne: (run: string) => `Remove ${run} from the page`,
    refusedTitle: (count: number) => `${plural(count, "record")} refused`,
    file: (method: string, edits: string, seed: number) =>
      `evaluation ${method} ${edits} seed ${seed}`
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/gu, "-")
        .concat(".json"),
  },
  matrix: {
    title: "Which edits hold, and since when not",
    hint: "A column for each edit, in the order of editing; a row for each checkpoint. Free decoding of the edit's own prompt.",
    run: ["Run", "Whose edits are shown."],
    label: "Edits by time: a column for each edit, a row for each checkpoint. Arrow keys move, Home and End go to the first and last edit.",
    kind: "matrix",
    holds: "holds",
    lost: "lost",
    readoutHint: "Point at a cell, or focus the picture and use the arrow keys.",
    readout: (edit: number, id: string, after: number, state: string) => `Edit ${edit} (${id}), after ${plural(after, "edit")}: ${state}`,
    states: ["not written yet", "holds", "does not hold"],
    asTable: "Show as table",
    asPicture: "Show as picture",
    caption: "Each edit and what became of it",
    columns: { edit: "Edit", id: "Record", now: "In the end", history: "At the checkpoints" },
    change: (holds: boolean, after: number) => `${holds ? "holds" : "lost"} after ${after}`,
  },
} as const;
