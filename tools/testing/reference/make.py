"""Write the folders of golden values that hold the variants of an architecture: forward pass and greedy continuation only.

Usage: python make.py [FOLDER]      needs torch, transformers (5.23 wrote them, 4.57 computes the same bits) and safetensors
       python make.py --check       compares what transformers computes now with the folders that are there

Every parameter is random and counts, also biases and norms. config.json is written by hand in the form of transformers 4
where that differs from 5, so that reading both forms is tested.
"""
import json
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from transformers import AutoConfig, AutoModelForCausalLM

SIZES = {"vocab_size": 64}
LLAMA = SIZES | {
    "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu", "hidden_size": 24, "intermediate_size": 40,
    "num_hidden_layers": 2, "num_attention_heads": 3, "num_key_value_heads": 1, "max_position_embeddings": 64,
    "rms_norm_eps": 1e-5, "rope_theta": 100.0, "tie_word_embeddings": True, "pretraining_tp": 2,
}
GPT2 = SIZES | {
    "architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "activation_function": "gelu_new", "n_embd": 24, "n_head": 3,
    "n_layer": 3, "n_positions": 32, "n_ctx": 32, "n_inner": 40, "layer_norm_epsilon": 1e-5,
    "bos_token_id": 0, "eos_token_id": 0,
}
LLAMA3 = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 64}
QWEN2 = {key: value for key, value in LLAMA.items() if key != "pretraining_tp"} | {
    "architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "use_sliding_window": False, "sliding_window": 8, "max_window_layers": 1,
}
FOLDERS = {
    "tiny-qwen2": QWEN2,
    "tiny-qwen2-untied": QWEN2 | {"tie_word_embeddings": False, "num_attention_heads": 6, "num_key_value_heads": 2},
    "tiny-llama-llama3-rope": LLAMA | {"rope_scaling": LLAMA3, "max_position_embeddings": 256},
    "tiny-llama-linear-rope": LLAMA | {"rope_scaling": {"type": "linear", "factor": 4.0}},
    "tiny-llama-dynamic-rope": LLAMA | {"rope_scaling": {"type": "dynamic", "factor": 4.0}},
    "tiny-llama-biases": LLAMA | {"attention_bias": True, "mlp_bias": True, "num_key_value_heads": 3},
    "tiny-llama-wide-heads": LLAMA | {"head_dim": 16, "tie_word_embeddings": False, "hidden_act": "gelu", "rope_theta": 10000.0},
    "tiny-gpt2-inverse-layers": GPT2 | {
        "scale_attn_by_inverse_layer_idx": True, "reorder_and_upcast_attn": True, "tie_word_embeddings": True,
    },
    "tiny-gpt2-unscaled": GPT2 | {"scale_attn_weights": False, "activation_function": "relu", "tie_word_embeddings": False},
}
BATCH, LENGTH, PROMPT, CONTINUED = 2, 20, 6, 12


def randomise(model: torch.nn.Module, seed: int) -> None:
    """Parameters of a size that keeps a unit stream at about unit size."""
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in sorted(model.named_parameters()):
        noise = torch.randn(parameter.shape, generator=generator)
        norm = name.endswith(".weight") and parameter.ndim == 1
        spread = 1.0 if parameter.ndim == 2 and parameter.shape[0] == SIZES["vocab_size"] else 1.2 / parameter.shape[-1] ** 0.5
        parameter.data = 1 + 0.3 * noise if norm else (0.3 if parameter.ndim == 1 else spread) * noise


def build(folder: Path) -> torch.nn.Module:
    model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(folder), attn_implementation="eager")
    return model.to(torch.float32).eval()


@torch.no_grad()
def compute(model: torch.nn.Module, ids: torch.Tensor) -> dict[str, torch.Tensor]:
    """What the engine is held to; the greedy continuation is recomputed whole for every token."""
    out = model(ids, output_hidden_states=True, use_cache=False)
    values = {"logits": out.logits} | {f"hidden.{i}": hidden for i, hidden in enumerate(out.hidden_states)}
    tokens = ids[:1, :PROMPT]
    for _ in range(CONTINUED):
        best = model(tokens, use_cache=False).logits[0, -1].topk(2)
        if best.values[0] - best.values[1] < 1e-2:
            raise ValueError("two tokens are too close for a greedy continuation: take another seed")
        tokens = torch.cat([tokens, best.indices[:1][None]], dim=1)
    return values | {"greedy": tokens[0, PROMPT:]}


def write(folder: Path, config: dict, seed: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    model = build(folder)
    randomise(model, seed)
    ids = torch.randint(SIZES["vocab_size"], (BATCH, LENGTH), generator=torch.Generator().manual_seed(seed))
    tied = config.get("tie_word_embeddings", True)
    state = {name: value.contiguous() for name, value in model.state_dict().items() if not (tied and name == "lm_head.weight")}
    save_file(state, folder / "model.safetensors", metadata={"format": "pt"})
    forward = {name: value.contiguous() for name, value in compute(model, ids).items()}
    save_file({"input_ids": ids, "greedy_prompt": ids[0, :PROMPT].clone(), **forward}, folder / "forward.safetensors")


def check(folder: Path) -> float:
    """Largest difference of any value, relative to the largest magnitude of its kind."""
    model = build(folder)
    missing, unexpected = model.load_state_dict(load_file(folder / "model.safetensors"), strict=False)
    model.tie_weights()
    if unexpected or set(missing) - {"lm_head.weight"} or any(name for name in missing if not model.config.tie_word_embeddings):
        raise ValueError(f"{folder.name}: missing {missing}, unexpected {unexpected}")
    golden = load_file(folder / "forward.safetensors")
    return max(float((golden[name] - value).abs().max() / golden[name].abs().max()) for name, value in compute(model, golden["input_ids"]).items())


if __name__ == "__main__":
    arguments = sys.argv[1:]
    root = Path(__file__).parent if arguments in ([], ["--check"]) else Path(arguments[0])
    for number, (name, config) in enumerate(FOLDERS.items()):
        if arguments == ["--check"]:
            print(f"{name}: {check(root / name):.1e}")
        else:
            write(root / name, config, seed=17 + number)
