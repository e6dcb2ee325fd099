import { errorFacts } from "../lib/errors.ts";
import type { EngineBinding } from "./bindEngine.ts";
import { textOf } from "./evaluationActions.ts";
import type { TextFile } from "./evaluationActions.ts";
import { initialImport } from "./importSlice.ts";
import { patch } from "./labStore.ts";
import type { LabStore } from "./labStore.ts";

export interface ImportActions {
  /** Reads a file of edits: a CSV, CounterFact, zsRE or own records. */
  readImport(file: TextFile): Promise<void>;
  /** Puts away what was read. */
  closeImport(): void;
}

export function createImportActions(store: LabStore, engine: EngineBinding): ImportActions {
  let reading = new AbortController();
  return {
    async readImport(file) {
      reading.abort();
      const { signal } = (reading = new AbortController());
      patch(store, "imports", { ...initialImport, status: "reading", name: file.name });
      try {
        const text = await textOf(file);
        if (!signal.aborted) await engine.readDrafts({ name: file.name, text }, signal);
      } catch (thrown) {
        if (!signal.aborted) patch(store, "imports", { status: "failed", error: errorFacts(thrown) });
      }
    },

    closeImport() {
      reading.abort();
      patch(store, "imports", initialImport);
    },
  };
}
