import type { Locks } from "../writerLock.ts";

/** As browsers do it: a stolen lock rejects the request of the one who held it. */
export function fakeLocks(): Locks {
  let holder: { readonly lose: (reason: Error) => void } | undefined;
  return {
    request: (_, { ifAvailable = false, steal = false }, held) => {
      if (holder && ifAvailable) return held(null);
      if (holder && steal) holder.lose(new DOMException("stolen", "AbortError"));
      return new Promise((resolve, reject) => {
        const own = { lose: reject };
        holder = own;
        void held({}).then(() => {
          if (holder === own) holder = undefined;
          resolve(undefined);
        });
      });
    },
  };
}
