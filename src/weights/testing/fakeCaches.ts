/** As much of Cache Storage as the store uses, for Node: it keeps bodies and headers, and refuses what browsers refuse. */
export function fakeCaches(limitBytes: number): CacheStorage {
  const kept = new Map<string, { readonly body: ArrayBuffer; readonly headers: Headers }>();
  const cache: Partial<Cache> = {
    match: async (request) => {
      const found = kept.get(addressOf(request));
      return found && new Response(found.body.slice(), { headers: found.headers });
    },
    put: async (request, response) => {
      if (response.status === 206) throw new TypeError("Partial response (status code 206) is unsupported");
      const body = await response.arrayBuffer();
      const used = [...kept.values()].reduce((sum, other) => sum + other.body.byteLength, 0);
      if (used + body.byteLength > limitBytes) throw new DOMException("Quota exceeded.", "QuotaExceededError");
      kept.set(addressOf(request), { body, headers: response.headers });
    },
    delete: async (request) => kept.delete(addressOf(request)),
    keys: async () => [...kept.keys()].map((url) => new Request(url)),
  };
  return { open: async () => cache as Cache } as unknown as CacheStorage;
}

const addressOf = (request: RequestInfo | URL): string => (request instanceof Request ? request.url : new URL(request).href);
