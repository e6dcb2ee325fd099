import { describe, expect, test } from "vitest";
import { checkSound, runTarget } from "./runTarget.ts";
import { sources } from "./sources.ts";

const slice = { seed: 1, from: 0, to: 400 };
const planted = sources.flatMap((source) => (source.plants ?? []).map((plant) => [plant, source] as const));

describe.each(sources.map((source) => [source.name, source] as const))("%s", (name, source) => {
  test("takes what is sound, and refuses mutants by name; some are sound all the same", async () => {
    const target = await source.open();
    expect(await checkSound(name, target)).toEqual([]);
    const { findings, mutants, accepted, refused } = await runTarget(name, target, slice);
    expect(findings).toEqual([]);
    expect(accepted + Object.values(refused).reduce((sum, count) => sum + count, 0)).toBe(mutants);
    expect(accepted).toBeGreaterThan(0);
    expect(accepted).toBeLessThan(mutants);
  });
});

test.each(planted)("the planted fault %s is found, where the parser itself has none", async (plant, source) => {
  const found = await runTarget(source.name, await source.open(plant), slice);
  expect(found.findings.map(({ fault }) => fault)).toContain("bad accept");
  const without = await runTarget(source.name, await source.open(), slice);
  expect(without.findings).toEqual([]);
});

test("a mutant is the same whichever slice it is in", async () => {
  const [source] = sources;
  const target = await source!.open();
  const whole = await runTarget(source!.name, target, { seed: 3, from: 0, to: 60 });
  const late = await runTarget(source!.name, target, { seed: 3, from: 30, to: 60 });
  const early = await runTarget(source!.name, target, { seed: 3, from: 0, to: 30 });
  expect(early.accepted + late.accepted).toBe(whole.accepted);
});
