// The words of what this browser keeps.

export const storage = {
  reading: "Looking what is kept…",
  unavailable:
    "This browser keeps nothing for this page, as in a private window or with site data blocked: models are read anew each time.",
  used: (used: string, quota: string) => `${used} used of the ${quota} that the browser allows`,
  usedLabel: "Storage used",
  unknownQuota: "The browser does not say how much it allows.",
  empty: "No models are kept.",
  caption: "Kept models",
  columns: { model: "Model", format: "Format", size: "Size", kept: "Kept on", actions: "What to do" },
  unfinished: "Unfinished downloads",
  progress: (name: string) => `Downloaded of ${name}`,
  load: "Load",
  loadOne: (name: string) => `Load ${name}`,
  goOn: "Go on…",
  goOnOne: (name: string) => `Go on with ${name}`,
  remove: "Remove",
  removeOne: (name: string) => `Remove ${name}`,
  removeTitle: "Remove it from this browser?",
  removeText: (name: string, bytes: string) =>
    `${name} takes ${bytes}. Loading it again will need its files again, and so the whole download.`,
  removeConfirm: "Remove",
  keep: "Keep it",
  failed: "The storage could not be used",
  persisted: "The browser promised not to clear it on its own.",
  notPersisted: "The browser may clear it when space runs short.",
  persist: "Ask it not to",
  asking: "Asking the browser…",
  refused: "The browser refused. It may agree later, once this page is bookmarked, installed, or used more often.",
} as const;
