/** Parts of the page whose script is not needed to begin with: fetched when they are first drawn, or once there is nothing better to do. */

const waiting = new Set<() => Promise<unknown>>();

/** A part for React's `lazy`: loaded once, and again after a failure. Call it where modules begin, so that `loadLateParts` knows of it. */
export function latePart<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  const once = (): Promise<T> => {
    waiting.delete(once);
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
  waiting.add(once);
  return once;
}

/** Loads all parts, and those that become known with them. What cannot be loaded now is tried again when it is drawn. */
export async function loadLateParts(): Promise<void> {
  while (waiting.size > 0) await Promise.allSettled([...waiting].map((load) => load()));
}
