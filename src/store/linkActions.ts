import { patch, update } from "./labStore.ts";
import type { LabStore } from "./labStore.ts";

export interface LinkActions {
  openShare(sharing: boolean): void;
  /** A link was copied. */
  linkCopied(): void;
  /** Shows and frees all that the link hid or locked. */
  unlock(): void;
}

export function createLinkActions(store: LabStore): LinkActions {
  store.subscribe(({ model, link }) => {
    const { loaded, facts } = model;
    // A model that is put back after a failed load keeps what it started with.
    if (loaded && facts && link.defaults?.model !== loaded) patch(store, "link", { defaults: { model: loaded, settings: facts.settings } });
  });
  return {
    openShare: (sharing) => patch(store, "link", { sharing }),
    linkCopied: () => update(store, "link", (link) => ({ ...link, copied: link.copied + 1 })),
    unlock: () => patch(store, "link", { hidden: [], locked: [] }),
  };
}
