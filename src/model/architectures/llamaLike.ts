/** The blocks of Llama (Touvron et al. 2023; transformers, modeling_llama), which other families share: grouped queries, rotary positions, gated MLP. */
import { tf, type Tensor } from "../../gpu/tensors.ts";
import { activation } from "../../kernels/activation.ts";
import { embed } from "../../kernels/embed.ts";
import { rope } from "../../kernels/rope.ts";
import { checkHeads, limits, readActivation, type ConfigReader, type ModelConfig } from "../config.ts";
import type { Slice } from "../decodeRecorder.ts";
import { linearModule, normModule, ropeOf } from "../modules.ts";
import { ropeFrequencies } from "../ropeFrequencies.ts";
import type { Architecture, DecodeSteps, Model, Pass } from "../model.ts";

/** What differs between the families. */
type Family = Pick<Architecture, "modelType" | "classes" | "gguf" | "biased"> & {
  /** `max_position_embeddings` where config.json does not say, tokens. */
  readonly context: number;
  /** Refuses what configs of this family may ask for and these blocks lack. */
  check(json: ConfigReader): void;
};

function readConfig(json: ConfigReader, { modelType, context, biased }: Family): ModelConfig {
  const layers = json.count("num_hidden_layers", limits.layers);
  const hiddenSize = json.count("hidden_size", limits.hiddenSize);
  const heads = json.count("num_attention_heads", limits.heads);
  const kvHeads = json.count("num_key_value_heads", limits.heads, heads);
  const headSize = json.has("head_dim") ? json.count("head_dim", limits.hiddenSize) : hiddenSize / heads;
  checkHeads(json, { hiddenSize, heads, kvHeads, headSize });
  const innerSize = json.count("intermediate_size", limits.innerSize);
  const withBias = biased(json);
  const shapes: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
    "self_attn.q_proj": [heads * headSize, hiddenSize],
    "self_attn.k_proj": [kvHeads * headSize, hiddenSize],
    "self_attn.v_proj": [kvHeads * headSize, hiddenSize],
    "self_attn.o_proj": [hiddenSize, heads * headSize],
    "mlp.gate_proj": [innerSize, hiddenSize],
    "mlp.up_proj": [innerSize, hiddenSize],
    "mlp.down_proj": [hiddenSize, innerSize],
  };
  return {
    architecture: modelType,
    layers,
    hiddenSize,
    heads,
    kvHeads,
    headSize,
    vocabularySize: json.count("vocab_size", limits.vocabulary),
    contextLength: Math.min(json.count("max_position_embeddings", Number.MAX_SAFE_INTEGER, context), limits.context),
    normEps: json.positive("rms_norm_eps", 1e-6),
    activation: readActivation(json, "hidden_act", "silu"),
    tiedHead: json.flag("tie_word_embeddings", false),
    linears: Object.fromEntries(
      Object.entries(shapes).map(([module, [rows, columns]]) => [module, { rows, columns, bias: withBias.includes(module) }]),
    ),
    attentionScales: Array.from({ length: layers }, () => 1 / Math.sqrt(headSize)),
    ropeFrequencies: ropeFrequencies(json, headSize),
  };
}

/** @throws EngineError `unsupported-architecture` when only a part of each head is turned. */
function refusePartialRotary(json: ConfigReader): void {
  for (const fields of [json, json.child("rope_parameters"), json.child("rope_scaling")]) {
    if (fields && fields.positive("partial_rotary_factor", 1) !== 1) throw fields.unsupported("partial_rotary_factor", "1");
  }
}

const block = (layer: number): string => `model.layers.${layer}`;

function runBlock(model: Model, layer: number, x: Tensor, pass: Pass): Tensor {
  const linear = (module: string, input: Tensor): Tensor => linearModule(model, layer, module, input, pass);
  const normed = norm(model, layer, "input_layernorm", x);
  const q = rope(linear("self_attn.q_proj", normed), pass.positions, ropeOf(model));
  const k = rope(linear("self_attn.k_proj", normed), pass.positions, ropeOf(model));
  const attended = linear("self_attn.o_proj", pass.attend(layer, q, k, linear("self_attn.v_proj", normed)));
  const middle = tf.add(x, attended);
  const input = norm(model, layer, "post_attention_layernorm", middle);
  const gated = tf.mul(activation(linear("mlp.gate_proj", input), model.config.activation), linear("mlp.up_proj", input));
  return tf.add(middle, linear("mlp.down_proj", gated));
}

const norm = (model: Model, layer: number, name: string, x: Tensor): Tensor => normModule(model, `${block(layer)}.${name}`, x, "rms");

const PROJECTIONS = ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"];

const decode: DecodeSteps = {
  embed: (recorder) => recorder.embed("model.embed_tokens.weight", "token"),
  block(recorder, layer, x, { activation: name }) {
    const normed = recorder.norm(`${block(layer)}.input_layernorm`, x, "rms");
    const [q, k, v] = recorder.linears(layer, PROJECTIONS, normed) as [Slice, Slice, Slice];
    const middle = recorder.linear(layer, "self_attn.o_proj", recorder.attend(layer, q, k, v), { kind: "add", other: x });
    const input = recorder.norm(`${block(layer)}.post_attention_layernorm`, middle, "rms");
    const other = recorder.linear(layer, "mlp.gate_proj", input);
    const gated = recorder.linear(layer, "mlp.up_proj", input, { kind: "gated", name, other });
    return recorder.linear(layer, "mlp.down_proj", gated, { kind: "add", other: middle });
  },
  finish: (recorder, x) => recorder.norm("model.norm", x, "rms"),
};

/** An architecture of these blocks. Its mixtures are those that the paper has for Llama-2-7B: `mlp.down_proj` from block 21 of 32 on. */
export function llamaLike(family: Family): Architecture {
  const { modelType, classes, gguf, biased } = family;
  return {
    modelType,
    classes,
    tied: false,
    modules: [...PROJECTIONS, "self_attn.o_proj", "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"],
    joined: [PROJECTIONS],
    mixture: { module: "mlp.down_proj", start: 21 / 32 },
    downProjection: "mlp.down_proj",
    embedding: "model.embed_tokens.weight",
    block,
    layout: {
      prefix: "model.",
      norms: ["input_layernorm", "post_attention_layernorm"],
      finalNorm: "norm",
      normParts: ["weight"],
      turned: false,
    },
    gguf,
    biased,
    readConfig(json) {
      refusePartialRotary(json);
      family.check(json);
      return readConfig(json, family);
    },
    embed: (model, ids) => embed(ids, model.weight("model.embed_tokens.weight")),
    runBlock,
    finish: (model, x) => normModule(model, "model.norm", x, "rms"),
    decode,
  };
}
