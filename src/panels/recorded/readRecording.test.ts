import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { EngineError } from "../../lib/errors.ts";
import { readRecording } from "./readRecording.ts";
import { traceOf } from "./recording.ts";

const written = readFileSync(join(import.meta.dirname, "../../../public/recorded/atlas.json"), "utf8");
const shipped = (): ReturnType<typeof readRecording> => structuredClone(JSON.parse(written));

test("the shipped recording is small, whole and without what changes from run to run", () => {
  expect(written.length).toBeLessThan(500_000);
  expect(written).not.toMatch(/"(?:seconds|tokensPerSecond|firstTokenMs|date)"/);
  const recording = readRecording(JSON.parse(written));
  expect(recording.edit.holds).toBe(true);
  expect(recording.prompts.map(({ kind, after }) => [kind, after.trace.scope.inScope])).toEqual([
    ["edited", true],
    ["rephrased", true],
    ["unrelated", false],
  ]);
  for (const { before } of recording.prompts) expect(before.trace.scope.nearestEdit).toBeNull();
  const [asked] = recording.prompts;
  expect(asked?.after.text).toContain(recording.edit.answer);
  expect(asked?.before.text).not.toContain(recording.edit.answer);
});

test("rows come back as the engine tells them", () => {
  const { rows, pieces } = traceOf(readRecording(shipped()).prompts[0]?.after.trace ?? expect.fail());
  const { layers, experts, topK } = shipped().model.settings;
  expect(rows.probabilities).toHaveLength(pieces.length * layers.length * experts);
  const width = layers.length * experts;
  for (let at = 0; at < pieces.length; at++)
    expect(rows.picked.subarray(at * width, (at + 1) * width).reduce((sum, each) => sum + each, 0)).toBe(layers.length * topK);
});

type Broken = { [key: string]: Broken } & Broken[];

describe("a recording that cannot be played says where and why", () => {
  test.each<[string, (json: Broken) => unknown, RegExp]>([
    ["another format", (json) => Object.assign(json, { format: "other" }), /format: got "other", expected "elder-lab-recording"/],
    ["a later version", (json) => Object.assign(json, { version: 9 }), /version: got 9, expected 1/],
    ["no model", (json) => Object.assign(json, { model: undefined }), /it\.model: got nothing, expected an object/],
    [
      "a loss that is a text",
      (json) => Object.assign(json["edit"]!["curve"]![2]!, { lmLoss: "low" }),
      /edit\.curve\[2\]\.lmLoss: got "low"/,
    ],
    [
      "a curve without steps",
      (json) => Object.assign(json["edit"]!, { curve: [] }),
      /edit\.curve: got a list of 0, expected one of at least 1/,
    ],
    ["a prompt too few", (json) => (json["prompts"] as Broken[]).pop(), /prompts: got a list of 2/],
    [
      "prompts in another order",
      (json) => Object.assign(json, { prompts: (json["prompts"] as Broken[]).toReversed() }),
      /prompts\[0\]\.kind: got unrelated, expected edited/,
    ],
    [
      "a column too few",
      (json) => (json["prompts"]![1]!["after"]!["trace"]!["pieces"] as Broken[]).pop(),
      /prompts\[1\]\.after\.trace\.rows\.tokens: got \d+, expected \d+/,
    ],
    [
      "a cell too few",
      (json) => (json["prompts"]![0]!["before"]!["tokens"]![0]!["row"]!["probabilities"] as Broken[]).pop(),
      /prompts\[0\]\.before\.tokens\[0\]\.row\.probabilities: got \d+ numbers, expected \d+ \(T·L·N\)/,
    ],
    [
      "a probability above 1",
      (json) => Object.assign(json["prompts"]![2]!["after"]!["tokens"]![0]!, { probability: 1.5 }),
      /probability: got 1\.5, expected a number from 0 to 1/,
    ],
  ])("%s", (_what, spoil, message) => {
    const json = shipped() as unknown as Broken;
    spoil(json);
    const read = (): unknown => readRecording(json);
    expect(read).toThrow(EngineError);
    expect(read).toThrow(message);
    expect(read).toThrow(expect.objectContaining({ code: "bad-recording", hint: expect.stringContaining("npm run record") }));
  });

  test("however long or deep nested what it is not", () => {
    const deep: unknown = JSON.parse("[".repeat(20_000) + "]".repeat(20_000));
    for (const version of ["x".repeat(9000), deep, { deep }]) {
      expect(() => readRecording({ ...shipped(), version })).toThrow(/^.{20,120}$/s);
      expect(() => readRecording({ ...shipped(), format: version })).toThrow(/^.{20,160}$/s);
    }
  });

  test.each([[null], [[]], ["text"], [7]])("%j is no recording", (json) => {
    expect(() => readRecording(json)).toThrow(/the whole: got .+, expected an object/);
  });
});
