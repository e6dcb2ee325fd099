// The words of the edit ledger: the method, what a draft would meet, the queue, files of edits, and what can be done with each edit.

const edits = (count: number): string => (count === 1 ? "1 edit" : `${count} edits`);

export const method = {
  title: "Method",
  names: { paper: "Paper mode", improved: "Improved mode" },
  hints: {
    paper: "Edits share experts; a router picks them, and codes of what it picks tell which edit answers. As published.",
    improved:
      "Each edit has experts of its own, so that none can undo another; it answers where its subject is named and the prompt is near.",
  },
} as const;

export const foresight = {
  title: "Before you train",
  replaces: (id: number, answer: string) => `Stands in for edit ${id} (“${answer}”): both are about the same fact.`,
  answered: (id: number, answer: string) => `This prompt is now answered by edit ${id} (“${answer}”).`,
  shares: (experts: number, of: number, id: number) =>
    `Shares ${experts} of ${of} experts with edit ${id}, which trains again with them and may be lost.`,
  fewer: (count: number) => `Shares fewer experts with ${count === 1 ? "1 other edit" : `${count} other edits`}.`,
} as const;

export const queue = {
  title: "Queue",
  add: "Add to queue",
  addHint: "Trains in the background, after those that wait; you can go on asking meanwhile.",
  counts: (waiting: number, failed: number, done: number) =>
    [`${waiting} waiting`, failed > 0 ? `${failed} failed` : "", done > 0 ? `${done} done` : ""].filter(Boolean).join(" · "),
  pause: "Pause queue",
  resume: "Go on with the queue",
  paused: "Paused",
  pausing: "Pauses after this edit",
  empty: "Empty queue",
  removed: (count: number) => `${edits(count)} taken out of the queue.`,
  takeBack: "Put back",
  waiting: "waits",
  training: "trains",
  failed: "failed",
  step: (step: number, steps: number) => `step ${step} of ${steps}`,
  cancel: (prompt: string) => `Take out of the queue: ${prompt}`,
  retry: (prompt: string) => `Try again: ${prompt}`,
  retryShort: "Try again",
  revise: (prompt: string) => `Back to the form: ${prompt}`,
  reviseShort: "Back to the form",
} as const;

export const imports = {
  open: "Import edits…",
  title: "Import edits",
  close: "Close",
  pick: "Pick a file of edits…",
  formats:
    "A CSV with the columns prompt and answer (subject and rephrasings if you have them), CounterFact, zsRE, or your own records as JSON. The file stays in this browser.",
  drop: "Or drop it here.",
  reading: (name: string) => `Reading ${name}…`,
  failed: "The file could not be read",
  found: (name: string, records: number, problems: number) =>
    `${name}: ${edits(records)}${problems === 0 ? "" : `, ${problems === 1 ? "1 fault" : `${problems} faults`}`}`,
  firstOnly: (shown: number) => `The first ${shown} can be chosen from; divide the file for the rest.`,
  limit: "At most",
  limitHint: "How many of the chosen edits go into the queue, from the top.",
  table: "Edits of the file",
  all: "All edits of the file",
  columns: { row: "Row", prompt: "Prompt", answer: "Answer", subject: "Subject", rephrasings: "Rephrasings" },
  choose: (row: number) => `Take row ${row}`,
  wholeFile: "file",
  problem: (field: string, got: string, expected: string) => `${field}: got ${got}, expected ${expected}`,
  moreProblems: (count: number) => `${count} more faults are not shown.`,
  page: (from: number, to: number, of: number) => `Rows ${from} to ${to} of ${of}`,
  earlier: "Rows before",
  later: "Rows after",
  queue: (count: number) => `Queue ${edits(count)}`,
} as const;

export const ledger = {
  undo: "Undo",
  undoHint: "Takes back the last change of the edits: Ctrl+Z",
  redo: "Redo",
  redoHint: "Makes the change again: Ctrl+Shift+Z",
  check: "Check all",
  checkHint: "Asks every edit that is on whether it still holds.",
  forgetAll: "Forget all",
  said: {
    forgotten: (id: number) => `Edit ${id} is forgotten.`,
    cleared: (count: number) => `${edits(count)} forgotten.`,
    rewritten: (count: number) => `${edits(count)} written again from the seed.`,
    dropped: (count: number) => `${edits(count)} from before let go.`,
    undone: "The last change is undone.",
    redone: "The change is made again.",
  },
  takeBack: "Take it back",
  left: (count: number) => `${edits(count)} left from before, by another method, other settings or another model.`,
  leftHint: (name: string) => `Write them again with ${name} at once, or one by one in the queue while you go on.`,
  rewriteLeft: "Write them again",
  queueLeft: "Put them into the queue",
  dropLeft: "Let them go",
  order: "Another order is planned.",
  orderHint: "Edits are written one after another, and later ones may undo earlier ones. Writing them again starts from the seed.",
  rewrite: "Write all again",
  rewriteHint: "Starts again from the seed and writes the edits in this order.",
  rewriteInOrder: "Write all again in this order",
  keepOrder: "Keep the order",
  rewriting: "Writing the edits again",
  rewritingOne: (done: number, of: number) => `Writing edit ${done + 1} of ${of} again…`,
  cancelRewrite: "Cancel and keep the edits",
  row: (id: number) => `Edit ${id}`,
  on: (id: number) => `Edit ${id} in force`,
  onHint: "Off: prompts are answered as if the edit were not there.",
  off: "off",
  forget: (id: number) => `Forget edit ${id}`,
  forgetShort: "Forget",
  details: (id: number) => `Details of edit ${id}`,
  tryShort: "Try",
  holds: (probability: string) => `holds, ${probability}`,
  lost: (id: number, probability: string) => `lost since edit ${id}, ${probability}`,
  fails: (probability: string) => `does not hold, ${probability}`,
  standingHint:
    "Whether the model still gives the whole answer after the edit's prompt, and with what probability, when it was last asked.",
  strengthMark: (factor: string) => `strength ${factor}`,
  subject: (subject: string) => `about ${subject}`,
  moveUp: (id: number) => `Move edit ${id} up: write it later`,
  moveDown: (id: number) => `Move edit ${id} down: write it earlier`,
  place: "Order",
  placeHint: "Also Alt+↑ and Alt+↓ in the row. Nothing is written before you say so.",
} as const;

export const strength = {
  title: "Strength",
  hint: "Factor on the edit's adapters: 1 as trained, 0 as if it were off. Applied when you let go.",
  label: (id: number) => `Strength of edit ${id}`,
  value: (factor: string, probability: string | null) =>
    probability === null ? factor : `${factor}, probability of the answer ${probability}`,
  reset: "As trained",
  curve: (points: string) => `Probability of the answer by strength: ${points}`,
  curveHint: "Probability of the whole answer after the edit's prompt, at each strength",
  measuring: "Measuring the curve…",
  columns: { strength: "Strength", probability: "Probability of the answer" },
} as const;

export const scorecard = {
  title: "Scorecard",
  measuring: "Measuring what the edit did…",
  measure: "Measure what it did",
  again: "Measure again",
  failed: "The edit could not be measured",
  after: (id: number) => `measured after edit ${id}`,
  reliability: ["Reliability", "Whether the edit's own prompt gets the answer, and its probability."],
  rephrasings: ["Rephrasings", "How many of its rephrasings get the answer."],
  locality: ["Kept elsewhere", "Prompts that the edit is not about, and that keep the answer of the base model."],
  lost: ["Edits lost", "Other edits that held before and hold no more."],
  share: (count: number, of: number) => (of === 0 ? "none" : `${count} of ${of}`),
  lostNone: "none",
  each: "Every prompt",
  columns: { prompt: "Prompt", outcome: "Outcome" },
  yes: "yes",
  no: "no",
  reached: (probability: string) => `gives the answer, ${probability}`,
  missed: (probability: string, deferred: boolean) =>
    `does not give it, ${probability}${deferred ? ": answered by the base model, the edit is not reached" : ""}`,
  kept: (text: string) => `keeps “${text}”`,
  changed: (before: string, after: string, edit: number | null) =>
    `changed from “${before}” to “${after}”${edit === null ? "" : `, by edit ${edit}`}`,
} as const;
