/** config.json files with one fault each. */
import type { ErrorCode } from "../../lib/errors.ts";
import type { Family } from "../../model/testing/tinyModel.ts";
import { folderWith, impostorNames, impostors, soundConfig, type Fields, type Files, type Malformed } from "./malformedBase.ts";

const text = (content: string | Uint8Array) => (): Files => folderWith({ "config.json": content });
const soundText = JSON.stringify(soundConfig("llama"));

const utf16 = (content: string): Uint8Array =>
  new Uint8Array(Uint16Array.from({ length: content.length }, (_, i) => content.charCodeAt(i)).buffer);

/** What no config.json may be, whatever the model. */
const texts: Readonly<Record<string, readonly [says: RegExp, files: () => Files]>> = {
  "of-no-bytes": [/broken JSON at character 0: got the end of the text, expected a JSON value/, text("")],
  "of-spaces": [/broken JSON at character 1000: got the end of the text/, text(" ".repeat(1000))],
  "of-100-mb-of-spaces": [
    /got 100000000 bytes, expected at most 2097152/,
    () => folderWith({ "config.json": new Uint8Array(100_000_000).fill(0x20) }),
  ],
  "cut-short": [/broken JSON at character 60: got the end of the text, expected/, text(soundText.slice(0, 60))],
  "no-json": [/got "model_type: ", expected a JSON value/, text("model_type: llama")],
  "no-utf-8": [/got bytes that are no UTF-8, expected UTF-8 text/, text(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d))],
  "in-utf-16": [/got bytes that are no UTF-8|broken JSON/, text(utf16(soundText))],
  "a-list": [/got JSON that is no object, expected an object/, text(`[${soundText}]`)],
  "a-text": [/got JSON that is no object/, text('"llama"')],
  null: [/got JSON that is no object/, text("null")],
  "with-a-key-twice": [/duplicate JSON key "model_type"/, text(soundText.replace("{", '{"model_type":"gpt2",'))],
  "with-a-key-called-proto": [/forbidden JSON key "__proto__"/, text(soundText.replace("{", '{"__proto__":{"vocab_size":1},'))],
  "with-a-comment": [/broken JSON/, text(soundText.replace("{", "{ // a model\n"))],
  "with-single-quotes": [
    /broken JSON at character 1: got "'model_type'", expected a string in double/,
    text(soundText.replaceAll('"', "'")),
  ],
  "with-a-trailing-comma": [/broken JSON.*expected a string in double quotes/, text(soundText.replace(/\}$/, ",}"))],
  "with-text-behind": [/expected the end of the text/, text(`${soundText}{}`)],
  "with-nan": [/broken JSON.*got "NaN/, text(soundText.replace("{", '{"initializer_range":NaN,'))],
  "with-infinity": [/broken JSON.*got "Infinity/, text(soundText.replace("{", '{"initializer_range":Infinity,'))],
  "with-a-number-beyond-doubles": [/number 1e999 .*cannot be held exactly/, text(soundText.replace("{", '{"initializer_range":1e999,'))],
  "with-a-number-beyond-2-to-the-53": [
    /9007199254740993 .*cannot be held exactly/,
    text(soundText.replace("{", '{"seed":9007199254740993,')),
  ],
  "with-a-line-break-in-a-text": [/expected a string without control characters/, text(soundText.replace('"llama"', '"lla\nma"'))],
  "nested-deep": [/nested too deep.*expected at most 64 levels/, text(`{"a":${"[".repeat(1_000_000)}`)],
};

type Fault = readonly [code: ErrorCode, says: RegExp, change: Fields, family: Family | undefined];
const bad = (says: RegExp, change: Fields, family?: Family): Fault => ["bad-config", says, change, family];
const lacks = (says: RegExp, change: Fields, family?: Family): Fault => ["unsupported-architecture", says, change, family];
const scaling = (fields: unknown): Fields => ({ rope_scaling: fields });

/** Fields of a sound configuration in a wrong form. */
const fields: Readonly<Record<string, Fault>> = {
  "model-type-missing": bad(/model_type is missing, expected a text/, { model_type: undefined }),
  "model-type-null": bad(/model_type is null|model_type is missing/, { model_type: null }),
  "model-type-a-number": bad(/model_type is 2, expected a text/, { model_type: 2 }),
  "model-type-mamba": lacks(/model_type is "mamba", expected gpt2, llama or qwen2/, { model_type: "mamba" }),
  "model-type-of-an-object": lacks(/model_type is "constructor", expected gpt2/, { model_type: "constructor" }),
  "model-type-of-5000-letters": lacks(/model_type is "m{99}…, expected gpt2/, { model_type: "m".repeat(5000) }),
  "a-classifier": lacks(/architectures is \["LlamaForSequenceClassification"\], expected LlamaForCausalLM/, {
    architectures: ["LlamaForSequenceClassification"],
  }),
  "architectures-a-text": bad(/architectures is "LlamaForCausalLM", expected a list of texts/, { architectures: "LlamaForCausalLM" }),
  "architectures-of-numbers": bad(/architectures is \[1\], expected a list of texts/, { architectures: [1] }),
  "quantized-by-gptq": lacks(/quant_method is "gptq", expected float weights/, { quantization_config: { quant_method: "gptq", bits: 4 } }),
  "quantization-a-text": bad(/quantization_config: itself is "int8", expected an object/, { quantization_config: "int8" }),
  "layers-missing": bad(/num_hidden_layers is missing, expected a whole number from 1 to 1024/, { num_hidden_layers: undefined }),
  "layers-0": bad(/num_hidden_layers is 0, expected/, { num_hidden_layers: 0 }),
  "layers-minus-1": bad(/num_hidden_layers is -1, expected/, { num_hidden_layers: -1 }),
  "layers-a-fraction": bad(/num_hidden_layers is 1\.5, expected/, { num_hidden_layers: 1.5 }),
  "layers-a-text": bad(/num_hidden_layers is "1", expected/, { num_hidden_layers: "1" }),
  "layers-a-list": bad(/num_hidden_layers is \[1\], expected/, { num_hidden_layers: [1] }),
  "layers-true": bad(/num_hidden_layers is true, expected/, { num_hidden_layers: true }),
  "layers-a-billion": bad(/num_hidden_layers is 1000000000, expected a whole number from 1 to 1024/, { num_hidden_layers: 1e9 }),
  "layers-one-too-many": bad(/no tensor "model\.layers\.1\./, { num_hidden_layers: 2 }),
  "width-missing": bad(/hidden_size is missing, expected a whole number/, { hidden_size: undefined }),
  "width-0": bad(/hidden_size is 0, expected/, { hidden_size: 0 }),
  "width-minus-32": bad(/hidden_size is -32, expected/, { hidden_size: -32 }),
  "width-a-fraction": bad(/hidden_size is 32\.5, expected a whole number/, { hidden_size: 32.5 }),
  "width-a-text": bad(/hidden_size is "32", expected/, { hidden_size: "32" }),
  "width-a-billion": bad(/hidden_size is 1000000000, expected a whole number from 1 to 65536/, { hidden_size: 1e9 }),
  "width-of-another-model": bad(/weight is \(441, 32\), expected \(441, 64\)/, { hidden_size: 64 }),
  "inner-width-missing": bad(/intermediate_size is missing, expected/, { intermediate_size: undefined }),
  "inner-width-a-trillion": bad(/intermediate_size is 1000000000000, expected/, { intermediate_size: 1e12 }),
  "heads-missing": bad(/num_attention_heads is missing, expected/, { num_attention_heads: undefined }),
  "heads-0": bad(/num_attention_heads is 0, expected/, { num_attention_heads: 0 }),
  "heads-that-do-not-divide-the-width": bad(/heads is 5, expected a divisor of the hidden size 32/, {
    num_attention_heads: 5,
    num_key_value_heads: 5,
  }),
  "key-value-heads-0": bad(/num_key_value_heads is 0, expected/, { num_key_value_heads: 0 }),
  "key-value-heads-that-do-not-divide-the-heads": bad(/num_key_value_heads is 3, expected a divisor of the 4 heads/, {
    num_key_value_heads: 3,
  }),
  "key-value-heads-more-than-heads": bad(/num_key_value_heads is 8, expected a divisor of the 4/, { num_key_value_heads: 8 }),
  "head-size-3": bad(/head_dim is 3, expected an even number/, { head_dim: 3 }),
  "head-size-0": bad(/head_dim is 0, expected/, { head_dim: 0 }),
  "head-size-512": lacks(/heads are 512 wide, expected at most 256/, { head_dim: 512 }),
  "vocabulary-missing": bad(/vocab_size is missing, expected/, { vocab_size: undefined }),
  "vocabulary-a-billion": bad(/vocab_size is 1000000000, expected/, { vocab_size: 1e9 }),
  "vocabulary-of-another-model": bad(/embed_tokens\.weight is \(441, 32\), expected \(32000, 32\)/, { vocab_size: 32_000 }),
  "context-0": bad(/max_position_embeddings is 0, expected/, { max_position_embeddings: 0 }),
  "context-a-text": bad(/max_position_embeddings is "64", expected/, { max_position_embeddings: "64" }),
  "epsilon-0": bad(/rms_norm_eps is 0, expected a number above 0/, { rms_norm_eps: 0 }),
  "epsilon-negative": bad(/rms_norm_eps is -0\.00001, expected|rms_norm_eps is -1e-5, expected/, { rms_norm_eps: -1e-5 }),
  "epsilon-a-text": bad(/rms_norm_eps is "1e-5", expected/, { rms_norm_eps: "1e-5" }),
  "activation-unknown": lacks(/hidden_act is "mish", expected gelu_new/, { hidden_act: "mish" }),
  "activation-of-an-object": lacks(/hidden_act is "toString", expected/, { hidden_act: "toString" }),
  "activation-a-list": bad(/hidden_act is \["silu"\], expected a text/, { hidden_act: ["silu"] }),
  "tied-a-text": bad(/tie_word_embeddings is "false", expected true or false/, { tie_word_embeddings: "false" }),
  "tied-1": bad(/tie_word_embeddings is 1, expected true or false/, { tie_word_embeddings: 1 }),
  "bias-a-text": bad(/attention_bias is "no", expected true or false/, { attention_bias: "no" }),
  "bias-that-no-tensor-has": bad(/no tensor "model\.layers\.0\.self_attn\.q_proj\.bias"/, { attention_bias: true }),
  "rope-base-0": bad(/rope_theta is 0, expected a number above 0/, { rope_theta: 0 }),
  "rope-base-a-text": bad(/rope_theta is "1e4", expected/, { rope_theta: "1e4" }),
  "rope-base-too-small": bad(/rope_theta is 1e-300, expected a base that gives finite angles/, { rope_theta: 1e-300 }),
  "rope-of-a-part-of-each-head": lacks(/partial_rotary_factor is 0\.5, expected 1/, { partial_rotary_factor: 0.5 }),
  "rope-scaling-a-text": bad(/rope_scaling: itself is "linear", expected an object/, scaling("linear")),
  "rope-scaling-a-list": bad(/rope_scaling: itself is \[2\], expected an object/, scaling([2])),
  "rope-scaling-unknown": lacks(
    /rope_type is "yarn", expected default, linear, dynamic or llama3/,
    scaling({ rope_type: "yarn", factor: 2 }),
  ),
  "rope-scaling-without-a-factor": bad(/rope_scaling: factor is missing, expected a number above 0/, scaling({ rope_type: "linear" })),
  "rope-scaling-by-0": bad(/rope_scaling: factor is 0, expected/, scaling({ rope_type: "linear", factor: 0 })),
  "rope-scaling-without-its-ramp": bad(/low_freq_factor is missing, expected/, scaling({ rope_type: "llama3", factor: 8 })),
  "gpt2-layers-missing": bad(/n_layer is missing, expected/, { n_layer: undefined }, "gpt2"),
  "gpt2-layers-a-billion": bad(/n_layer is 1000000000, expected/, { n_layer: 1e9 }, "gpt2"),
  "gpt2-heads-that-do-not-divide-the-width": bad(/heads is 7, expected a divisor of the hidden size 32/, { n_head: 7 }, "gpt2"),
  "gpt2-context-a-million": bad(/n_positions is 1000000, expected a whole number from 1 to 32768/, { n_positions: 1e6 }, "gpt2"),
  "gpt2-context-of-another-model": bad(/wpe\.weight is \(64, 32\), expected \(1024, 32\)/, { n_positions: 1024 }, "gpt2"),
  "gpt2-cross-attention": lacks(/add_cross_attention is true, expected false/, { add_cross_attention: true }, "gpt2"),
  "gpt2-activation-unknown": lacks(/activation_function is "relu6", expected/, { activation_function: "relu6" }, "gpt2"),
  "gpt2-scale-a-number": bad(/scale_attn_weights is 1, expected true or false/, { scale_attn_weights: 1 }, "gpt2"),
};

const withFields = (change: Fields, family: Family = "llama"): Files =>
  folderWith({ "config.json": JSON.stringify({ ...soundConfig(family), ...change }) }, family);

export const malformedConfig: readonly Malformed[] = [
  ...[
    ...Object.entries(texts),
    ...Object.entries(impostors).map(([name, bytes]) => [name, [impostorNames[name] ?? /^$/, text(bytes)] as const] as const),
  ].map(([name, [says, files]]) => ({ name: `config-${name}`, code: "bad-config" as const, says, files })),
  ...Object.entries(fields).map(([name, [code, says, change, family]]) => ({
    name: `config-${name}`,
    code,
    says,
    files: () => withFields(change, family),
  })),
];
