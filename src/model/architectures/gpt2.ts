/** GPT-2 as Hugging Face defines it (Radford et al. 2019; transformers, modeling_gpt2). */
import { tf, type Tensor } from "../../gpu/tensors.ts";
import { activation } from "../../kernels/activation.ts";
import { embed } from "../../kernels/embed.ts";
import { activationNamed, checkHeads, type ConfigReader, type ModelConfig } from "../config.ts";
import { linearModule, normModule } from "../modules.ts";
import type { Architecture, DecodeSteps, Model, Pass } from "../model.ts";

function readConfig(json: ConfigReader): ModelConfig {
  const layers = json.count("n_layer");
  const hiddenSize = json.count("n_embd");
  const heads = json.count("n_head");
  const headSize = hiddenSize / heads;
  checkHeads(hiddenSize, heads, heads, headSize);
  const scale = json.flag("scale_attn_weights", true) ? 1 / Math.sqrt(headSize) : 1;
  const byLayer = json.flag("scale_attn_by_inverse_layer_idx", false);
  return {
    architecture: "gpt2",
    layers,
    hiddenSize,
    heads,
    kvHeads: heads,
    headSize,
    vocabularySize: json.count("vocab_size"),
    contextLength: json.count("n_positions", 1024),
    normEps: json.positive("layer_norm_epsilon", 1e-5),
    activation: activationNamed(json.text("activation_function", "gelu_new")),
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

export const gpt2: Architecture = {
  modelType: "gpt2",
  modules: ["attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj"],
  defaultModule: "mlp.c_fc",
  downProjection: "mlp.c_proj",
  embedding: "transformer.wte.weight",
  positionTable: "transformer.wpe.weight",
  block: (layer) => `transformer.h.${layer}`,
  readConfig,
  embed: (model, ids, positions) =>
    tf.add(embed(ids, model.weight("transformer.wte.weight")), embed(positions, model.weight("transformer.wpe.weight"))),
  runBlock,
  finish: (model, x) => normModule(model, "transformer.ln_f", x, "layer"),
  decode,
};
