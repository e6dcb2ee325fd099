import { describe, expect, test } from "vitest";
import { EngineError } from "../../src/lib/errors.ts";
import { collectGarbage } from "./collectGarbage.ts";
import { handcrafted } from "./handcrafted/all.ts";
import { badKeyOf } from "./jsonKeys.ts";
import { judge } from "./judge.ts";
import { runHandcrafted } from "./runHandcrafted.ts";
import { addTallies, checkSound, runTarget } from "./runTarget.ts";
import { sources } from "./sources.ts";
import { alone, type FuzzTarget } from "./target.ts";

const planted = sources.flatMap((source) => (source.plants ?? []).map((plant) => [plant, source] as const));

test.each(sources.map((source) => [source.name, source] as const))(
  "%s takes what is sound, and refuses mutants by name; some are sound all the same",
  async (name, source) => {
    const target = await source.open();
    expect(await checkSound(name, target)).toEqual([]);
    const { findings, mutants, accepted, refused } = await runTarget(name, target, { seed: 1, from: 0, to: 120 });
    expect(findings).toEqual([]);
    expect(accepted + Object.values(refused).reduce((sum, count) => sum + count, 0)).toBe(mutants);
    expect(accepted).toBeGreaterThan(0);
    expect(accepted).toBeLessThan(mutants);
  },
);

test.each(planted)("the planted fault %s is found, where the parser itself has none", async (plant, source) => {
  const slice = { seed: 1, from: 0, to: 200 };
  const found = await runTarget(source.name, await source.open(plant), slice);
  expect(found.findings.map(({ fault }) => fault)).toContain("bad accept");
  const without = await runTarget(source.name, await source.open(), slice);
  expect(without.findings).toEqual([]);
});

test("a mutant is the same whichever slice it is in", async () => {
  const log = sources.find(({ name }) => name === "log") ?? expect.fail();
  const target = await log.open();
  const run = (from: number, to: number) => runTarget("log", target, { seed: 3, from, to });
  const [whole, early, late] = [await run(0, 60), await run(0, 25), await run(25, 60)];
  const counts = ({ accepted, refused }: typeof whole) => ({ accepted, refused });
  expect(counts(addTallies(early, late))).toEqual(counts(whole));
  expect(counts(await runTarget("log", target, { seed: 4, from: 0, to: 60 }))).not.toEqual(counts(whole));
});

/** A parser of nothing that does as it is told. */
const doing = (read: () => unknown): FuzzTarget => ({
  codes: ["bad-link"],
  sound: [],
  mutate: () => alone("x"),
  read,
  check: (_, value) => (value === "wrong" ? "it is wrong" : undefined),
});
const throwing = (error: unknown) => (): never => {
  throw error;
};

describe("is found:", () => {
  test.each<[string, () => unknown]>([
    ["untyped error", throwing(new RangeError("x"))],
    ["untyped error", throwing("text")],
    ["foreign code", throwing(new EngineError("internal", "x", "y"))],
    ["poor message", throwing(new EngineError("bad-link", "x".repeat(5000), "y"))],
    ["poor message", throwing(new EngineError("bad-link", "x", ""))],
    ["bad accept", () => "wrong"],
    ["changed prototype", () => Object.assign(Object.prototype, { polluted: true })],
    ["too slow", spin],
  ])("%s", async (fault, read) => {
    expect((await judge(doing(read), alone("x"))).fault).toBe(fault);
    expect("polluted" in {}).toBe(false);
  });

  test("too much memory", async () => {
    // Held, and after what others left is gone: a collection in the very moment of reading would hide it.
    const held: Uint8Array[] = [];
    collectGarbage();
    const read = (): string => (held.push(new Uint8Array(2 ** 26)), "right");
    expect((await judge(doing(read), alone("x"))).fault).toBe("too much memory");
  });

  test("nothing where there is nothing", async () => {
    for (const read of [() => "right", throwing(new EngineError("bad-link", "x", "y"))])
      expect((await judge(doing(read), alone("x"))).fault).toBeUndefined();
  });
});

/** Keeps the processor busy for longer than any input may. */
function spin(): void {
  const { user } = process.cpuUsage();
  while (process.cpuUsage().user - user < 260_000) Math.sqrt(user);
}

test("what was found is made small", async () => {
  const target = doing(() => "right");
  const input = alone("abcXdef".repeat(20));
  const faulty: FuzzTarget = {
    ...target,
    mutate: () => input,
    check: (given) => (given.get("")?.includes(88) ? "has an X" : undefined),
  };
  const { findings, moreFindings } = await runTarget("x", faulty, { seed: 1, from: 1, to: 4 });
  expect(findings.map(({ input: small }) => String.fromCodePoint(...(small.get("") ?? [])))).toEqual(["X"]);
  expect(moreFindings).toBe(2);
});

test("inputs made by hand are refused with their own codes, each under a name of its own", async () => {
  const own = handcrafted.filter(({ target }) => target !== "model");
  expect(own.length).toBeGreaterThan(120);
  expect(new Set(handcrafted.map(({ name }) => name)).size).toBe(handcrafted.length);
  expect((await runHandcrafted(sources, own)).findings).toEqual([]);
  const [first] = own;
  const wrong = await runHandcrafted(sources, first ? [{ ...first, code: "busy" }] : []);
  expect(wrong.findings.map(({ fault }) => fault)).toEqual(["other refusal than expected"]);
});

test.each([
  ['{"a":1,"b":{"a":2}}', undefined],
  ['{"a":1,"b":2,"a":3}', "a"],
  ['[{"x":[{"k":"v","\\u006b":1}]}]', "k"],
  ['{"a":"__proto__"}', undefined],
  ['{"a":{"__proto__":1}}', "__proto__"],
  ['{"\\"":1,"b":"\\"b\\":"}', undefined],
])("keys of %s", (text, bad) => {
  expect(badKeyOf(text)).toBe(bad);
});
