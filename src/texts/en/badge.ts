// What the page costs and keeps: the figures in the header, the page without a network, its new versions.

export const badge = {
  label: "What this page costs",
  loaded: [
    "Loaded",
    "Bytes read since the page was opened, by the page and its engine: packed as they came over the network or out of the browser's cache.",
  ],
  atLeast: (bytes: string) => `over ${bytes}`,
  memory: ["GPU memory", "GPU memory the engine has allocated, buffers that wait to be used again included."],
  speed: ["Speed", "Tokens per second of the last answer, the prompt's pass not counted."],
  perSecond: (rate: number) => `${rate.toFixed(rate < 10 ? 1 : 0)} tok/s`,
  requests: [
    "Requests",
    "Files fetched since the model and all parts of the page were there, by the page and its engine. Everything runs in this tab: without another model to load it stays 0.",
  ],
  last: (address: string) => ` Last: ${address}`,
  offline: {
    keeping: ["Keeping…", "The page and the built-in model are being kept in this browser, so that they open without a network."],
    kept: ["Works offline", "The page and the built-in model are kept in this browser: they open and edit without a network."],
    unable: ["Online only", "This browser keeps nothing for this page, so that it needs its host to open."],
  },
} as const;

export const update = {
  title: "A new version of this page is here",
  text: "It takes over when you reload; what is saved is there again. Until then everything goes on as it is.",
  reload: "Reload with the new version",
  later: "Later",
  confirmTitle: "Reload now?",
  confirmText: (edits: number) =>
    `${edits === 1 ? "Your edit" : `Your ${edits} edits`} cannot be made anew by themselves: their model is known to this tab only, some were taken back, or they are too many. The new version waits as long as you like.`,
} as const;
