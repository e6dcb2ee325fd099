import type { PauseSwitch } from "./protocol.ts";

/** The worker's end of a pause that the page sets. */
export function createPause(): PauseSwitch & { set(paused: boolean): void } {
  const listeners: ((paused: boolean) => void)[] = [];
  let paused = false;
  return {
    get paused() {
      return paused;
    },
    onChange: (listener) => void listeners.push(listener),
    set(next) {
      if (next === paused) return;
      paused = next;
      for (const listener of listeners) listener(next);
    },
  };
}
