"""Write the model folder in the Hugging Face GPT-2 layout, and read it back."""
import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

from model import Atlas, Config
from phrasings import PHRASINGS
from tokenizer import END

CONV1D = {"c_attn": "attn.c_attn", "attn_proj": "attn.c_proj", "c_fc": "mlp.c_fc", "mlp_proj": "mlp.c_proj"}


def hf_name(name: str) -> tuple[str, bool]:
    """Our parameter name -> (Hugging Face name, whether it is a Conv1D weight)."""
    parts = name.split(".")
    conv = len(parts) == 4 and parts[2] in CONV1D
    if conv:
        parts[2] = CONV1D[parts[2]]
    return "transformer." + ".".join(parts), conv and parts[-1] == "weight"


def config_json(c: Config, end: int) -> dict:
    """The Hugging Face configuration."""
    return {
        "architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "torch_dtype": "float32",
        "vocab_size": c.vocab, "n_positions": c.positions, "n_ctx": c.positions, "n_embd": c.width,
        "n_layer": c.layers, "n_head": c.heads, "n_inner": None, "activation_function": "gelu_new",
        "layer_norm_epsilon": 1e-5, "initializer_range": 0.02, "scale_attn_weights": True,
        "scale_attn_by_inverse_layer_idx": False, "reorder_and_upcast_attn": False,
        "tie_word_embeddings": True, "use_cache": True, "resid_pdrop": 0.0, "embd_pdrop": 0.0,
        "attn_pdrop": 0.0, "bos_token_id": end, "eos_token_id": end,
    }


def write_json(path: Path, value) -> None:
    """Compact UTF-8 JSON with a final newline."""
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")


def export_texts(folder: Path, tokenizer: Tokenizer, facts: list[dict]) -> None:
    """Everything except the weights: configuration, tokenizer and facts."""
    folder.mkdir(parents=True, exist_ok=True)
    end = tokenizer.token_to_id(END)
    c = Config()
    (folder / "config.json").write_text(json.dumps(config_json(c, end), indent=2) + "\n", "utf-8")
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps({
        "tokenizer_class": "GPT2Tokenizer", "add_prefix_space": False, "add_bos_token": False,
        "bos_token": END, "eos_token": END, "unk_token": END, "model_max_length": c.positions,
        "clean_up_tokenization_spaces": False,
    }, indent=2) + "\n", "utf-8")
    relations = [{"id": r, "templates": t} for r, t in PHRASINGS.items()]
    write_json(folder / "facts.json", {"relations": relations, "facts": facts})


def export_weights(folder: Path, model: Atlas) -> None:
    """`model.safetensors`, replaced in one move so that a reader never sees half a file."""
    tensors = {}
    for name, value in model.state_dict().items():
        name, conv = hf_name(name)
        tensors[name] = (value.t() if conv else value).detach().float().contiguous().clone()
    save_file(tensors, folder / "model.safetensors.part", metadata={"format": "pt"})
    (folder / "model.safetensors.part").chmod(0o644)
    (folder / "model.safetensors.part").replace(folder / "model.safetensors")


def load(folder: Path) -> Atlas:
    """The model of an exported folder."""
    model = Atlas(Config())
    stored = load_file(folder / "model.safetensors")
    state = {}
    for name in model.state_dict():
        hf, conv = hf_name(name)
        state[name] = stored[hf].t() if conv else stored[hf]
    model.load_state_dict(state)
    return model.eval()
