/** Qwen2 and Qwen2.5 (Yang et al. 2024; transformers, modeling_qwen2): Llama's blocks with biases on queries, keys and values. */
import { llamaNames, readLlamaKeys } from "./llamaGguf.ts";
import { llamaLike } from "./llamaLike.ts";

export const qwen2 = llamaLike({
  modelType: "qwen2",
  classes: { causal: ["Qwen2ForCausalLM"], bare: "Qwen2Model" },
  context: 32_768,
  check(json) {
    if (json.flag("use_sliding_window", false)) throw json.unsupported("use_sliding_window", "false: every token attends to all before it");
    if (json.texts("layer_types").some((type) => type !== "full_attention"))
      throw json.unsupported("layer_types", "full_attention in every block");
  },
  biased: () => ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"],
  // Heads are not interleaved there: llama.cpp turns them in halves for this family.
  gguf: { architecture: "qwen2", ...llamaNames, readConfig: readLlamaKeys },
});
