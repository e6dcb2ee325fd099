import { describe, expect, test } from "vitest";
import { createPrng } from "../lib/prng.ts";
import { parseStrictJson } from "./strictJson.ts";

class Fault extends Error {}
const parse = (text: string) => parseStrictJson(text, (message) => new Fault(message));

const good = [
  "0",
  "-0.5e-3",
  "1e30",
  "9007199254740991",
  '"a\\u00e9\\n\\"😀"',
  "[]",
  "{}",
  " [1 , [2,{}],\tnull]\r\n",
  '{"a":{"b":[true,false,null,"x"]},"constructor":1,"":2}',
  "-3.4028234663852886e+38",
];

test.each(good)("reads %s as JSON.parse does", (text) => {
  expect(parse(text)).toEqual(JSON.parse(text));
});

const bad: readonly [string, RegExp][] = [
  ["", /character 0: got the end of the text, expected a JSON value/],
  ["{", /expected a string in double quotes/],
  ['{"a"', /expected ":"/],
  ['{"a":1', /expected "}"/],
  ['{"a":1,}', /expected a string in double quotes/],
  ["{a:1}", /got "a:1}", expected a string/],
  ["{'a':1}", /expected a string/],
  ["[1,]", /character 3: got "]"/],
  ["[1 2]", /expected "]"/],
  ["1 2", /expected the end of the text/],
  ["nul", /expected a JSON value/],
  ["NaN", /expected a JSON value/],
  ["-", /expected a JSON value/],
  ["01", /expected the end/],
  ["1.", /expected the end/],
  [".5", /expected a JSON value/],
  ["+1", /expected a JSON value/],
  ['"a', /closing quote/],
  ['"a\\', /closing quote/],
  ['"a\\"', /closing quote/],
  ['"\\x41"', /unknown escapes/],
  ['"a\u0001"', /control characters/],
  ['"a\nb"', /control characters/],
  ['{"a":1,"a":2}', /duplicate JSON key "a" at character 7/],
  ['{"a":1,"\\u0061":2}', /duplicate JSON key "a"/],
  ['{"__proto__":{"x":1}}', /forbidden JSON key "__proto__"/],
  ['{"\\u005f_proto__":1}', /forbidden/],
  ["9007199254740993", /9007199254740993 .*exactly.*2\^53/],
  ["-9007199254740992", /exactly/],
  ["1e999", /exactly/],
  ["9".repeat(100_000), /exactly/],
  ["[".repeat(100_000), /too deep.*64 levels/],
  ['{"a":'.repeat(100), /too deep/],
  ["// comment\n1", /expected a JSON value/],
  ["\ufeff1", /expected a JSON value/],
];

describe("refuses", () => {
  test.each(bad)("%#", (text, says) => {
    expect(() => parse(text)).toThrow(Fault);
    expect(() => parse(text)).toThrow(says);
  });
});

test("agrees with JSON.parse on 20,000 damaged texts, but for what it forbids", () => {
  const prng = createPrng(11);
  const seed = '{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"x":[1.5e3,-2,"a\\n",true,null]}';
  const signs = '{}[]",:\\0123.-+eEtrufalsn \n"x';
  for (let i = 0; i < 20_000; i++) {
    const letters = Array.from(seed);
    for (let edits = 1 + prng.below(3); edits > 0; edits--)
      letters.splice(prng.below(letters.length), prng.below(2), signs[prng.below(signs.length)] ?? "");
    const text = letters.join("");
    expect(
      outcome(() => parse(text)),
      text,
    ).toEqual(expectedOutcome(text));
  }

  function outcome(act: () => unknown): unknown {
    try {
      return act();
    } catch (thrown) {
      if (!(thrown instanceof Fault)) throw thrown;
      return /duplicate|exactly/.test(thrown.message) ? "forbidden" : "broken";
    }
  }

  /** A forbidden text is one that JSON.parse takes and we name as such. */
  function expectedOutcome(text: string): unknown {
    try {
      const value: unknown = JSON.parse(text);
      return outcome(() => parse(text)) === "forbidden" ? "forbidden" : value;
    } catch {
      return outcome(() => parse(text)) === "forbidden" ? "forbidden" : "broken";
    }
  }
});
