/** Keeps parts of downloads in a folder: a key is a path of folders and a file, each name encoded so that it stays inside. */
import { mkdir, readdir, readFile, rename, rm, rmdir, stat, statfs, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { checkKey, noSpace, type ChunkStore } from "../../src/weights/chunkStore.ts";

/** Names of folders have no ".", so that a file and a folder of the same name never meet. */
const kept = ".bin";
const halfWritten = ".tmp";
/** Milliseconds after which nobody is writing it any more. */
const oldAge = 3_600_000;
let writes = 0;

/** @param root made when something is put; files that an interruption left half written are removed */
export async function folderStore(root: string): Promise<ChunkStore> {
  await sweep(root);
  const pathOf = (key: string): string => {
    checkKey(key);
    return join(root, ...key.split("/").map(encodeName)) + kept;
  };
  const paths = async (prefix: string): Promise<[key: string, path: string][]> => {
    const folder = prefix.split("/").slice(0, -1);
    const found = await filesIn(join(root, ...folder.map(encodeName)), kept);
    return found.map((path): [string, string] => [keyOf(root, path), path]).filter(([key]) => key.startsWith(prefix));
  };
  return {
    get: async (key) => readFile(pathOf(key)).then((bytes) => new Uint8Array(bytes), absent(undefined)),
    put: async (key, bytes) => put(pathOf(key), bytes),
    delete: async (key) => {
      await rm(pathOf(key), { force: true });
      await removeEmpty(dirname(pathOf(key)), root);
    },
    keys: async (prefix) => (await paths(prefix)).map(([key]) => key).sort(),
    sizes: async (prefix) => {
      const sizeOf = async ([key, path]: [string, string]) => [key, (await stat(path)).size] as const;
      return new Map((await Promise.all((await paths(prefix)).map(sizeOf))).sort(([a], [b]) => (a < b ? -1 : 1)));
    },
  };
}

const encodeName = (name: string): string =>
  encodeURIComponent(name).replaceAll(/[.!~*'()]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

const keyOf = (root: string, path: string): string =>
  relative(root, path.slice(0, -kept.length)).split(sep).map(decodeURIComponent).join("/");

const codeOf = (thrown: unknown): string => (thrown instanceof Error && "code" in thrown ? String(thrown.code) : "");

/** For what is not there: `value`. */
const absent =
  <T>(value: T) =>
  (thrown: unknown): T => {
    if (codeOf(thrown) === "ENOENT") return value;
    throw thrown;
  };

/** Renamed into place: a file of that name is whole, unless the machine itself loses power. */
async function put(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path.slice(0, -kept.length)}.${process.pid}-${writes++}${halfWritten}`;
  try {
    await write(temporary, bytes);
    await rename(temporary, path);
  } catch (thrown) {
    await rm(temporary, { force: true }).catch(() => undefined);
    if (codeOf(thrown) !== "ENOSPC" && codeOf(thrown) !== "EDQUOT") throw thrown;
    const disk = await statfs(dirname(path)).catch(() => undefined);
    throw noSpace(`The disk of ${dirname(path)} is full`, disk && disk.bavail * disk.bsize, bytes.length, thrown);
  }
}

/** Twice: a folder may be taken for empty and removed right after it was made. */
async function write(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(path, bytes);
  } catch (thrown) {
    if (codeOf(thrown) !== "ENOENT") throw thrown;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
}

async function filesIn(folder: string, ending: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(absent([]));
  const found = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesIn(path, ending);
    return entry.isFile() && entry.name.endsWith(ending) ? [path] : [];
  });
  return (await Promise.all(found)).flat();
}

async function removeEmpty(folder: string, root: string): Promise<void> {
  if (folder === root || !folder.startsWith(root)) return;
  // Refused where anything is in it, or when someone else was faster.
  const gone = await rmdir(folder).then(
    () => true,
    () => false,
  );
  if (gone) await removeEmpty(dirname(folder), root);
}

async function sweep(root: string): Promise<void> {
  for (const path of await filesIn(root, halfWritten)) {
    const facts = await stat(path).catch(absent(undefined));
    if (facts && Date.now() - facts.mtimeMs > oldAge) await rm(path, { force: true });
  }
}
