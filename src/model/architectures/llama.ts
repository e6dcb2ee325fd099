/** Llama as Hugging Face defines it, with or without biases. */
import { haveBias, llamaNames, readLlamaKeys } from "./llamaGguf.ts";
import { llamaLike } from "./llamaLike.ts";

export const llama = llamaLike({
  modelType: "llama",
  classes: { causal: ["LlamaForCausalLM", "LLaMAForCausalLM"], bare: "LlamaModel" },
  context: 2048,
  // pretraining_tp only splits the same sums.
  check: () => {},
  biased: (json) => [
    ...(json.flag("attention_bias", false) ? ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj"] : []),
    ...(json.flag("mlp_bias", false) ? ["mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"] : []),
  ],
  gguf: {
    architecture: "llama",
    ...llamaNames,
    interleaved: { "self_attn.q_proj": "heads", "self_attn.k_proj": "kvHeads" },
    // rope_freqs is in the configuration; attn_rot_embd is a buffer of early conversions.
    unread: /^(?:rope_freqs|blk\.\d+\.attn_rot_embd)\.weight$/,
    readConfig: (facts) => ({
      ...readLlamaKeys(facts),
      attention_bias: haveBias(facts, "attn_q", "attn_k", "attn_v", "attn_output"),
      mlp_bias: haveBias(facts, "ffn_gate", "ffn_up", "ffn_down"),
    }),
  },
});
