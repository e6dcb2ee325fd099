import type { LoadProgress } from "./protocol.ts";

/** Between two reports where only counts changed, milliseconds: more often than anyone reads. */
const pace = 80;

/** Puts the parts of a load's progress together. Reports at once where the phase or state changes, else now and then. */
export interface ProgressReport {
  set(fields: Partial<LoadProgress>): void;
  /** The latest, if it was not reported. */
  flush(): void;
}

export function createProgress(emit: (progress: LoadProgress) => void, now: () => number = () => performance.now()): ProgressReport {
  let progress: LoadProgress = {
    phase: "manifest",
    state: "running",
    file: "",
    loadedBytes: 0,
    totalBytes: 0,
    files: [],
    bytesPerSecond: null,
    secondsLeft: null,
    uploadedBytes: 0,
    notKept: null,
  };
  let last = -Infinity;
  let pending = false;
  const report = (): void => {
    pending = false;
    last = now();
    emit(progress);
  };
  return {
    set(fields) {
      const before = progress;
      progress = { ...before, ...fields, loadedBytes: Math.max(before.loadedBytes, fields.loadedBytes ?? 0) };
      pending = true;
      const turned = progress.phase !== before.phase || progress.state !== before.state || progress.notKept !== before.notKept;
      if (turned || now() - last >= pace) report();
    },
    flush() {
      if (pending) report();
    },
  };
}
