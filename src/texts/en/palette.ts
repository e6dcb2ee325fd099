// The words of the commands that no button says, of their list, and of the keys.

const count = (number: number): string => (number === 1 ? "1 command" : `${number} commands`);

export const palette = {
  open: "Commands",
  hint: "Everything the page can do, by name",
  title: "All commands",
  close: "Close",
  search: "What would you like to do?",
  found: (number: number) => (number === 0 ? "No such command. Try a shorter word." : count(number)),
  notNow: "not now",
  notNowHint: "This one waits for something: the model, an answer under way, or something to act on.",
  groups: { ask: "Ask", edit: "Edit", look: "Look", learn: "Learn", model: "Model", go: "Go to", page: "Page" },
  goTo: (place: string) => `Go to ${place}`,
  theme: (theme: string) => `Theme: ${theme}`,
  language: (name: string) => `Language: ${name}`,
  writePrompt: "Write a prompt",
  compare: "Compare base and edited model",
  stop: "Stop what is under way",
  greedy: "Decode greedily",
  sampled: "Draw tokens at random",
  writeEdit: "Write an edit",
  undo: "Undo the last change of the edits",
  redo: "Redo the change of the edits",
  checkEdits: "Check whether all edits hold",
  forgetEdits: "Forget all edits",
  method: (name: string) => `Method: ${name}`,
  startEvaluation: "Start the evaluation",
  pauseEvaluation: "Pause the evaluation",
  resumeEvaluation: "Go on with the evaluation",
  stopEvaluation: "Stop the evaluation",
  learn: "Learn: all lessons",
  closeLearn: "Close the lessons",
  present: "Present to a class",
  endPresenting: "End presenting",
  stopProof: "Stop the kernel proof",
  keyboard: "Keyboard",
  bench: "Benchmark, in a new tab",
  everywhere: "Everywhere",
  keyNames: { Ctrl: "Ctrl", Shift: "Shift", Enter: "Enter", Home: "Home", End: "End" },
  places: {
    over: { title: "In what lies over the page", does: ["go through the commands", "close"] },
    fields: { title: "In the prompt and the rephrasings", does: ["generate, or train the edit"] },
    tokens: {
      title: "On the tokens of an answer",
      does: ["from token to token, with its numbers", "to the first, to the last", "close the numbers"],
    },
    heatmap: { title: "On a heatmap", does: ["from cell to cell, each read out", "to the first token, to the last"] },
    presenting: { title: "While presenting", does: ["a step back, a step on", "move the light", "end"] },
  },
} as const;

/** Of the guide's frame; what it says comes with it. */
export const guide = { title: "User guide", close: "Close" } as const;
