import { expect, test } from "vitest";
import { fileHash } from "./fileHash.ts";

const bytes = new TextEncoder().encode("hello\n");
const file = { path: "a", url: "https://host/a", bytes: bytes.length };

test.each([
  // `sha256sum` and `git hash-object` of a file that holds "hello".
  [{ sha256: "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03" }],
  [{ gitOid: "ce013625030ba8dba906f756967f9e9ca394464a" }],
])("a file's hash, part by part: %j", async (hash) => {
  for (const cut of [0, 1, 5, 6]) {
    const own = await fileHash({ ...file, ...hash });
    own?.update(bytes.subarray(0, cut));
    own?.update(bytes.subarray(cut));
    expect(own?.digest()).toBe(own?.expected);
  }
});

test("an empty file has one too, and a file that nobody describes has none", async () => {
  const own = await fileHash({ ...file, bytes: 0, gitOid: "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391" });
  expect(own?.digest()).toBe(own?.expected);
  expect(await fileHash(file)).toBeUndefined();
});

test("several are hashed at once without mixing", async () => {
  const [a, b] = await Promise.all([fileHash({ ...file, sha256: "a" }), fileHash({ ...file, sha256: "b" })]);
  a?.update(bytes);
  b?.update(bytes.subarray(0, 2));
  b?.update(bytes.subarray(2));
  expect(a?.digest()).toBe(b?.digest());
});
