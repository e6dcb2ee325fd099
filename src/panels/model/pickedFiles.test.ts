import { expect, test } from "vitest";
import { readDropped, readPicked } from "./pickedFiles.ts";

/** Folders as nested objects, files as their contents. */
interface Tree {
  readonly [name: string]: Tree | string | Error;
}

function entryOf(path: string, node: Tree | string | Error): FileSystemEntry {
  if (typeof node === "string" || node instanceof Error) {
    const file = (done: (file: File) => void, failed: (reason: unknown) => void): void =>
      node instanceof Error ? failed(node) : done(new File([node], path));
    return { isDirectory: false, fullPath: path, file } as unknown as FileSystemEntry;
  }
  const children = Object.entries(node).map(([name, child]) => entryOf(`${path}/${name}`, child));
  // Chromium gives a hundred entries at a time.
  const createReader = () => {
    const left = [...children];
    return { readEntries: (done: (part: FileSystemEntry[]) => void) => done(left.splice(0, 100)) };
  };
  return { isDirectory: true, fullPath: path, createReader } as unknown as FileSystemEntry;
}

const drop = (tree: Tree): Promise<string[]> => {
  const items = Object.entries(tree).map(([name, node]) => ({ webkitGetAsEntry: () => entryOf(`/${name}`, node) }));
  const text = { webkitGetAsEntry: () => null, getAsFile: () => null };
  return readDropped([...items, text] as unknown as DataTransferItemList).then((files) => files.map(({ path }) => path));
};
const many = (count: number): Tree => Object.fromEntries(Array.from({ length: count }, (_, at) => [`${at}.bin`, ""]));

test("a dropped folder is walked through, hidden files aside", async () => {
  const tree = { model: { "config.json": "{}", ".git": { HEAD: "" }, parts: { "a.safetensors": "", ".DS_Store": "" } }, "x.gguf": "" };
  expect((await drop(tree)).sort()).toEqual(["model/config.json", "model/parts/a.safetensors", "x.gguf"]);
});

test("a folder of more entries than its reader gives at once is read to its end", async () => {
  expect(await drop({ model: many(250) })).toHaveLength(250);
});

test("a folder that is no model's is refused before it is read through", async () => {
  await expect(drop({ home: many(2001) })).rejects.toMatchObject({ code: "unknown-files" });
  await expect(drop({ home: { a: many(1500), b: many(1500) } })).rejects.toMatchObject({ code: "unknown-files" });
  expect(() => readPicked(Object.keys(many(2001)).map((name) => new File([], name)))).toThrow(/more than 2000 files/);
});

test("a file that cannot be read is named", async () => {
  await expect(drop({ model: { "a.gguf": new Error("gone") } })).rejects.toMatchObject({
    code: "file-changed",
    message: expect.stringContaining("model/a.gguf: it could not be read (gone)"),
  });
});

test("a file that another page hands over is taken as it is", async () => {
  const file = new File(["x"], "x.gguf");
  const items = [{ webkitGetAsEntry: () => null, getAsFile: () => file }] as unknown as DataTransferItemList;
  expect(await readDropped(items)).toEqual([{ path: "x.gguf", file }]);
});

test("picked files keep the folders they lie in", () => {
  const inFolder = Object.assign(new File(["{}"], "config.json"), { webkitRelativePath: "tiny/config.json" });
  expect(readPicked([inFolder, new File([], "a.gguf"), new File([], ".hidden")]).map(({ path }) => path)).toEqual([
    "tiny/config.json",
    "a.gguf",
  ]);
});
