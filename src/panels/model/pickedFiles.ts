import type { PickedFile } from "../../engine/protocol.ts";
import { EngineError } from "../../lib/errors.ts";

/** No model has more; a whole home folder, dropped by mistake, has. */
const MOST_FILES = 2000;

/** Files of a picker, with the folders they lie in. @throws EngineError `unknown-files` for too many */
export function readPicked(files: readonly File[]): PickedFile[] {
  const picked = files.map((file) => ({ path: file.webkitRelativePath || file.name, file }));
  return checkedCount(picked.filter(({ path }) => !isHidden(path)));
}

/**
 * Files of a drop, folders walked through. Call it within the event: a drop's items are gone after it.
 * @throws EngineError `unknown-files` for too many, `file-changed` for what cannot be read
 */
export async function readDropped(items: DataTransferItemList): Promise<PickedFile[]> {
  const [entries, loose]: [FileSystemEntry[], File[]] = [[], []];
  for (const item of items) {
    const entry = item.webkitGetAsEntry();
    // What other pages hand over has no place in a file system.
    const file = entry ? null : item.getAsFile();
    if (entry) entries.push(entry);
    if (file) loose.push(file);
  }
  return [...readPicked(loose), ...(await walk(entries))];
}

async function walk(entries: readonly FileSystemEntry[]): Promise<PickedFile[]> {
  const found: PickedFile[] = [];
  const waiting = [...entries];
  for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
    const path = entry.fullPath.replace(/^\//, "");
    if (isHidden(path)) continue;
    if (isDirectory(entry)) waiting.push(...(await entriesOf(entry)));
    else found.push({ path, file: await fileOf(entry as FileSystemFileEntry) });
    checkedCount(found);
  }
  return found;
}

const isHidden = (path: string): boolean => path.split("/").some((part) => part.startsWith("."));
const isDirectory = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

/** A reader gives its entries in parts, an empty one last. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject)).catch(unreadable(folder));
    if (part.length === 0) return entries;
    checkedCount(part);
    entries.push(...part);
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise<File>((resolve, reject) => entry.file(resolve, reject)).catch(unreadable(entry));
}

function unreadable({ fullPath }: FileSystemEntry): (reason: unknown) => never {
  return (cause) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `${fullPath.slice(1)}: it could not be read (${reason}), expected what was dropped.`;
    throw new EngineError("file-changed", message, "It was moved or may not be read: drop it again, or pick it.", { cause });
  };
}

function checkedCount<T>(files: T[]): T[] {
  if (files.length <= MOST_FILES) return files;
  throw new EngineError(
    "unknown-files",
    `Got more than ${MOST_FILES} files, expected those of one model.`,
    "Choose the model's own folder, or one .gguf file.",
  );
}
