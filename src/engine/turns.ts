/** One of those who use something one at a time, in the order of asking. */
export interface Turn {
  end(): void;
  /** Does what needs no turn; whoever asked meanwhile goes first. */
  aside<T>(work: () => Promise<T>): Promise<T>;
}

/** @returns takes a turn: asked for when called, given when it resolves */
export function createTurns(): () => Promise<Turn> {
  let last: Promise<void> = Promise.resolve();
  const ask = (): Promise<() => void> => {
    const before = last;
    let free = (): void => {};
    last = new Promise((resolve) => (free = resolve));
    return before.then(() => free);
  };
  return async () => {
    let free = await ask();
    return {
      end: () => free(),
      async aside(work) {
        free();
        try {
          return await work();
        } finally {
          free = await ask();
        }
      },
    };
  };
}
