import { formatFixed } from "../../ui/format.ts";

// The words of asking and of the answers.

export const prompt = {
  field: "Prompt",
  hint: "The model continues this text. Ctrl+Enter generates.",
  examples: "Example prompts…",
  generate: "Generate",
  compare: "Compare",
  stop: "Stop",
  generateHint: "Continue the prompt with the edited model (Ctrl+Enter)",
  compareHint: "Continue the prompt twice: with the edits off, then with the edits on",
  maxTokens: ["Max tokens", "The answer ends after this many tokens at the latest."],
  decoding: ["Decoding", "Greedy takes the most probable token each time; sampled draws one by the rules at the right."],
  decodings: { greedy: "Greedy", sampled: "Sampled" },
  temperature: ["Temperature", "Divides the logits before the draw: below 1 is bolder in what is likely, above 1 more even."],
  topK: ["Top-k", "Only the k most probable tokens can be drawn."],
  topP: ["Top-p", "Only the smallest set of tokens whose probabilities sum to p can be drawn."],
  seed: ["Seed", "The same seed draws the same tokens."],
  stopAtSentence: ["Stop at sentence end", "Stops after the first sentence end, newline or end of text."],
} as const;

export const answers = {
  base: "Base model",
  baseHint: "The mixtures are switched off: what the model says without any edit.",
  edited: "Edited model",
  editedHint: "The deferral rule decides, prompt by prompt, whether the mixtures answer.",
  empty: { base: "Compare shows the answer without edits here.", edited: "Generate shows the answer here." },
  queued: "Waiting for its turn…",
  cancelled: "Stopped by you.",
  otherPrompt: "Answer to an earlier prompt",
  stopped: { length: "reached max tokens", end: "end of text", sentence: "sentence end" },
  speed: ["Speed", "Generated tokens per second, the prompt's pass not counted."],
  firstToken: ["First token", "Time from the call to the first token, the prompt's pass included."],
  ended: ["Ended by", "Why the answer stopped."],
  perSecond: (rate: number) => `${formatFixed(rate, rate < 10 ? 1 : 0)} tokens/s`,
  tokens: "Tokens of the answer. Arrow keys walk through them.",
  token: (text: string, probability: string) => `${text}, probability ${probability}`,
  card: { id: "Token", probability: "Probability", candidates: "Most probable here" },
} as const;
