/** A project as one file: the same log as in the browser's storage, with one document in it. */
import type { Content } from "./content.ts";
import { createDocument, openDocument, type KeepingOptions } from "./document.ts";
import { badProject, type FileStore, type SyncFile } from "./files.ts";

const NAME = "project";

export async function writeProjectFile(content: Content, options: KeepingOptions): Promise<Uint8Array<ArrayBuffer>> {
  const files = memoryFiles();
  await (await createDocument(files, NAME, content, options)).close();
  return files.bytesOf(`${NAME}-1`);
}

/** @throws EngineError `bad-project`, `newer-schema` */
export async function readProjectFile(bytes: Uint8Array<ArrayBuffer>, options: KeepingOptions): Promise<Content> {
  const files = memoryFiles(new Map([[`${NAME}-1`, bytes.slice()]]));
  const document = await openDocument(files, NAME, options).catch((thrown: unknown) => {
    throw (thrown as { readonly code?: unknown }).code === "unknown-project" ? badProject("Got a file that is no project.") : thrown;
  });
  // A part of a file would be a part of the work: strangers' files are whole, or refused.
  if (document.damage) throw document.damage;
  if (document.bytes !== bytes.length) throw badProject(`Got ${bytes.length - document.bytes} bytes after the project's end.`);
  const { facts, arrays } = document.content;
  await document.close();
  // Copies: what the file says of their hashes is not believed.
  return { facts, arrays: Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, array.slice()])) };
}

/** Files in memory; they grow in steps, as a log does. */
function memoryFiles(kept = new Map<string, Uint8Array<ArrayBuffer>>()): FileStore & { bytesOf(name: string): Uint8Array<ArrayBuffer> } {
  const bytesOf = (name: string): Uint8Array<ArrayBuffer> => kept.get(name) ?? new Uint8Array();
  const file = (name: string): SyncFile => {
    let [bytes, size] = [bytesOf(name), bytesOf(name).length];
    return {
      get size() {
        return size;
      },
      read: (at, length) => bytes.slice(at, Math.min(size, at + length)),
      write(at, part) {
        const end = at + part.length;
        if (end > bytes.length) {
          const grown = new Uint8Array(Math.max(end, bytes.length * 2));
          grown.set(bytes.subarray(0, size));
          bytes = grown;
        }
        bytes.set(part, at);
        size = Math.max(size, end);
      },
      truncate: (to) => void (size = Math.min(size, to)),
      flush() {},
      close: () => void kept.set(name, bytes.slice(0, size)),
    };
  };
  return {
    bytesOf,
    open: async (name) => file(name),
    list: async () => [...kept].map(([name, { length }]) => ({ name, bytes: length })),
    remove: async (name) => void kept.delete(name),
  };
}
