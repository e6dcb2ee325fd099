import { cancelled } from "../lib/errors.ts";

/** One of those who use something one at a time, in the order of asking. */
export interface Turn {
  /** Work that still goes on is not waited for. */
  end(): void;
  /** Does what needs no turn; whoever asked meanwhile goes first. @throws EngineError `cancelled` once the turn has ended */
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
    let ended = false;
    return {
      end() {
        ended = true;
        free();
      },
      async aside(work) {
        // Left off by its call, which ended without it: it holds nobody up.
        if (ended) throw cancelled();
        free();
        try {
          return await work();
        } finally {
          if (!ended) free = await ask();
          if (ended) free();
        }
      },
    };
  };
}
