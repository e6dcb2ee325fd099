import type { EngineBinding } from "./bindEngine.ts";
import { patch } from "./labStore.ts";
import type { LabStore } from "./labStore.ts";

export interface StorageActions {
  /** Removes a kept model, or what there is of a download; `putBack` brings it back until the bin is emptied. */
  removeKept(key: string): Promise<void>;
  putBack(key: string): Promise<void>;
  /** Frees what was removed. */
  emptyBin(): Promise<void>;
  /** Asks the browser not to clear what is kept on its own; it may refuse. */
  askToPersist(): Promise<void>;
}

/** The browser's answer to a page that wants its storage kept. */
export async function persistStorage(): Promise<boolean> {
  // Absent where the page is not served securely.
  const storage = navigator.storage as StorageManager | undefined;
  return (await storage?.persist?.()) ?? false;
}

export function createStorageActions(store: LabStore, engine: EngineBinding, persist: () => Promise<boolean>): StorageActions {
  const oneAtATime = async (work: () => Promise<boolean>): Promise<void> => {
    if (!store.getState().storage.changing) await work();
  };
  return {
    removeKept: (key) => oneAtATime(() => engine.remove(key)),
    putBack: (key) => oneAtATime(() => engine.putBack(key)),
    emptyBin: () => oneAtATime(engine.emptyBin),

    async askToPersist() {
      patch(store, "storage", { persistence: "asking" });
      const granted = await persist().catch(() => false);
      patch(store, "storage", { persistence: granted ? "granted" : "refused" });
      await engine.readStorage();
    },
  };
}
