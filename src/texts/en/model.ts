import type { LoadProgress } from "../../engine/protocol.ts";

// The words of the model in use, and of its way here.

export const model = {
  change: "Change model…",
  changeHint: "Another model: from the Hugging Face Hub, an address, your files, or those kept in this browser",
  name: ["Name", "What the model calls itself."],
  from: ["From", "The repository, address or file that it was read from."],
  builtIn: "built in",
  commit: ["Commit", "The exact state of the repository: the same commit holds the same weights."],
  architecture: ["Architecture", "The layout of the network."],
  parameters: ["Parameters", "Numbers the base model learned; editing leaves them as they are."],
  quantization: ["Weights stored as", "Bits a weight takes, and how many share a scale."],
  weightBytes: ["Weights on the GPU", "Bytes of the weights in GPU memory."],
  context: ["Context", "Longest text, in tokens, prompt and answer together."],
  shape: ["Shape", "Layers, width of the hidden states, attention heads."],
  vocabulary: ["Vocabulary", "Tokens the model can read and write."],
  tokens: (count: string) => `${count} tokens`,
  shapeText: (layers: number, width: number, heads: number) => `${layers} layers × ${width}, ${heads} heads`,
  replaceTitle: "Go on without the edits?",
  replaceText: (count: number) =>
    `Another model starts without edits. What you wrote stays at hand: ${count === 1 ? "the edit" : `the ${count} edits`} made so far can be written again with it.`,
  replaceConfirm: "Go on",
  keep: "Keep this model",
} as const;

export const loading = {
  label: "Loading the model",
  phases: {
    manifest: "Reading what it is",
    tokenizer: "Reading the tokenizer",
    weights: "Reading weights",
    checking: "Checking",
  } satisfies Record<LoadProgress["phase"], string>,
  downloading: "Downloading weights",
  begin: "Asking for the model…",
  of: (loaded: string, total: string) => `${loaded} of ${total}`,
  rate: (perSecond: string) => `${perSecond}/s`,
  left: (time: string) => `${time} left`,
  uploaded: (bytes: string) => `${bytes} on the GPU`,
  files: (count: number) => `${count} files`,
  notKept: "Not kept for the next time",
  pause: "Pause",
  resume: "Go on",
  pausing: "Pausing…",
  paused: "Paused",
  retrying: "The connection broke; what is missing is asked for again…",
  cancel: "Cancel loading",
  cancelled: "Loading was cancelled.",
  leftOff: (loaded: string, total: string) =>
    `${loaded} of ${total} were downloaded and are kept in this browser: loading goes on from there, also after the page was closed.`,
  retry: "Load the model",
  goOn: "Go on",
  dismiss: "Dismiss",
  failed: "The model could not be loaded",
  gpuFailed: "The engine could not start",
  keptAfterFailure: "The model loaded before is still in use.",
} as const;
