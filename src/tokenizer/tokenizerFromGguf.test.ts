import { describe, expect, test } from "vitest";
import { EngineError, errorFacts } from "../lib/errors.ts";
import { digest, goldensOf } from "./testing/goldens.ts";
import { styles } from "./testing/styles.ts";
import { loadTokenizer, type Tokenizer } from "./tokenizer.ts";
import { tokenizerFromGguf } from "./tokenizerFromGguf.ts";

type Value = number | boolean | string | readonly number[] | readonly string[];
type Keys = Readonly<Record<string, Value | undefined>>;
interface Style {
  readonly added_tokens: readonly { readonly id: number; readonly content: string; readonly special: boolean }[];
  readonly model: { readonly vocab: Readonly<Record<string, number>>; readonly merges: readonly (string | readonly [string, string])[] };
}

const metadata = (keys: Keys): ReadonlyMap<string, Value> =>
  new Map(
    Object.entries(keys).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.includes(".") ? name : `tokenizer.ggml.${name}`, value] as const],
    ),
  );
const load = (keys: Keys): Tokenizer => {
  const { tokenizerJson, tokenizerConfig } = tokenizerFromGguf(metadata(keys));
  return loadTokenizer(tokenizerJson, tokenizerConfig);
};

/** Tokens by id, and their types: 3 for special ones, 4 for other added ones. */
function listsOf({ model, added_tokens: added }: Style): { readonly tokens: string[]; readonly token_type: number[] } {
  const tokens: string[] = [];
  for (const [token, id] of Object.entries(model.vocab)) tokens[id] = token;
  for (const { id, content } of added) tokens[id] = content;
  const types = new Map(added.map(({ id, special }) => [id, special ? 3 : 4]));
  return { tokens, token_type: tokens.map((_, id) => types.get(id) ?? 1) };
}

/** What llama.cpp's converter writes of a byte-level tokenizer. */
function byteLevelKeys(name: "gpt2" | "smollm" | "llama3" | "qwen2", pre: string, more: Keys = {}): Keys {
  const style = styles[name] as unknown as Style;
  const merges = style.model.merges.map((pair) => (typeof pair === "string" ? pair : pair.join(" ")));
  return { model: "gpt2", pre, ...listsOf(style), merges, ...more };
}

/** What it writes of a SentencePiece model: no merges, but scores. */
function sentencePieceKeys(more: Keys = {}): Keys {
  const { tokens, token_type: types } = listsOf(styles.llama2 as unknown as Style);
  const typeOf = (token: string, id: number): number => (id === 0 ? 2 : /^<0x[0-9A-F]{2}>$/.test(token) ? 6 : (types[id] ?? 1));
  const scores = tokens.map((_, id) => (id < 259 ? 0 : 259 - id));
  return { model: "llama", tokens, scores, token_type: tokens.map(typeOf), ...more };
}

function expectGoldens(tokenizer: Tokenizer, name: Parameters<typeof goldensOf>[0]): void {
  const goldens = goldensOf(name);
  expect(goldens.length).toBeGreaterThan(1000);
  const wrong = goldens.filter(([text, expected]) => {
    const ids = tokenizer.encode(text);
    return digest(ids, tokenizer.decode(ids)) !== expected;
  });
  expect(wrong.map(([text]) => text)).toEqual([]);
}

describe("a byte-level tokenizer gives the original's ids", () => {
  test.each([
    ["gpt2", "gpt-2"],
    ["smollm", "smollm"],
    ["llama3", "llama-bpe"],
    ["qwen2", "qwen2"],
  ] as const)("%s, with pre %s", (name, pre) => {
    const bos = (styles[name] as unknown as Style).added_tokens[0]?.id;
    expectGoldens(load(byteLevelKeys(name, pre, { bos_token_id: bos })), name);
  });

  test("GPT-2's and Qwen2's where an older file does not name its pre-tokenizer", () => {
    expectGoldens(load(byteLevelKeys("gpt2", "", { pre: undefined, "general.architecture": "gpt2" })), "gpt2");
    expectGoldens(load(byteLevelKeys("qwen2", "", { pre: undefined, "general.architecture": "qwen2" })), "qwen2");
  });

  test("llama.cpp's own words where nothing says more: signs alone, digits in threes", () => {
    const tokenizer = load(byteLevelKeys("gpt2", "default"));
    const unnamed = load(byteLevelKeys("gpt2", "", { pre: undefined, "general.architecture": "llama" }));
    const words = JSON.parse(tokenizerFromGguf(metadata(byteLevelKeys("gpt2", "default"))).tokenizerJson) as { pre_tokenizer: object };
    expect(words.pre_tokenizer).toMatchObject({
      type: "Sequence",
      pretokenizers: [{}, {}, {}, { pattern: { Regex: "[0-9][0-9][0-9]" } }, {}],
    });
    for (const text of ["it's 1234567!", "a&&b"]) {
      expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
      expect(unnamed.encode(text)).toEqual(tokenizer.encode(text));
    }
  });

  test.each(["starcoder", "refact", "command-r", "llama3", "llama-v3", "deepseek-r1-qwen", "deepseek-coder", "tekken"])(
    "%s is known",
    (pre) => {
      const tokenizer = load(byteLevelKeys("gpt2", pre, { bos_token_id: 5 }));
      expect(tokenizer.decode(tokenizer.encode("if (x > 10) {\n\treturn 日本;\n}"))).toBe("if (x > 10) {\n\treturn 日本;\n}");
    },
  );
});

describe("a SentencePiece tokenizer", () => {
  test("gives the ids of the original and of SentencePiece, its merges made from the scores", () => {
    const tokenizer = load(sentencePieceKeys());
    expectGoldens(tokenizer, "llama2");
    const plain = goldensOf("sentencePiece").filter(([text]) => text !== "" && !/<s>|<\/s>|<unk>/.test(text));
    expect(plain.filter(([text, expected]) => digest(tokenizer.encode(text), "") !== expected).map(([text]) => text)).toEqual([]);
  });

  test("merges the best score first; equal ones by the ids of their parts, as Llama 2's tokenizer.json has its runs of blanks", () => {
    const tokens = ["<unk>", "<s>", "</s>", "▁▁▁", "▁▁", "▁", "a", "▁a"];
    const scores = [0, 0, 0, -1e9, -1e9, -3, -2, -1];
    const token_type = [2, 3, 3, 1, 1, 1, 1, 1];
    const { tokenizerJson } = tokenizerFromGguf(metadata({ model: "llama", tokens, scores, token_type }));
    expect((JSON.parse(tokenizerJson) as Style).model.merges).toEqual([
      ["▁", "a"],
      ["▁▁", "▁"],
      ["▁", "▁▁"],
      ["▁", "▁"],
    ]);
  });

  test("puts a blank in front unless the file says not to", () => {
    expect(load(sentencePieceKeys()).encode("is")).toEqual(load(sentencePieceKeys({ add_space_prefix: true })).encode("is"));
    const bare = load(sentencePieceKeys({ add_space_prefix: false }));
    expect(bare.piece(bare.encode("is")[0] ?? -1).text).toBe("is");
    expect(bare.leadingSpaces).toBe(0);
  });

  test("never makes a special token or a byte out of typed characters", () => {
    const tokens = ["<unk>", "<s>", "</s>", "<0x41>", "<", "s>", "0x41>", "▁", "x"];
    const keys = { model: "llama", tokens, scores: tokens.map(() => -1), token_type: [2, 3, 3, 6, 1, 1, 1, 1, 1] };
    const { tokenizerJson } = tokenizerFromGguf(metadata(keys));
    expect((JSON.parse(tokenizerJson) as Style).model.merges).toEqual([]);
  });
});

describe("special tokens", () => {
  test("are those of type 3; those of type 4 are whole but show", () => {
    const keys = byteLevelKeys("gpt2", "gpt-2");
    const tokens = [...(keys["tokens"] as string[]), "<tool>"];
    const types = [...(keys["token_type"] as number[]), 4];
    const tokenizer = load({ ...keys, tokens, token_type: types, eos_token_id: tokens.length - 2 });
    const [tool, end] = [tokens.length - 1, tokens.length - 2];
    expect(tokenizer.encode("a<tool>b<|endoftext|>")).toEqual([97, tool, 98, end]);
    expect([tokenizer.isSpecial(tool), tokenizer.isSpecial(end)]).toEqual([false, true]);
    expect(tokenizer.decode([97, tool, end])).toBe("a<tool>");
    expect(tokenizer.endTokens).toEqual([end]);
  });

  test.each<[string, Keys, number[]]>([
    ["Llama 3 has one in front", byteLevelKeys("llama3", "llama-bpe", { bos_token_id: 7 }), [7]],
    ["unless the file says not to", byteLevelKeys("llama3", "llama-bpe", { bos_token_id: 7, add_bos_token: false }), []],
    ["GPT-2 has none", byteLevelKeys("gpt2", "gpt-2", { bos_token_id: 7 }), []],
    ["unless the file says so", byteLevelKeys("gpt2", "gpt-2", { bos_token_id: 7, add_bos_token: true }), [7]],
    ["Llama 2 has one", sentencePieceKeys(), [1]],
    ["unless the file says not to", sentencePieceKeys({ add_bos_token: false }), []],
  ])("%s", (_what, keys, front) => {
    const tokenizer = load(keys);
    expect(tokenizer.encode("is", { specialTokens: true })).toEqual([...front, ...tokenizer.encode("is")]);
  });

  test("a turn's end ends a text too, and tokens with a part to play are special whatever their type", () => {
    const tokenizer = load(byteLevelKeys("gpt2", "gpt-2", { eos_token_id: 300, eot_token_id: 301 }));
    expect(tokenizer.endTokens).toEqual(expect.arrayContaining([300, 301]));
    expect([tokenizer.isSpecial(300), tokenizer.isSpecial(301)]).toEqual([true, true]);
  });

  test("their names and the chat template are handed on as text", () => {
    const template = "{% for message in messages %}…{% endfor %}";
    const { tokenizerConfig } = tokenizerFromGguf(
      metadata(sentencePieceKeys({ padding_token_id: 2, "tokenizer.chat_template": template })),
    );
    expect(tokenizerConfig).toEqual({
      bos_token: "<s>",
      eos_token: "</s>",
      unk_token: "<unk>",
      pad_token: "</s>",
      add_bos_token: true,
      clean_up_tokenization_spaces: false,
      chat_template: template,
    });
  });

  test("a token called __proto__ and an empty one keep their ids", () => {
    const keys = byteLevelKeys("gpt2", "gpt-2");
    const tokens = [...(keys["tokens"] as string[]), "__proto__", ""];
    const tokenizer = load({ ...keys, tokens, token_type: [...(keys["token_type"] as number[]), 1, 5] });
    expect([-2, -1].map((at) => tokenizer.piece(tokens.length + at).text)).toEqual(["__proto__", `[EMPTY_${tokens.length - 1}]`]);
    expect(tokenizer.vocabularySize).toBe(tokens.length);
  });
});

const sound = byteLevelKeys("gpt2", "gpt-2");
const tokensOf = (change: (tokens: string[]) => readonly string[]): Keys => ({
  ...sound,
  tokens: change([...(sound["tokens"] as string[])]),
});

test.each<[string, Keys, RegExp]>([
  ["no kind", { ...sound, model: undefined }, /got tokenizer\.ggml\.model "nothing", expected gpt2 .* or llama/],
  ["WordPiece", { ...sound, model: "bert" }, /got tokenizer\.ggml\.model "bert", expected gpt2 .* or llama/],
  ["Unigram", { ...sound, model: "t5" }, /got tokenizer\.ggml\.model "t5"/],
  ["a kind that is a number", { ...sound, model: 2 }, /got tokenizer\.ggml\.model 2, expected a text/],
  ["an unknown pre-tokenizer", { ...sound, pre: "kimi-k2" }, /got tokenizer\.ggml\.pre "kimi-k2", expected one of gpt-2, default, smollm/],
  ["a pre-tokenizer that is a list", { ...sound, pre: ["gpt-2"] }, /got tokenizer\.ggml\.pre \["gpt-2"\], expected a text/],
  ["no tokens", { ...sound, tokens: undefined }, /got tokenizer\.ggml\.tokens nothing, expected a list of texts/],
  ["tokens that are numbers", { ...sound, tokens: [1, 2] }, /got tokenizer\.ggml\.tokens \[1,2\], expected a list of texts/],
  ["an empty list of tokens", { ...sound, tokens: [], token_type: [] }, /got 0 tokenizer\.ggml\.tokens/],
  ["a token twice", tokensOf((tokens) => tokens.with(9, tokens[3] ?? "")), /got the token ".*" with ids 3 and 9, expected each once/],
  [
    "a token of a megabyte",
    tokensOf((tokens) => tokens.with(9, "x".repeat(1e6))),
    /got token 9 of 1000000 characters, expected at most 4096/,
  ],
  ["types for other tokens", { ...sound, token_type: [1, 2, 3] }, /got 3 of tokenizer\.ggml\.token_type, expected \d+, one a token/],
  ["types that are texts", { ...sound, token_type: ["a"] }, /got tokenizer\.ggml\.token_type \["a"\], expected a list of numbers/],
  ["no merges", { ...sound, merges: undefined }, /got tokenizer\.ggml\.merges nothing/],
  ["an id beyond the tokens", { ...sound, eos_token_id: 5000 }, /got tokenizer\.ggml\.eos_token_id 5000, expected an id below/],
  ["an id that is a text", { ...sound, bos_token_id: "<s>" }, /got tokenizer\.ggml\.bos_token_id "<s>", expected an id below/],
  ["a beginning without its token", { ...sound, add_bos_token: true }, /got no tokenizer\.ggml\.bos_token_id, expected one/],
  ["a flag that is a number", { ...sound, add_bos_token: 1 }, /got tokenizer\.ggml\.add_bos_token 1, expected true or false/],
  ["no scores", sentencePieceKeys({ scores: undefined }), /got no tokenizer\.ggml\.scores/],
  ["scores for other tokens", sentencePieceKeys({ scores: [0] }), /got 1 of tokenizer\.ggml\.scores, expected/],
  ["scores that are no numbers", sentencePieceKeys({ scores: [NaN] }), /got tokenizer\.ggml\.scores \[NaN\], expected a list of numbers/],
  [
    "tokens too long to take apart",
    {
      model: "llama",
      tokens: Array.from({ length: 50 }, (_, i) => `${"x".repeat(2000)}${i}`),
      scores: Array.from({ length: 50 }, () => 0),
    },
    /got tokens too long to find their merges/,
  ],
])("refused: %s", (_what, keys, says) => {
  const thrown = (() => {
    try {
      return tokenizerFromGguf(metadata(keys));
    } catch (error) {
      return error;
    }
  })();
  expect(thrown).toBeInstanceOf(EngineError);
  expect(errorFacts(thrown)).toMatchObject({ code: "bad-tokenizer", message: expect.stringMatching(says) as string });
});
