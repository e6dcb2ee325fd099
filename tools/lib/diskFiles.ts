/** Models on disk: a folder, or one file. */
import { open, readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { EngineError } from "../../src/lib/errors.ts";
import type { ByteSource, FileSet } from "../../src/weights/byteSource.ts";
import { checkRange } from "../../src/weights/fileSets.ts";

/**
 * @param path a folder or a file; folders in a folder are left alone
 * @throws EngineError `unknown-model` when there is nothing
 */
export async function diskFiles(path: string): Promise<FileSet> {
  const facts = await stat(path).catch(() => undefined);
  if (!facts) throw new EngineError("unknown-model", `Got ${path}, expected a folder or a file that is there.`, "Check the path.");
  const folder = facts.isDirectory() ? path : dirname(path);
  const entries = facts.isDirectory() ? await readdir(path, { withFileTypes: true }) : [];
  const names = facts.isDirectory() ? entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name) : [basename(path)];
  const sizes = new Map(await Promise.all(names.map(async (name) => [name, (await stat(join(folder, name))).size] as const)));
  return {
    name: basename(resolve(path)),
    files: names,
    open: (file) => {
      const size = sizes.get(file);
      return size === undefined ? undefined : diskSource(join(folder, file), file, size);
    },
  };
}

function diskSource(path: string, name: string, size: number): ByteSource {
  return {
    name,
    size,
    async read(begin, end) {
      checkRange(name, size, begin, end);
      const bytes = new Uint8Array(end - begin);
      const handle = await open(path);
      try {
        for (let at = 0; at < bytes.length;) {
          const { bytesRead } = await handle.read(bytes, at, bytes.length - at, begin + at);
          if (bytesRead === 0) throw changed(name, size, begin + at);
          at += bytesRead;
        }
      } finally {
        await handle.close();
      }
      return bytes;
    },
  };
}

const changed = (name: string, size: number, at: number): EngineError =>
  new EngineError(
    "file-changed",
    `${name}: got its end at byte ${at}, expected ${size} bytes.`,
    "It was changed while it was read: try again.",
  );
