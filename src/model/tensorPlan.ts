/** What each tensor of a Hugging Face checkpoint becomes: its canonical name, whether it is turned, whether it may be packed. */
import { EngineError } from "../lib/errors.ts";
import type { TensorPlan } from "../weights/hostTensor.ts";

interface Layout {
  /** Prefix of every canonical name but the head's. */
  readonly prefix: string;
  /** Names, without the prefix, that checkpoints carry without it. */
  readonly bare: RegExp;
  /** Buffers that older checkpoints saved and the forward pass computes. */
  readonly dropped: RegExp;
  /** Conv1D weights, stored [I, O]. */
  readonly turned: RegExp;
  /** Linear weights and the token embedding. */
  readonly packed: RegExp;
  /** `tie_word_embeddings` where config.json does not say. */
  readonly tied: boolean;
}

const layouts: Readonly<Record<string, Layout>> = {
  gpt2: {
    prefix: "transformer.",
    bare: /^(?:wte|wpe|h|ln_f)\./,
    dropped: /\.attn\.(?:bias|masked_bias)$/,
    turned: /\.(?:c_attn|c_proj|c_fc)\.weight$/,
    packed: /\.(?:c_attn|c_proj|c_fc)\.weight$|(?:^|\.)wte\.weight$|^lm_head\.weight$/,
    tied: true,
  },
  llama: {
    prefix: "model.",
    bare: /^(?:embed_tokens|layers|norm)\./,
    dropped: /\.rotary_emb\.inv_freq$/,
    turned: /^$/,
    packed: /_proj\.weight$|(?:^|\.)embed_tokens\.weight$|^lm_head\.weight$/,
    tied: false,
  },
};

const head = "lm_head.weight";

/**
 * Drops buffers, and the head's copy where the head is tied to the embedding.
 * @param config config.json
 * @throws EngineError `bad-config`, `unsupported-architecture`; the plan itself `bad-shape`
 */
export function tensorPlan(config: unknown): TensorPlan {
  const { layout, tied } = readLayout(config);
  return (name, shape) => {
    const canonical = layout.bare.test(name) ? layout.prefix + name : name;
    if (layout.dropped.test(canonical) || (tied && canonical === head)) return undefined;
    const transpose = layout.turned.test(canonical);
    const pack = layout.packed.test(canonical);
    if ((transpose || pack) && shape.length !== 2) {
      throw new EngineError(
        "bad-shape",
        `Tensor ${JSON.stringify(name)}: got shape [${shape.join(", ")}], expected a matrix.`,
        "The weights and config.json belong to different models.",
      );
    }
    return { name: canonical, transpose, pack };
  };
}

/** Whether the output head reads the token embedding. @throws EngineError like `tensorPlan` */
export function hasTiedHead(config: unknown): boolean {
  return readLayout(config).tied;
}

function readLayout(config: unknown): { readonly layout: Layout; readonly tied: boolean } {
  const facts: Readonly<Record<string, unknown>> = typeof config === "object" && config !== null ? { ...config } : {};
  const { model_type: type, tie_word_embeddings: tied } = facts;
  if (typeof type !== "string")
    throw new EngineError(
      "bad-config",
      `config.json: got model_type ${JSON.stringify(type)}, expected a text.`,
      "Use the config.json that belongs to the weights.",
    );
  const layout = Object.hasOwn(layouts, type) ? layouts[type] : undefined;
  if (!layout) {
    throw new EngineError(
      "unsupported-architecture",
      `Got model_type ${JSON.stringify(type)}, expected ${Object.keys(layouts).join(" or ")}.`,
      "Choose a model of the GPT-2 or Llama layout.",
    );
  }
  if (tied !== undefined && typeof tied !== "boolean") {
    throw new EngineError(
      "bad-config",
      `config.json: got tie_word_embeddings ${JSON.stringify(tied)}, expected true or false.`,
      "Use the config.json that belongs to the weights.",
    );
  }
  return { layout, tied: tied ?? layout.tied };
}
