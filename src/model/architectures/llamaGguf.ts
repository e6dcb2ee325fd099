/** GGUF files of models with Llama's blocks. */
import { limits } from "../config.ts";
import type { GgufFacts, GgufLayout } from "../gguf.ts";

type Names = Pick<GgufLayout, "outside" | "block">;

/** llama.cpp's names of the tensors. */
export const llamaNames: Names = {
  outside: { token_embd: "model.embed_tokens", output_norm: "model.norm", output: "lm_head" },
  block: {
    attn_norm: "input_layernorm",
    attn_q: "self_attn.q_proj",
    attn_k: "self_attn.k_proj",
    attn_v: "self_attn.v_proj",
    attn_output: "self_attn.o_proj",
    ffn_norm: "post_attention_layernorm",
    ffn_gate: "mlp.gate_proj",
    ffn_up: "mlp.up_proj",
    ffn_down: "mlp.down_proj",
  },
};

/** Factors of kindred families, which these blocks do not apply. */
const scales = ["attention.scale", "attention.clamp_kqv", "logit_scale", "residual_scale", "embedding_scale", "final_logit_softcapping"];

/** The fields that all of them have. @throws EngineError `bad-config`, `unsupported-architecture` */
export function readLlamaKeys(facts: GgufFacts): Record<string, unknown> {
  const { keys } = facts;
  const hiddenSize = keys.count("embedding_length", limits.hiddenSize);
  const heads = keys.count("attention.head_count", limits.heads);
  const headSize = keys.has("attention.key_length") ? keys.count("attention.key_length", limits.hiddenSize) : hiddenSize / heads;
  for (const name of ["attention.value_length", "rope.dimension_count"]) {
    if (keys.has(name) && keys.count(name, limits.hiddenSize) !== headSize) throw keys.unsupported(name, `${headSize}, the size of a head`);
  }
  for (const name of scales) if (keys.has(name)) throw keys.unsupported(name, "none");
  if (!keys.flag("attention.causal", true)) throw keys.unsupported("attention.causal", "true");
  if (keys.countOrNone("expert_count", 1_000_000) > 0) throw keys.unsupported("expert_count", "0: no mixture of experts");
  const context = keys.count("context_length", Number.MAX_SAFE_INTEGER);
  const window = keys.countOrNone("attention.sliding_window", Number.MAX_SAFE_INTEGER);
  if (window > 0 && window < context) throw keys.unsupported("attention.sliding_window", "none");
  return {
    num_hidden_layers: keys.count("block_count", limits.layers),
    hidden_size: hiddenSize,
    intermediate_size: keys.count("feed_forward_length", limits.innerSize),
    num_attention_heads: heads,
    num_key_value_heads: keys.count("attention.head_count_kv", limits.heads, heads),
    ...(keys.has("attention.key_length") ? { head_dim: headSize } : {}),
    max_position_embeddings: context,
    rms_norm_eps: keys.positive("attention.layer_norm_rms_epsilon"),
    rope_theta: keys.positive("rope.freq_base", 10000),
    ...readScaling(facts),
  };
}

/** As llama.cpp reads it: a factor without a type scales all frequencies alike, and a factor of 0 is none. */
function readScaling({ keys, factors }: GgufFacts): Record<string, unknown> {
  const type = keys.text("rope.scaling.type", "linear");
  if (type !== "linear" && type !== "none") throw keys.unsupported("rope.scaling.type", '"none" or "linear"');
  if (keys.has("rope.scaling.attn_factor") && keys.positive("rope.scaling.attn_factor") !== 1)
    throw keys.unsupported("rope.scaling.attn_factor", "1");
  const name = keys.has("rope.scaling.factor") ? "rope.scaling.factor" : "rope.scale_linear";
  const factor = type === "none" || keys.isZero(name) ? 1 : keys.positive(name, 1);
  if (factors) return { rope_scaling: { rope_type: "factors", factors: factors.map((one) => one * factor) } };
  return factor === 1 ? {} : { rope_scaling: { rope_type: "linear", factor } };
}

/** Whether any of these tensors of the first block has a bias. */
export const haveBias = ({ tensors }: GgufFacts, ...names: readonly string[]): boolean =>
  names.some((name) => tensors.has(`blk.0.${name}.bias`));
