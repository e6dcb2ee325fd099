import { errorFacts } from "../lib/errors.ts";
import type { ErrorFacts } from "../lib/errors.ts";

/** Uses what a call of the engine comes to; never rejects. @returns whether it succeeded */
export async function settle<T>(call: Promise<T>, done: (result: T) => void, failed: (error: ErrorFacts) => void): Promise<boolean> {
  try {
    done(await call);
    return true;
  } catch (thrown) {
    failed(errorFacts(thrown));
    return false;
  }
}

/** An answer that comes after its call was abandoned belongs to nobody. */
export const unlessAborted =
  <T>(signal: AbortSignal, use: (value: T) => void) =>
  (value: T): void => {
    if (!signal.aborted) use(value);
  };
