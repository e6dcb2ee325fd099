// The words of the frame around everything, and those that all parts share.

export const app = {
  name: "ELDER Lab",
  tagline: "Edit what a language model knows, and watch where it is routed",
  toContent: "Skip to the prompt",
  theme: "Theme",
  themes: { system: "System theme", light: "Light theme", dark: "Dark theme" },
  language: "Language",
  languageFailed: "not loaded",
  languageFailedHint: "The words of this language could not be read. Choose it again when the page can be reached.",
  software: "software adapter",
  wrongResults: "results may be wrong",
  pageParts: "Parts of the page",
  crashed: "The page failed to draw",
  crashedHint: "This is a fault of the program. Reload the page: what was saved is there again.",
  reload: "Reload the page",
  framed: "This page does not run inside another one",
  framedHint: "Whoever shows it here could lay something of their own over its buttons.",
  openAlone: "Open it by itself",
  status: {
    starting: "Starting the GPU…",
    loading: "Loading the model…",
    opening: "Opening the project…",
    configuring: "Setting up the mixture…",
    training: "Training an edit…",
    generating: "Generating…",
    stopped: "Stopped",
    idle: "Ready",
  },
} as const;

export const regions = {
  model: "Model",
  prompt: "Prompt",
  answers: "Before and after",
  edit: "Edit",
  edits: "Edits",
  routing: "Routing",
  scope: "Scope",
  device: "Device",
  storage: "Storage",
  projects: "Projects",
  evaluation: "Evaluation",
} as const;

export const common = { retry: "Try again", cancel: "Cancel", none: "–" } as const;

export const issues = {
  missing: "Choose at least one.",
  "not-a-number": "Enter a number.",
  "not-an-integer": "Enter a whole number.",
  tooSmall: (limit: number) => `Enter ${limit} or more.`,
  tooLarge: (limit: number) => `Enter ${limit} or less.`,
} as const;
