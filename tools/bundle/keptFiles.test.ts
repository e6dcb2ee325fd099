import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keepWhen, listKept, withIcon, withKept } from "./keptFiles.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "kept-"))));
afterEach(() => rmSync(folder, { recursive: true }));

test("files are listed by path with their hash; what tells of the build itself is left out", () => {
  for (const [path, text] of [
    ["index.html", "page"],
    ["assets/b.js", "b"],
    ["serviceWorker.js", "itself"],
    ["models/atlas/README.md", "words"],
  ] as const) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
  expect(listKept(folder)).toEqual([
    ["assets/b.js", hash("b"), "install"],
    ["index.html", hash("page"), "install"],
  ]);
});

test.each([
  ["recorded/atlas.json", "install"],
  ["models/atlas/examples.json", "install"],
  ["models/atlas/int8/shard-0000.bin", "later"],
  ["assets/worker-COMycKBj.js", "later"],
  ["assets/packWorker-BiINFWOc.js", "later"],
  ["models/atlas/int4/manifest.json", "asked"],
  ["edits/atlas.json", "asked"],
])("%s is kept: %s", (path, when) => expect(keepWhen(path)).toBe(when));

test("the list is put where the script reads it, and into a plain script only", () => {
  const written = withKept("self.onfetch=()=>KEPT_FILES.length", [["a", "00", "later"]]);
  expect(written).toBe('const KEPT_FILES=[["a","00","later"]];self.onfetch=()=>KEPT_FILES.length');
  expect(() => withKept("self.onfetch=null", [])).toThrow(/reads KEPT_FILES/);
  expect(() => withKept(written, []), "once").toThrow(/expected a plain script/);
  expect(() => withKept('import "./x.js";KEPT_FILES', [])).toThrow(/without imports/);
});

test("the page brings its own icon", () => {
  const page = '<link rel="icon" href="./favicon.svg" type="image/svg+xml" />';
  expect(withIcon(page, "<svg>#</svg>\n")).toBe(
    '<link rel="icon" href="data:image/svg+xml,%3Csvg%3E%23%3C%2Fsvg%3E" type="image/svg+xml" />',
  );
});
