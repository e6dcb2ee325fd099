import { readFileSync } from "node:fs";
import { deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { createPrng } from "../lib/prng.ts";
import { EngineError } from "../lib/errors.ts";
import { crc32, toBase64Url } from "./bytes.ts";
import { decodeLink, encodeLink, isLink } from "./linkCodec.ts";
import { COMFORTABLE_CHARACTERS, linkLimits } from "./linkState.ts";
import type { LinkState, SharedEdit } from "./linkState.ts";
import { anyState, plainState } from "./testing/anyState.ts";
import { counterFactLike } from "./testing/counterFactLike.ts";

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, "utf8"));

/** A fragment around anything, sealed as a page seals its own. */
function sealed(text: string | Uint8Array, version = 1): string {
  const packed = deflateRawSync(text);
  const check = new Uint8Array(4);
  new DataView(check.buffer).setUint32(0, crc32(packed));
  return `#lab=${version}.${toBase64Url(new Uint8Array([...check, ...packed]))}`;
}

const refusal = async (fragment: string): Promise<EngineError> => {
  const thrown = await decodeLink(fragment).then(
    (state) => Promise.reject(new Error(`was read as ${JSON.stringify(state)}`)),
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(EngineError);
  expect(thrown).toMatchObject({ code: "bad-link" });
  expect((thrown as EngineError).hint).not.toBe("");
  return thrown as EngineError;
};

describe("round trips", () => {
  test("a plain state, and one with everything in it", async () => {
    const full: LinkState = {
      model: { kind: "hub", id: "owner/name", revision: "0123abc", precision: 4, file: "weights/model.Q4_1.gguf" },
      method: "improved",
      settings: { threshold: 0.75 },
      seed: 4_294_967_295,
      edits: [{ prompt: "P", answer: "A", rephrasings: ["R", "S"], subject: "X", off: true, strength: 0.5 }],
      prompt: "Where?",
      decoding: { maxTokens: 8, decoding: "sampled", temperature: 0.5, topK: 3, topP: 0.9, seed: 7, stopAtSentence: false },
      view: "routing",
      lesson: { id: "deferral", step: 2 },
      hidden: ["evaluation", "device"],
      locked: ["threshold"],
      expected: { codes: 4_294_967_295, answers: 0 },
    };
    const tuned: LinkState = {
      ...plainState,
      settings: { layers: [2, 3, 4], module: "mlp.c_fc", learningRate: 4e-4, hammingThreshold: 5 },
    };
    for (const state of [plainState, tuned, full]) expect(await decodeLink(await encodeLink(state))).toEqual(state);
    expect(isLink(await encodeLink(full))).toBe(true);
    expect(isLink("#evaluation")).toBe(false);
  });

  test("any unicode, anywhere a text may be", async () => {
    const prng = createPrng(7);
    for (let trial = 0; trial < 200; trial++) {
      const state = anyState(prng);
      const fragment = await encodeLink(state);
      expect(fragment).toMatch(/^#lab=1\.[\w-]+$/);
      expect(await decodeLink(fragment)).toEqual(state);
      expect(await decodeLink(fragment.slice(1)), "without its #").toEqual(state);
    }
  });
});

describe("length", () => {
  const sized = async (edits: readonly SharedEdit[]): Promise<number> => {
    const expected = { codes: 0xdeadbeef, answers: 0x12345678 };
    const state: LinkState = { ...plainState, edits, expected, view: "routing", lesson: { id: "edit", step: 3 }, hidden: ["evaluation"] };
    const fragment = await encodeLink(state);
    expect(await decodeLink(fragment)).toEqual(state);
    return fragment.length;
  };

  test("ten edits of Atlas with two rephrasings and a subject each fit easily", async () => {
    const { records } = readJson("public/edits/atlas.json") as { records: SharedEdit[] };
    const edits = records
      .slice(0, 10)
      .map(({ prompt, answer, rephrasings, subject = "" }) => ({ prompt, answer, rephrasings: rephrasings.slice(0, 2), subject }));
    expect(edits.every(({ rephrasings }) => rephrasings.length === 2)).toBe(true);
    expect(await sized(edits)).toBeLessThan(COMFORTABLE_CHARACTERS / 2);
  });

  test("so do ten like those of CounterFact, with two rephrasings and a subject each", async () => {
    expect(counterFactLike).toHaveLength(10);
    expect(await sized(counterFactLike)).toBeLessThan(COMFORTABLE_CHARACTERS);
  });
});

describe("what is no intact link of this version", () => {
  test("a newer version says so, and what to do", async () => {
    const newer = await refusal(sealed("[0,0,{},1,[]]", 2));
    expect(newer.message).toContain("version is 2");
    expect(newer.hint).toContain("newer version");
    expect((await refusal(sealed("[]", 0))).hint).not.toContain("newer");
  });

  test("every change of one character, and every cut, is noticed", async () => {
    const state: LinkState = { ...plainState, edits: [{ prompt: "The capital of France is", answer: "Lyon", rephrasings: [] }] };
    const fragment = await encodeLink(state);
    const letters = ["A", "b", "9", "_", "-", ".", " ", "é", "="];
    for (let at = 0; at < fragment.length; at++) {
      await refusal(fragment.slice(0, at));
      for (const letter of letters.filter((other) => other !== fragment[at])) {
        await refusal(`${fragment.slice(0, at)}${letter}${fragment.slice(at + 1)}`);
      }
    }
  });

  test("random changes are noticed or change nothing", async () => {
    const prng = createPrng(11);
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (let trial = 0; trial < 400; trial++) {
      const state = anyState(prng);
      const letters = [...(await encodeLink(state))];
      for (let change = prng.below(4) + 1; change > 0; change--) {
        const [at, letter] = [7 + prng.below(letters.length - 7), alphabet[prng.below(64)] ?? "A"];
        letters.splice(at, prng.below(2), ...(prng.below(3) === 0 ? [] : [letter]));
      }
      const outcome = await decodeLink(letters.join("")).catch((error: unknown) => error);
      if (outcome instanceof Error) expect(outcome).toMatchObject({ name: "EngineError", code: "bad-link" });
      else expect(outcome).toEqual(state);
    }
  });

  test.each([
    ["nothing", ""],
    ["another fragment", "#evaluation"],
    ["no version", "#lab=.AAAA"],
    ["no payload", "#lab=1."],
    ["a checksum alone", "#lab=1.AAAAAA"],
    ["noise", "#lab=1.AAAAAAAAAAAAAAAA"],
    ["more than any page writes", `#lab=1.${"A".repeat(linkLimits.characters)}`],
  ])("%s", async (_, fragment) => {
    await refusal(fragment);
  });

  test("a few bytes that unpack to very many are left unread", async () => {
    const bomb = sealed(`[0,0,{},1,[],{"p":"${" ".repeat(20_000_000)}"}]`);
    expect(bomb.length).toBeLessThan(linkLimits.characters);
    expect((await refusal(bomb)).message).toContain(`more than ${linkLimits.bytes}`);
  });

  test.each([
    ["no JSON", "[0,0"],
    ["no list", "{}"],
    ["too few parts", "[0,0,{},1]"],
    ["a model nested deeper than can be written", `[${"[".repeat(20_000)}${"]".repeat(20_000)},0,{},1,[]]`],
    ["a seed nested deeper than can be written", `[0,0,{},${"[".repeat(20_000)}${"]".repeat(20_000)},[]]`],
    ["another spelling", "[0, 0, {}, 1, []]"],
    ["another spelling of a number", "[0,0,{},1.0,[]]"],
    ["an empty rest", "[0,0,{},1,[],{}]"],
    ["an unknown model", "[2,0,{},1,[]]"],
    ["a path for a model", '[["../x","main",0],0,{},1,[]]'],
    ["an address for a model", '[["https://x.test/a","main",0],0,{},1,[]]'],
    ["an unknown method", "[0,2,{},1,[]]"],
    ["a broken seed", "[0,0,{},-1,[]]"],
    ["an unknown setting", '[0,0,{"z":1},1,[]]'],
    ["a prototype", '[0,0,{"__proto__":{"n":1}},1,[]]'],
    ["a setting of the wrong type", '[0,0,{"n":"4"},1,[]]'],
    ["layers out of order", '[0,0,{"l":[3,2]},1,[]]'],
    ["an edit without an answer", '[0,0,{},1,[["P"]]]'],
    ["an edit with an empty answer", '[0,0,{},1,[["P",""]]]'],
    ["an edit with a number for a rephrasing", '[0,0,{},1,[["P","A",3]]]'],
    ["an edit with an unknown option", '[0,0,{},1,[["P","A",{"z":1}]]]'],
    ["an edit with a strength below 0", '[0,0,{},1,[["P","A",{"x":-1}]]]'],
    ["too long a prompt", `[0,0,{},1,[["${"x".repeat(linkLimits.promptCharacters + 1)}","A"]]]`],
    ["too many edits", `[0,0,{},1,[${Array.from({ length: linkLimits.edits + 1 }, () => '["P","A"]').join()}]]`],
    ["too many rephrasings", `[0,0,{},1,[["P","A"${',"R"'.repeat(linkLimits.rephrasings + 1)}]]]`],
    ["an unknown lesson", '[0,0,{},1,[],{"l":[6,0]}]'],
    ["hidden controls out of order", '[0,0,{},1,[],{"h":[3,1]}]'],
    ["hidden controls twice", '[0,0,{},1,[],{"h":[3,3]}]'],
    ["a checksum that is none", '[0,0,{},1,[],{"c":[1,-1]}]'],
    ["a decoding option out of range", '[0,0,{},1,[],{"d":{"m":0}}]'],
    ["a default spelled out", '[0,0,{},1,[],{"d":{"m":24}}]'],
  ])("%s, however well sealed", async (_, text) => {
    await refusal(sealed(text));
  });

  test("bytes that are no text", async () => {
    await refusal(sealed(new Uint8Array([0x5b, 0xff, 0xfe])));
  });
});

test.each([
  ["too many edits", { edits: Array.from({ length: linkLimits.edits + 1 }, () => ({ prompt: "P", answer: "A", rephrasings: [] })) }],
  ["an empty answer", { edits: [{ prompt: "P", answer: "", rephrasings: [] }] }],
  ["a setting that is not the method's", { settings: { threshold: 1 } }],
  ["a revision that is none", { model: { kind: "hub", id: "a/b", revision: "", precision: 8 } }],
] as const)("%s cannot be shared, and the error says so", async (_, part) => {
  await expect(encodeLink({ ...plainState, ...part })).rejects.toMatchObject({ code: "bad-link" });
});

test("noise too long to pack is refused with the way out", async () => {
  const prng = createPrng(3);
  const noise = (): string => Array.from({ length: 3000 }, () => String.fromCodePoint(0x4e00 + prng.below(20_000))).join("");
  const edits = Array.from({ length: 10 }, () => ({ prompt: noise(), answer: "A", rephrasings: [] }));
  await expect(encodeLink({ ...plainState, edits })).rejects.toMatchObject({ code: "bad-link", hint: expect.stringContaining("fewer") });
});
