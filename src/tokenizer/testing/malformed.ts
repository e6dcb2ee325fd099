/** tokenizer.json files with one fault each; every one of them is refused with `bad-tokenizer`. */
import { byteLevelTokenizer } from "../fixtures.ts";

export interface MalformedTokenizer {
  /** Says the fault. */
  readonly name: string;
  /** Of the message: what was got against what was expected. */
  readonly says: RegExp;
  /** Made when asked for: some are large. */
  readonly text: () => string;
}

type Sound = ReturnType<typeof byteLevelTokenizer>;
/** What becomes of a sound file: another value, or another text. */
type Change = (sound: Sound) => unknown;
type Fault = readonly [says: RegExp, change: string | Change];

const model =
  (change: Readonly<Record<string, unknown>>): Change =>
  (sound) => ({ ...sound, model: { ...sound.model, ...change } });
const vocab =
  (change: Readonly<Record<string, unknown>>): Change =>
  (sound) => ({ ...sound, model: { ...sound.model, vocab: { ...sound.model.vocab, ...change } } });
const merged =
  (...merges: readonly unknown[]): Change =>
  (sound) => ({ ...sound, model: { ...sound.model, merges: [...sound.model.merges, ...merges] } });
const part =
  (change: Readonly<Record<string, unknown>>): Change =>
  (sound) => ({ ...sound, ...change });
const added = (...tokens: readonly unknown[]): Change => part({ added_tokens: tokens });
const split = (pattern: unknown, rest: object = {}): Change =>
  part({ pre_tokenizer: { type: "Split", pattern, behavior: "Isolated", invert: false, ...rest } });
const pattern = (Regex: string): Change => split({ Regex });
const nested = (type: string, list: string, depth: number): unknown => {
  let value: unknown = { type };
  for (let i = 0; i < depth; i++) value = { type: "Sequence", [list]: [value] };
  return value;
};
const template = (single: unknown, tokens: unknown): Change =>
  part({ post_processor: { type: "TemplateProcessing", single, pair: [], special_tokens: tokens } });
const special = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
const text = { Sequence: { id: "A", type_id: 0 } };
const many = (count: number): unknown[] => Array.from({ length: count }, () => ({ type: "NFC" }));
const replace = (content: string) => ({ type: "Replace", pattern: { String: "a" }, content });

const faults: Readonly<Record<string, Fault>> = {
  "of-no-bytes": [/got an empty text/, ""],
  "a-web-page": [/no JSON.*beginning "<!doctype html>/, "<!doctype html><html>"],
  "cut-short": [/no JSON/, JSON.stringify(byteLevelTokenizer()).slice(0, 500)],
  "of-70-mb": [/got a text of 70000000 characters, expected a tokenizer\.json of at most 67108864/, () => " ".repeat(70_000_000)],
  "a-list": [/got \[\], expected a JSON object/, "[]"],
  null: [/got null, expected a JSON object/, "null"],
  "a-model-behind-proto": [/got model nothing, expected an object/, '{"__proto__":{"model":{"type":"BPE"}}}'],
  "nested-deep": [/got model \[…\], expected an object/, () => `{"model":${"[".repeat(100_000)}${"]".repeat(100_000)}}`],
  "without-a-model": [/got model nothing/, part({ model: undefined })],
  "a-unigram-model": [/got a model of type "Unigram", expected "BPE"/, model({ type: "Unigram", vocab: [["a", -1]] })],
  "a-wordpiece-model": [/got a model of type "WordPiece", expected "BPE"/, model({ type: "WordPiece" })],
  "a-wordlevel-model": [/got a model of type "WordLevel", expected "BPE"/, model({ type: "WordLevel" })],
  "with-word-ends": [/got end_of_word_suffix "<\/w>", expected none/, model({ end_of_word_suffix: "</w>" })],
  "with-byte-fallback-perhaps": [/got byte_fallback "yes" .*expected true or false/, model({ byte_fallback: "yes" })],
  "with-an-unknown-token-unknown": [/got unk_token "<unk>", expected a token of the vocabulary/, model({ unk_token: "<unk>" })],
  "without-a-vocabulary": [/got model\.vocab nothing/, model({ vocab: undefined })],
  "a-vocabulary-list": [/got model\.vocab \[…\], expected an object/, model({ vocab: [["a", 0]] })],
  "an-empty-vocabulary": [/got an empty vocabulary/, model({ vocab: {} })],
  "an-id-that-is-a-text": [/got id "1" for token "a"/, vocab({ a: "1" })],
  "an-id-that-is-nan": [/got a text that is no JSON/, '{"model":{"type":"BPE","vocab":{"a":NaN},"merges":[]}}'],
  "an-infinite-id": [/got id Infinity for token "a"/, '{"model":{"type":"BPE","vocab":{"a":1e999},"merges":[]}}'],
  "a-negative-id": [/got id -1 for token "a"/, vocab({ a: -1 })],
  "a-fractional-id": [/got id 0\.5 for token "a"/, vocab({ a: 0.5 })],
  "an-absurd-id": [/got id 4000000000 .*expected an integer from 0 to 4194303/, vocab({ a: 4e9 })],
  "an-id-twice": [/got id 7 for both .* and "two", expected one token an id/, vocab({ two: 7 })],
  "a-token-of-a-megabyte": [
    /got the token "a+…" of 1000000 characters, expected at most 4096/,
    () => ({ model: { vocab: { ["a".repeat(1_000_000)]: 0 }, merges: [] } }),
  ],
  "without-merges": [/got model\.merges nothing, expected a list/, model({ merges: undefined })],
  "a-merge-of-one": [/got merge 0 "ab", expected two texts parted by a space/, model({ merges: ["ab"] })],
  "a-merge-of-three": [/got merge \d+ \["a","b","c"\], expected a pair of texts/, merged(["a", "b", "c"])],
  "merges-of-two-kinds": [/got merge \d+ "a b", expected a pair of texts/, merged("a b")],
  "a-merge-of-an-unknown-token": [/got merge \d+ \["a","東"\] with "東", expected tokens of the vocabulary/, merged(["a", "東"])],
  "a-merge-into-an-unknown-token": [/got merge \d+ \["Q","Z"\] with "QZ", expected tokens/, merged(["Q", "Z"])],
  "an-added-token-without-an-id": [/got the added token \{"content":"x"\}, expected an id and a content/, added({ content: "x" })],
  "an-added-token-of-nothing": [/got the added token .*expected an id and a content/, added({ id: 9000, content: "" })],
  "an-added-token-out-of-range": [/got the added token .*expected an id and a content/, added({ id: 1e12, content: "x" })],
  "an-added-token-in-anothers-place": [/got the added token "東" with the id 5 of "."/, added({ id: 5, content: "東" })],
  "an-added-token-with-two-ids": [
    /got the added token "東" with the ids 9000 and 9001, expected one/,
    added({ id: 9000, content: "東" }, { id: 9001, content: "東" }),
  ],
  "an-added-token-of-10-kb": [/got the added token .* of 10000 characters/, added({ id: 9000, content: "x".repeat(10_000) })],
  "an-added-token-special-perhaps": [/got special "true" .*expected true or false/, added({ id: 9000, content: "x", special: "true" })],
  "added-tokens-that-are-no-list": [/got added_tokens \{\}, expected a list/, part({ added_tokens: {} })],
  "an-unknown-normalizer": [/got the normalizer \{"type":"Magic"\}, expected NFC/, part({ normalizer: { type: "Magic" } })],
  "a-precompiled-normalizer": [
    /got the normalizer .*"Precompiled"/,
    part({ normalizer: { type: "Precompiled", precompiled_charsmap: "" } }),
  ],
  "a-normalizer-that-is-a-text": [/got the normalizer "NFC", expected an object/, part({ normalizer: "NFC" })],
  "normalizers-without-end": [/more than 16 steps/, part({ normalizer: { type: "Sequence", normalizers: many(1000) } })],
  "normalizers-nested-deep": [/nested deeper than 4/, part({ normalizer: nested("NFC", "normalizers", 50) })],
  "normalizers-that-blow-up": [
    /make a text 32768 times as long, expected at most 64/,
    part({ normalizer: { type: "Sequence", normalizers: [replace("a".repeat(32)), replace("a".repeat(32)), replace("a".repeat(32))] } }),
  ],
  "a-normalizer-that-puts-a-novel": [/got content "x+…" .*expected a text of at most 32/, part({ normalizer: replace("x".repeat(1000)) })],
  "an-unknown-pre-tokenizer": [/got the pre_tokenizer \{"type":"Magic"\}, expected ByteLevel/, part({ pre_tokenizer: { type: "Magic" } })],
  "a-bert-pre-tokenizer": [/got the pre_tokenizer \{"type":"BertPreTokenizer"\}/, part({ pre_tokenizer: { type: "BertPreTokenizer" } })],
  "a-split-that-merges": [/got a Split that is "MergedWithNext"/, split({ String: " " }, { behavior: "MergedWithNext" })],
  "a-split-without-a-pattern": [/got the pattern nothing, expected a Regex or a String/, split(undefined)],
  "a-pattern-with-nested-loops": [/with a repeated group, expected one that cannot run away/, pattern("(a+)+b")],
  "a-pattern-of-repeated-choices": [/with a repeated group/, pattern("(?:a|a){30}b")],
  "a-pattern-with-loop-behind-loop": [/with something that must match after two loops/, pattern("\\s*\\s*x")],
  "a-pattern-with-three-loops": [/with more than two loops/, pattern("a*b*c*")],
  "a-pattern-that-refers-back": [/which is not supported there/, pattern("(a+)\\1")],
  "a-pattern-with-a-huge-count": [/with a count over 1024/, pattern("a{9999}")],
  "a-pattern-that-gives-nothing-back": [/with a possessive or lazy count/, pattern("a++b")],
  "a-pattern-with-flags-inside": [/with a kind of group that is not supported/, pattern("(?x: a b )")],
  "a-pattern-with-an-open-bracket": [/with a bracket too few/, pattern("(a|b")],
  "a-pattern-with-an-open-class": [/with a character class that does not end/, pattern("[a-z")],
  "a-pattern-nested-deep": [/with groups nested deeper than 16/, pattern(`${"(".repeat(500)}a${")".repeat(500)}`)],
  "a-pattern-of-a-megabyte": [/with 1000000 characters, more than 4096/, pattern("a".repeat(1_000_000))],
  "a-pattern-with-an-unknown-property": [/cannot be used \(.*Invalid property name/, pattern("\\p{Klingon}+")],
  "a-metaspace-of-two-signs": [
    /got the replacement "ab", expected one character/,
    part({ pre_tokenizer: { type: "Metaspace", replacement: "ab" } }),
  ],
  "a-metaspace-that-prepends-somehow": [
    /got prepend_scheme "last", expected "always"/,
    part({ pre_tokenizer: { type: "Metaspace", replacement: "▁", prepend_scheme: "last" } }),
  ],
  "an-unknown-post-processor": [/got the post_processor \{"type":"Magic"\}/, part({ post_processor: { type: "Magic" } })],
  "a-template-with-an-unknown-token": [/got the template item "<x>" with ids nothing/, template([special("<x>"), text], {})],
  "a-template-with-an-id-of-none": [
    /got the template item "<x>" with ids \[99999\], expected tokens that the vocabulary has/,
    template([special("<x>"), text], { "<x>": { id: "<x>", ids: [99999], tokens: ["<x>"] } }),
  ],
  "a-template-with-a-token-from-proto": [
    /got the template item "constructor" with ids nothing/,
    template([special("constructor"), text], {}),
  ],
  "a-template-without-the-text": [/with 0 places for the text, expected one/, template([], {})],
  "a-template-with-the-text-twice": [/with 2 places for the text/, template([text, text], {})],
  "a-template-that-is-a-text": [/got a template of single "\$A"/, template("$A", {})],
  "without-a-decoder": [/got the decoder null, expected one that says how blanks are written/, part({ decoder: null })],
  "an-unknown-decoder": [/got the decoder \{"type":"CTC"\}, expected ByteLevel/, part({ decoder: { type: "CTC" } })],
  "a-decoder-without-a-sign-for-blanks": [/how blanks are written/, part({ decoder: { type: "Sequence", decoders: [{ type: "Fuse" }] } })],
  "a-decoder-that-strips-the-end": [
    /got the decoder \{"type":"Strip".*expected one that drops 0 to 8 blanks at the start/,
    part({ decoder: { type: "Sequence", decoders: [{ type: "Metaspace" }, { type: "Strip", content: " ", start: 0, stop: 1 }] } }),
  ],
};

export const malformedTokenizers: readonly MalformedTokenizer[] = Object.entries(faults).map(([name, [says, change]]) => ({
  name: `tokenizer-${name}`,
  says,
  text: () => {
    const changed = typeof change === "string" ? change : change(byteLevelTokenizer());
    return typeof changed === "string" ? changed : JSON.stringify(changed);
  },
}));
