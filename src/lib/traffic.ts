/** What a page and its workers fetch, as the browser's own records tell it. */

export interface FetchedFile {
  readonly address: string;
  /** As it came over the network or out of the browser's cache, packed; null where another host does not tell. */
  readonly bytes: number | null;
  /** Milliseconds since 1970, when the request began: the same clock in the page and in its workers. */
  readonly at: number;
}

/** Tells of every file fetched in this thread, those before the call included. Nothing where the browser keeps no records. */
export function watchTraffic(tell: (files: readonly FetchedFile[]) => void): void {
  if (typeof PerformanceObserver === "undefined" || !PerformanceObserver.supportedEntryTypes.includes("resource")) return;
  const observer = new PerformanceObserver((list) =>
    tell(list.getEntries().map((entry) => fetchedFile(entry as PerformanceResourceTiming))),
  );
  observer.observe({ type: "resource", buffered: true });
}

/** Other hosts may keep the size to themselves: it reads 0 then. */
function fetchedFile({ name, encodedBodySize, startTime }: PerformanceResourceTiming): FetchedFile {
  return { address: name, bytes: encodedBodySize > 0 ? encodedBodySize : null, at: performance.timeOrigin + startTime };
}
