import { expect, test } from "vitest";
import { METHODS } from "../../src/methods/registry.ts";
import { readArguments } from "./arguments.ts";

const least = ["--model", "m", "--edits", "e.csv", "--method", "paper", "--json", "out.json"];

test("what is not said has a value, and what is said is read", () => {
  expect(readArguments(least)).toMatchObject({
    kind: "run",
    methods: ["paper"],
    seeds: [1],
    shard: { index: 1, of: 1 },
    precision: "stored",
  });
  const more = [
    "--seed",
    "1,5",
    "--limit",
    "30",
    "--bits",
    "4",
    "--shard",
    "2/3",
    "--set",
    "rank=4",
    "--set",
    "module=mlp.c_fc",
    "--resume",
  ];
  expect(readArguments([...least, ...more])).toMatchObject({
    seeds: [1, 5],
    limit: 30,
    precision: 4,
    shard: { index: 2, of: 3 },
    overrides: { rank: 4, module: "mlp.c_fc" },
    resume: true,
  });
  expect(readArguments([...least, "--method", "all"])).toMatchObject({ methods: Object.keys(METHODS) });
  expect(readArguments(["--merge", "out", "a", "b", "--docs", "d.md"])).toEqual({
    kind: "merge",
    out: "out",
    files: ["a", "b"],
    docs: "d.md",
  });
  expect(readArguments(["--help"])).toEqual({ kind: "help" });
});

test.each([
  [["--model", "m"], "Got no"],
  [[...least, "--limit", "0"], "--limit 0"],
  [[...least, "--seed", "1,1"], "each one once"],
  [[...least, "--seed", "one"], "--seed one"],
  [[...least, "--shard", "3/2"], "--shard 3/2"],
  [[...least, "--set", "rank"], "--set rank"],
  [[...least, "--bits", "3"], "--bits 3"],
  [[...least, "--docs", "d.md"], "without --merge"],
  [[...least, "more"], "options only"],
  [[...least, "--unknown"], "--unknown"],
  [["--merge", "out"], "no files"],
])("%j is refused", (argv, message) => {
  expect(() => readArguments(argv)).toThrow(message);
});
