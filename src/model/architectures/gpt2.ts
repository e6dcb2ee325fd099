/** GPT-2 as Hugging Face defines it (Radford et al. 2019; transformers, modeling_gpt2). */
import { tf, type Tensor } from "../../gpu/tensors.ts";
import { activation } from "../../kernels/activation.ts";
import { embed } from "../../kernels/embed.ts";
import { checkHeads, limits, readActivation, type ConfigReader, type ModelConfig } from "../config.ts";
import { linearModule, normModule } from "../modules.ts";
import type { GgufLayout } from "../gguf.ts";
import type { Architecture, DecodeSteps, Model, Pass } from "../model.ts";

const modules = ["attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj"] as const;

function readConfig(json: ConfigReader): ModelConfig {
  if (json.flag("add_cross_attention", false)) throw json.unsupported("add_cross_attention", "false");
  const layers = json.count("n_layer", limits.layers);
  const hiddenSize = json.count("n_embd", limits.hiddenSize);
  const heads = json.count("n_head", limits.heads);
  const headSize = hiddenSize / heads;
  checkHeads(json, { hiddenSize, heads, kvHeads: heads, headSize });
  const innerSize = json.count("n_inner", limits.innerSize, 4 * hiddenSize);
  const scale = json.flag("scale_attn_weights", true) ? 1 / Math.sqrt(headSize) : 1;
  const byLayer = json.flag("scale_attn_by_inverse_layer_idx", false);
  const linear = (rows: number, columns: number) => ({ rows, columns, bias: true });
  return {
    architecture: "gpt2",
    layers,
    hiddenSize,
    heads,
    kvHeads: heads,
    headSize,
    vocabularySize: json.count("vocab_size", limits.vocabulary),
    contextLength: json.count("n_positions", limits.context, 1024),
    normEps: json.positive("layer_norm_epsilon", 1e-5),
    activation: readActivation(json, "activation_function", "gelu_new"),
    tiedHead: json.flag("tie_word_embeddings", gpt2.tied),
    linears: {
      "attn.c_attn": linear(3 * hiddenSize, hiddenSize),
      "attn.c_proj": linear(hiddenSize, hiddenSize),
      "mlp.c_fc": linear(innerSize, hiddenSize),
      "mlp.c_proj": linear(hiddenSize, innerSize),
    },
    attentionScales: Array.from({ length: layers }, (_, layer) => (byLayer ? scale / (layer + 1) : scale)),
  };
}

function runBlock(model: Model, layer: number, x: Tensor, pass: Pass): Tensor {
  const [q, k, v] = tf.split(linearModule(model, layer, "attn.c_attn", norm(model, layer, "ln_1", x), pass), 3, 1) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  const attended = linearModule(model, layer, "attn.c_proj", pass.attend(layer, q, k, v), pass);
  const middle = tf.add(x, attended);
  const inner = activation(linearModule(model, layer, "mlp.c_fc", norm(model, layer, "ln_2", middle), pass), model.config.activation);
  return tf.add(middle, linearModule(model, layer, "mlp.c_proj", inner, pass));
}

const norm = (model: Model, layer: number, name: string, x: Tensor): Tensor =>
  normModule(model, `${gpt2.block(layer)}.${name}`, x, "layer");

const decode: DecodeSteps = {
  embed: (recorder) => recorder.embed("transformer.wte.weight", "token", recorder.embed("transformer.wpe.weight", "position")),
  block(recorder, layer, x, { hiddenSize: C, activation: name }) {
    const normed = recorder.norm(`${gpt2.block(layer)}.ln_1`, x, "layer");
    const vector = recorder.linear(layer, "attn.c_attn", normed);
    const attended = recorder.attend(layer, { vector, at: 0 }, { vector, at: C }, { vector, at: 2 * C });
    const middle = recorder.linear(layer, "attn.c_proj", attended, { kind: "add", other: x });
    const input = recorder.norm(`${gpt2.block(layer)}.ln_2`, middle, "layer");
    const inner = recorder.linear(layer, "mlp.c_fc", input, { kind: "activation", name });
    return recorder.linear(layer, "mlp.c_proj", inner, { kind: "add", other: middle });
  },
  finish: (recorder, x) => recorder.norm("transformer.ln_f", x, "layer"),
};

/** llama.cpp stores Conv1D weights as [O, I], and nothing but the sizes: the activation is always gelu_new. */
const gguf: GgufLayout = {
  architecture: "gpt2",
  outside: { token_embd: "transformer.wte", position_embd: "transformer.wpe", output_norm: "transformer.ln_f", output: "lm_head" },
  block: {
    attn_norm: "ln_1",
    attn_qkv: "attn.c_attn",
    attn_output: "attn.c_proj",
    ffn_norm: "ln_2",
    ffn_up: "mlp.c_fc",
    ffn_down: "mlp.c_proj",
  },
  readConfig: ({ keys }) => ({
    n_layer: keys.count("block_count", limits.layers),
    n_embd: keys.count("embedding_length", limits.hiddenSize),
    n_head: keys.count("attention.head_count", limits.heads),
    n_inner: keys.count("feed_forward_length", limits.innerSize),
    n_positions: keys.count("context_length", limits.context),
    layer_norm_epsilon: keys.positive("attention.layer_norm_epsilon"),
  }),
};

export const gpt2: Architecture = {
  modelType: "gpt2",
  classes: { causal: ["GPT2LMHeadModel"], bare: "GPT2Model" },
  tied: true,
  modules,
  mixture: { module: "mlp.c_fc", start: 36 / 48 },
  downProjection: "mlp.c_proj",
  embedding: "transformer.wte.weight",
  positionTable: "transformer.wpe.weight",
  block: (layer) => `transformer.h.${layer}`,
  layout: { prefix: "transformer.", norms: ["ln_1", "ln_2"], finalNorm: "ln_f", normParts: ["weight", "bias"], turned: true },
  gguf,
  biased: () => modules,
  readConfig,
  embed: (model, ids, positions) =>
    tf.add(embed(ids, model.weight("transformer.wte.weight")), embed(positions, model.weight("transformer.wpe.weight"))),
  runBlock,
  finish: (model, x) => normModule(model, "transformer.ln_f", x, "layer"),
  decode,
};
