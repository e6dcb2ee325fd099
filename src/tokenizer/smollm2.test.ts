/** The tokenizer in a third party's file, SmolLM2-135M-Instruct as GGUF (tools/smollm2/golden.py says where it comes from), against the original library. */
import { existsSync } from "node:fs";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { diskFiles } from "../../tools/lib/diskFiles.ts";
import { openGguf } from "../weights/gguf.ts";
import { PreTrainedTokenizer } from "@xenova/transformers";
import { digest, goldensOf } from "./testing/goldens.ts";
import { seededTexts } from "./testing/texts.ts";
import { loadTokenizer, type Tokenizer } from "./tokenizer.ts";
import { tokenizerFromGguf, type GgufTokenizer } from "./tokenizerFromGguf.ts";

const name = "SmolLM2-135M-Instruct.Q4_1.gguf";
const path = process.env["ELDER_SMOLLM2"] ?? `build/smollm2/${name}`;
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

// A skipped test's name is its reason, which the totals print.
describe.skipIf(!existsSync(path))(`the tokenizer of SmolLM2 (runs where ELDER_SMOLLM2 names ${name})`, () => {
  let made: GgufTokenizer;
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    const files = await diskFiles(path);
    const source = files.open(files.files[0] ?? "");
    if (!source) throw new Error(`no file at ${path}`);
    made = tokenizerFromGguf((await openGguf(source)).metadata);
    tokenizer = loadTokenizer(made.tokenizerJson, made.tokenizerConfig);
  });

  test("gives the original's ids and texts", () => {
    const goldens = goldensOf("smollm2");
    expect(goldens.length).toBeGreaterThan(1000);
    const wrong = goldens.filter(([text, expected]) => {
      const ids = tokenizer.encode(text);
      return digest(ids, tokenizer.decode(ids)) !== expected;
    });
    expect(wrong.map(([text]) => text)).toEqual([]);
  });

  test("gives the ids and texts of transformers.js", () => {
    const theirs = new PreTrainedTokenizer(JSON.parse(made.tokenizerJson), made.tokenizerConfig);
    // Where transformers.js itself parts from the original: white space, digits beyond ASCII, bytes that the vocabulary lacks.
    const parts = /\ufeff|(?![0-9])\p{N}|(?![\t\n\r])\p{Cc}/u;
    const agrees = (text: string): boolean => {
      const ids = theirs.encode(text, { add_special_tokens: false });
      const decoded = ids.length > 0 ? theirs.decode(ids, { skip_special_tokens: true, clean_up_tokenization_spaces: false }) : "";
      return ids.join() === tokenizer.encode(text).join() && decoded === tokenizer.decode(ids);
    };
    expect(seededTexts(10, parts).filter((text) => !agrees(text))).toEqual([]);
  });

  test("has its special tokens, ends and chat template", () => {
    const [start, end] = ["<|im_start|>", "<|im_end|>"].map((text) => tokenizer.encode(text)[0] ?? -1);
    expect(tokenizer.vocabularySize).toBe(49_152);
    expect(tokenizer.encode("<|im_start|>user\nHi<|im_end|>").filter((id) => tokenizer.isSpecial(id))).toEqual([start, end]);
    expect(tokenizer.endTokens).toContain(end);
    expect(tokenizer.encode("Hi", { specialTokens: true })).toEqual(tokenizer.encode("Hi"));
    expect(made.tokenizerConfig["chat_template"]).toContain("add_generation_prompt");
  });
});
