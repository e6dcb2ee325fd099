/** Something that can be held and let go on. */
export interface PauseSwitch {
  readonly paused: boolean;
  /** Told of each change. */
  onChange(listener: (paused: boolean) => void): void;
}

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
