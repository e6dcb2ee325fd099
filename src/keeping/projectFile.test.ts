import { describe, expect, test } from "vitest";
import { readProjectFile, writeProjectFile } from "./projectFile.ts";
import { migrations } from "./schema.ts";

const options = { migrations, now: () => 5 };
const content = { facts: { edits: [], name: "Städte" }, arrays: { w: Float32Array.from({ length: 3000 }, (_, i) => i / 7) } };

describe("a project as a file", () => {
  test("comes back bit for bit, and writes the same bytes again", async () => {
    const bytes = await writeProjectFile(content, options);
    const read = await readProjectFile(bytes, options);
    expect(read).toEqual(content);
    expect(await writeProjectFile(read, options)).toEqual(bytes);
  });

  test("is refused where anything of it is missing, changed or added", async () => {
    const bytes = await writeProjectFile(content, options);
    const flipped = bytes.slice();
    flipped[200] = (flipped[200] ?? 0) ^ 4;
    for (const wrong of [
      new Uint8Array(),
      bytes.slice(0, 40),
      bytes.slice(0, -1),
      Uint8Array.of(...bytes, 0),
      flipped,
      new TextEncoder().encode("<!doctype html>"),
    ])
      await expect(readProjectFile(wrong, options)).rejects.toMatchObject({ code: "bad-project" });
  });

  test("of a newer page is told from a broken one", async () => {
    const newer = await writeProjectFile(content, { ...options, migrations: [...migrations, (facts) => facts] });
    await expect(readProjectFile(newer, options)).rejects.toMatchObject({ code: "newer-schema" });
  });
});
