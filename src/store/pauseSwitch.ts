import type { PauseSwitch } from "../engine/protocol.ts";

/** A pause that the page sets while a load runs. */
export function createPauseSwitch(): PauseSwitch & { set(paused: boolean): void } {
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
      for (const listener of listeners) listener(paused);
    },
  };
}
