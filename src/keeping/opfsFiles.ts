import { EngineError } from "../lib/errors.ts";
import type { FileStore, SyncFile } from "./files.ts";

/** As it stands in workers; the DOM types know it not. */
interface AccessHandle {
  getSize(): number;
  read(into: Uint8Array, options: { readonly at: number }): number;
  write(bytes: Uint8Array, options: { readonly at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

type WorkerFile = FileSystemFileHandle & { createSyncAccessHandle(): Promise<AccessHandle> };

/**
 * A folder of the origin's private file system; in workers only.
 * @throws EngineError `storage-unavailable` where the browser gives none (private windows, blocked site data)
 */
export async function opfsFiles(folder: string): Promise<FileStore> {
  const root = await typed("open the storage", async () => {
    const origin = await navigator.storage.getDirectory();
    return origin.getDirectoryHandle(folder, { create: true });
  });
  return {
    open: (name, { create }) =>
      typed(`open ${name}`, async () => {
        const handle = (await root.getFileHandle(name, { create })) as WorkerFile;
        return syncFile(name, await handle.createSyncAccessHandle());
      }),
    list: () =>
      typed("list the projects", async () => {
        const found: { name: string; bytes: number }[] = [];
        for await (const entry of root.values()) {
          if (entry.kind === "file") found.push({ name: entry.name, bytes: (await entry.getFile()).size });
        }
        return found;
      }),
    remove: (name) =>
      typed(`remove ${name}`, () =>
        root.removeEntry(name).catch((thrown: unknown) => {
          if (nameOf(thrown) !== "NotFoundError") throw thrown;
        }),
      ),
  };
}

function syncFile(name: string, handle: AccessHandle): SyncFile {
  const now = <T>(what: string, work: () => T): T => {
    try {
      return work();
    } catch (thrown) {
      throw storageError(`${what} ${name}`, thrown);
    }
  };
  return {
    get size() {
      return now("measure", () => handle.getSize());
    },
    read: (at, length) =>
      now("read", () => {
        const bytes = new Uint8Array(Math.max(0, Math.min(length, handle.getSize() - at)));
        return bytes.subarray(0, handle.read(bytes, { at }));
      }),
    write: (at, bytes) =>
      now("write", () => {
        const written = handle.write(bytes, { at });
        if (written === bytes.byteLength) return;
        // A full disk can show as fewer bytes alone; Chromium gives the number of an error, -8, without its sign.
        const got = written > bytes.byteLength ? 0 : written;
        throw new DOMException(`${got} of ${bytes.byteLength} bytes`, "QuotaExceededError");
      }),
    truncate: (size) => now("truncate", () => handle.truncate(size)),
    flush: () => now("flush", () => handle.flush()),
    close: () => handle.close(),
  };
}

async function typed<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw storageError(what, thrown);
  }
}

const nameOf = (thrown: unknown): string => (thrown instanceof Error || thrown instanceof DOMException ? thrown.name : "");

/** What the browser threw, as one of the engine's own. */
function storageError(what: string, cause: unknown): EngineError {
  if (cause instanceof EngineError) return cause;
  const got = cause instanceof Error ? cause.message : String(cause);
  const [code, hint] = kinds[nameOf(cause)] ?? unavailable;
  return new EngineError(code, `Could not ${what}: ${got}.`, hint, { cause });
}

const unavailable = [
  "storage-unavailable",
  "Edits are not kept in this window: allow site data, leave private browsing, or export the project as a file.",
] as const;
const kinds: Readonly<Record<string, readonly ["no-space" | "storage-busy", string]>> = {
  QuotaExceededError: ["no-space", "Free some storage, or export the project as a file and delete others."],
  NoModificationAllowedError: ["storage-busy", "Another tab holds this project: use that one, or take over here."],
};
