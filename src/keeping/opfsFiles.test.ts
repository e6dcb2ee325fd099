import { afterEach, describe, expect, test, vi } from "vitest";
import { opfsFiles } from "./opfsFiles.ts";

/** A folder with one file, whose handle does what a test says. */
function browser(handle: object, opened: () => unknown = () => handle): void {
  const file = { kind: "file", name: "a", getFile: async () => ({ size: 3 }), createSyncAccessHandle: async () => opened() };
  const folder = {
    getFileHandle: async () => file,
    removeEntry: () => Promise.reject(new DOMException("none", "NotFoundError")),
    values: async function* () {
      yield file;
    },
  };
  vi.stubGlobal("navigator", { storage: { getDirectory: async () => ({ getDirectoryHandle: async () => folder }) } });
}

const refuse = (name: string) => () => {
  throw new DOMException("no", name);
};

describe("the browser's files", () => {
  afterEach(() => vi.unstubAllGlobals());

  test("are refused by name where the browser gives none", async () => {
    vi.stubGlobal("navigator", { storage: { getDirectory: async () => refuse("SecurityError")() } });
    await expect(opfsFiles("p")).rejects.toMatchObject({ code: "storage-unavailable" });
  });

  test("are held by one", async () => {
    browser({}, refuse("NoModificationAllowedError"));
    const files = await opfsFiles("p");
    await expect(files.open("a", { create: true })).rejects.toMatchObject({ code: "storage-busy" });
    expect(await files.list()).toEqual([{ name: "a", bytes: 3 }]);
    await expect(files.remove("b")).resolves.toBeUndefined();
  });

  test.each([
    ["throws", refuse("QuotaExceededError"), ""],
    ["writes less", () => 1, "1 of 4 bytes"],
    ["gives the number of an error", () => 2 ** 32 - 8, "0 of 4 bytes"],
  ])("tell a full disk: the browser %s", async (_, write, said) => {
    browser({ write });
    const file = await (await opfsFiles("p")).open("a", { create: true });
    expect(() => file.write(0, new Uint8Array(4))).toThrow(
      expect.objectContaining({ code: "no-space", message: expect.stringContaining(said) }),
    );
  });

  test("read as much as there is", async () => {
    browser({ getSize: () => 3, read: (into: Uint8Array) => into.fill(7).length });
    const file = await (await opfsFiles("p")).open("a", { create: true });
    expect(file.read(1, 100)).toEqual(Uint8Array.of(7, 7));
  });
});
