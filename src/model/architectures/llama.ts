/** Llama as Hugging Face defines it (Touvron et al. 2023; transformers, modeling_llama): grouped queries, rotary positions, gated MLP. */
import { tf, type Tensor } from "../../gpu/tensors.ts";
import { activation } from "../../kernels/activation.ts";
import { embed } from "../../kernels/embed.ts";
import { rope } from "../../kernels/rope.ts";
import { EngineError } from "../../lib/errors.ts";
import { activationNamed, checkHeads, type ConfigReader, type ModelConfig } from "../config.ts";
import { linearModule, normModule, ropeOf } from "../modules.ts";
import type { Slice } from "../decodeRecorder.ts";
import { ropeFrequencies } from "../ropeFrequencies.ts";
import type { Architecture, DecodeSteps, Model, Pass } from "../model.ts";

function readConfig(json: ConfigReader): ModelConfig {
  const layers = json.count("num_hidden_layers");
  const hiddenSize = json.count("hidden_size");
  const heads = json.count("num_attention_heads");
  const kvHeads = json.count("num_key_value_heads", heads);
  const headSize = json.count("head_dim", hiddenSize / heads);
  checkHeads(hiddenSize, heads, kvHeads, headSize);
  refusePartialRotary(json);
  return {
    architecture: "llama",
    layers,
    hiddenSize,
    heads,
    kvHeads,
    headSize,
    vocabularySize: json.count("vocab_size"),
    contextLength: json.count("max_position_embeddings", 2048),
    normEps: json.positive("rms_norm_eps", 1e-6),
    activation: activationNamed(json.text("hidden_act", "silu")),
    attentionScales: Array.from({ length: layers }, () => 1 / Math.sqrt(headSize)),
    ropeFrequencies: ropeFrequencies(json, headSize),
  };
}

/** @throws EngineError `unsupported-architecture` when only a part of each head is turned. */
function refusePartialRotary(json: ConfigReader): void {
  const parameters = json.child("rope_parameters") ?? json;
  const share = parameters.positive("partial_rotary_factor", 1);
  if (share === 1) return;
  throw new EngineError(
    "unsupported-architecture",
    `config.json: partial_rotary_factor is ${share}, expected 1.`,
    "Only models that turn whole heads are supported.",
  );
}

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

const norm = (model: Model, layer: number, name: string, x: Tensor): Tensor => normModule(model, `${llama.block(layer)}.${name}`, x, "rms");

const PROJECTIONS = ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"];

const decode: DecodeSteps = {
  embed: (recorder) => recorder.embed("model.embed_tokens.weight", "token"),
  block(recorder, layer, x, { activation: name }) {
    const normed = recorder.norm(`${llama.block(layer)}.input_layernorm`, x, "rms");
    const [q, k, v] = recorder.linears(layer, PROJECTIONS, normed) as [Slice, Slice, Slice];
    const middle = recorder.linear(layer, "self_attn.o_proj", recorder.attend(layer, q, k, v), { kind: "add", other: x });
    const input = recorder.norm(`${llama.block(layer)}.post_attention_layernorm`, middle, "rms");
    const other = recorder.linear(layer, "mlp.gate_proj", input);
    const gated = recorder.linear(layer, "mlp.up_proj", input, { kind: "gated", name, other });
    return recorder.linear(layer, "mlp.down_proj", gated, { kind: "add", other: middle });
  },
  finish: (recorder, x) => recorder.norm("model.norm", x, "rms"),
};

export const llama: Architecture = {
  modelType: "llama",
  modules: [
    "self_attn.q_proj",
    "self_attn.k_proj",
    "self_attn.v_proj",
    "self_attn.o_proj",
    "mlp.gate_proj",
    "mlp.up_proj",
    "mlp.down_proj",
  ],
  joined: [PROJECTIONS],
  defaultModule: "mlp.down_proj",
  downProjection: "mlp.down_proj",
  embedding: "model.embed_tokens.weight",
  block: (layer) => `model.layers.${layer}`,
  readConfig,
  embed: (model, ids) => embed(ids, model.weight("model.embed_tokens.weight")),
  runBlock,
  finish: (model, x) => normModule(model, "model.norm", x, "rms"),
  decode,
};
