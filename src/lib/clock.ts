/** Time and chance, so that tests can do without waiting. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Ends early, without an error, when the signal is set. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** @returns stops it */
  every(milliseconds: number, act: () => void): () => void;
  /** Uniform in [0, 1). */
  random(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      if (signal?.aborted) end();
      else signal?.addEventListener("abort", end);
    }),
  every: (milliseconds, act) => {
    const timer = setInterval(act, milliseconds);
    return () => clearInterval(timer);
  },
  random: () => Math.random(),
};
