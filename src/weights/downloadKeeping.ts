/** Puts a download's chunks away, until the store takes no more: that ends the keeping, not the download. */
import { errorFacts, type ErrorFacts } from "../lib/errors.ts";
import type { ChunkStore } from "./chunkStore.ts";
import { storeError } from "./downloadErrors.ts";
import { saveDownload, type DownloadPlan } from "./downloadRecord.ts";
import type { FileCopy } from "./fileCopy.ts";

export interface DownloadKeeping {
  readonly active: boolean;
  /** Why not. */
  readonly notKept: ErrorFacts | undefined;
  put(copy: FileCopy, index: number, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Writes down that the file was checked, where the store has all of it. */
  seal(copy: FileCopy): Promise<void>;
  /** The store's record says that all is here. */
  recorded: boolean;
  /** Writes down what the download is of, and whether all of it is here. */
  record(wanted: readonly FileCopy[], complete: boolean): Promise<void>;
  /** Writes down that all is here, once. */
  recordWhole(wanted: readonly FileCopy[]): Promise<void>;
}

const noStore: ErrorFacts = {
  code: "no-space",
  message: "Got no storage for what is downloaded, expected the browser's or a folder.",
  hint: "The model can be used, but will be downloaded again the next time. Browsers give storage to secure pages only, and may block it in private windows.",
};

/** @param openedAt milliseconds since 1970 */
export function createKeeping(store: ChunkStore | undefined, plan: DownloadPlan, openedAt: number, onStop: () => void): DownloadKeeping {
  let notKept = store ? undefined : noStore;
  const attempt = async (work: (into: ChunkStore) => Promise<void>): Promise<void> => {
    if (!store || notKept) return;
    try {
      await work(store);
    } catch (thrown) {
      notKept ??= errorFacts(storeError(thrown));
      onStop();
    }
  };
  const record = (wanted: readonly FileCopy[], complete: boolean): Promise<void> =>
    attempt((into) => saveDownload(into, { plan: { ...plan, wanted: wanted.map(({ file }) => file.path) }, complete, openedAt }));
  let writing: Promise<void> | undefined;
  return {
    recorded: false,
    record,
    async recordWhole(wanted) {
      if (this.recorded) return;
      writing ??= record(wanted, true).finally(() => (writing = undefined));
      await writing;
      this.recorded = true;
    },
    get active() {
      return notKept === undefined;
    },
    get notKept() {
      return notKept;
    },
    put: (copy, index, bytes) => attempt(() => copy.kept.put(index, bytes)),
    seal: (copy) =>
      attempt(async () => {
        if (!copy.checked || copy.sealed || !copy.kept.whole) return;
        await copy.kept.save();
        copy.sealed = true;
      }),
  };
}
