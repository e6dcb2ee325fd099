import { cancelled, throwIfCancelled } from "./errors.ts";

/** Waits for conditions that others make true, and say so. */
export interface Watch {
  /** @throws EngineError `cancelled`, and what `isTrue` throws */
  until(isTrue: () => boolean, signal?: AbortSignal): Promise<void>;
  /** Looks at all conditions again. */
  wake(): void;
}

export function createWatch(): Watch {
  const looks = new Set<() => void>();
  return {
    async until(isTrue, signal) {
      throwIfCancelled(signal);
      if (isTrue()) return;
      await new Promise<void>((resolve, reject) => {
        const end = (): void => {
          looks.delete(look);
          signal?.removeEventListener("abort", stop);
        };
        const look = (): void => {
          try {
            if (!isTrue()) return;
            resolve();
          } catch (thrown) {
            reject(thrown);
          }
          end();
        };
        const stop = (): void => {
          end();
          reject(cancelled());
        };
        looks.add(look);
        signal?.addEventListener("abort", stop);
      });
    },
    wake: () => looks.forEach((look) => look()),
  };
}
