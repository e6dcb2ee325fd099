// The recorded run that plays until the model is there, and where there can be none.

export const recorded = {
  title: "Recorded run",
  mark: [
    "Recording",
    "Nothing in this panel is computed now. It shows what was recorded from the built-in model with this program; the same seed gives the same numbers.",
  ],
  from: (model: string, quantization: string, seed: number) => `${model}, ${quantization}, seed ${seed}`,
  until: "A recording plays until the model is there; the same panels are live then.",
  instead: "This is a recording: there is no live model here.",
  missing: "The recorded run cannot be shown",
  ready: "The live model is ready.",
  goLive: "Use the live model",
  play: "Play",
  again: "Play again",
  pause: "Pause",
  back: "Previous scene",
  forth: "Next scene",
  scenes: "Scenes",
  scene: {
    ask: "Before",
    train: "Edit",
    edited: "After",
    rephrased: "Rephrased",
    unrelated: "Unrelated",
  },
  ask: (prompt: string, answer: string) => `“${prompt}” The base model continues: “${answer}”`,
  train: (answer: string, steps: number) =>
    `An edit is trained: the answer should be “${answer}”. ${steps} steps, in experts that the edit was assigned.`,
  edited: (prompt: string, answer: string) => `The same prompt once more: “${prompt}” now continues with “${answer}”`,
  rephrased: (prompt: string, inScope: boolean) =>
    inScope
      ? `Words it was never trained on: “${prompt}” The routers pick nearly the same experts, so the edit answers.`
      : `Words it was never trained on: “${prompt}” The routers pick other experts, so the base model answers.`,
  unrelated: (prompt: string, inScope: boolean) =>
    inScope
      ? `Something else: “${prompt}” It is routed so near the edit that the edit answers here too.`
      : `Something else: “${prompt}” The routers pick other experts, so the base model answers, unchanged.`,
  draft: { prompt: "Edit prompt", answer: "New answer", rephrasings: "Rephrasings it is trained on" },
} as const;
