/** JSON values that break readers, as arbitraries. */
import * as fc from "fast-check";
import type { Tree } from "./jsonTree.ts";

const raw = (text: string): Tree => ({ raw: text });

/** JSON's own and what others write for one; rounded, overflowing and forbidden ones among them. */
export const awkwardNumbers = [
  ..."0 -0 -1 1 2 1.5 1e3 2.0 255 256 65535 65536 2147483647 2147483648 4294967295 4294967296 1e-400 5e-324 1e308 1e999 -1e999".split(" "),
  ..."9007199254740991 9007199254740992 9007199254740993 -9007199254740993 9223372036854775807 18446744073709551615".split(" "),
  ..."NaN Infinity -Infinity 0x10 01 +1 .5 1. 1_000 1n".split(" "),
  "1".repeat(500),
] as const;

/** Names that objects have without being given them, ways out of a folder, and what fonts and terminals stumble over. */
export const awkwardTexts = [
  "",
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "valueOf",
  "length",
  "then",
  "toJSON",
  "__metadata__",
  "../x",
  "../../etc/passwd",
  "/etc/passwd",
  "C:\\x",
  "..\\x",
  "a\0b",
  "a/./b",
  "https://example.org/x",
  "con",
  "x".repeat(300),
  "\ud800",
  "\udc00\ud800",
  "\u202e",
  "\ufeff",
  "\u0000",
  "\n",
  "<script>alert(1)</script>",
  "=1+1",
  "👍🏽",
  "ſ",
  "x".repeat(9000),
] as const;

/** Texts of strings that JSON does not have. */
const brokenStrings = ['"\\u12"', '"\\x41"', '"open', '"\u0001"', "'single'", '"\\"'];

const numbers = fc.oneof(fc.constantFrom(...awkwardNumbers), fc.double().map(String), fc.integer().map(String)).map(raw);
const texts = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...awkwardTexts).map((text) => JSON.stringify(text)) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 12 }).map((text) => JSON.stringify(text)) },
  { weight: 1, arbitrary: fc.constantFrom(...brokenStrings) },
);
const keys = fc.oneof(
  fc.constantFrom(...awkwardTexts).map((text) => JSON.stringify(text)),
  fc.string({ maxLength: 3 }).map((text) => JSON.stringify(text)),
);
const words = fc.constantFrom("true", "false", "null", "undefined", "", "True", "nul", "{", "]", ",").map(raw);
/** The readers stop at 64 or 200; the stack ends at some thousands. */
const deep = fc
  .tuple(fc.constantFrom(62, 66, 198, 202, 1000, 20_000), fc.boolean(), fc.boolean())
  .map(([depth, asObject, closed]) =>
    raw((asObject ? '{"a":' : "[").repeat(depth) + (closed ? "0" + (asObject ? "}" : "]").repeat(depth) : "")),
  );

export const { hostile: hostileTree } = fc.letrec<{ hostile: Tree }>((tie) => ({
  hostile: fc.oneof(
    { maxDepth: 3, withCrossShrink: false },
    { weight: 6, arbitrary: numbers },
    { weight: 6, arbitrary: texts.map(raw) },
    { weight: 3, arbitrary: words },
    { weight: 3, arbitrary: fc.array(tie("hostile"), { maxLength: 4 }).map((items) => ({ items })) },
    { weight: 3, arbitrary: fc.array(fc.tuple(keys, tie("hostile")), { maxLength: 4 }).map((entries) => ({ entries })) },
    { weight: 1, arbitrary: deep },
  ),
}));
