"""Writes the adapters that the unit tests import: made and saved by peft itself, tiny, for the models of tools/testing/reference.

Usage: python tools/exchange/make.py      needs torch, transformers, peft and safetensors (peft 0.21.2 wrote those that are there)

In golden/NAME: what `save_pretrained` leaves. In golden/values.safetensors: A and B of each module as peft holds them, [r, in] and [out, r];
ids and logits: a sequence (T), and what the model with the adapter on it makes of its last token (V).
"""
import json
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM

HERE = Path(__file__).resolve().parent
REFERENCE = HERE.parent / "testing" / "reference"
GOLDEN = HERE / "golden"
CASES = {
    # Layers by number and a module's short name, as most people write it.
    "gpt2-short-name": ("tiny-gpt2", dict(r=2, lora_alpha=6, target_modules=["mlp.c_proj"], layers_to_transform=[1, 3], fan_in_fan_out=True)),
    # Exact names, the task left open, the spread of A left to peft.
    "llama-exact-names": ("tiny-llama", dict(r=3, lora_alpha=8, target_modules=["model.layers.0.mlp.down_proj", "model.layers.2.mlp.down_proj"])),
}


def main() -> None:
    values = {}
    for seed, (name, (folder, options)) in enumerate(CASES.items()):
        torch.manual_seed(seed)
        model = get_peft_model(AutoModelForCausalLM.from_pretrained(REFERENCE / folder), LoraConfig(**options))
        for key, parameter in model.named_parameters():
            if "lora_" not in key:
                continue
            # B starts at zero; what is imported has to count.
            parameter.data = torch.randn(parameter.shape) * 0.2
            values[f"{name}/{key.replace('.default', '')}"] = parameter.data.clone()
        ids = torch.arange(3, 45, 6)
        values[f"{name}/ids"] = ids.to(torch.int32)
        with torch.no_grad():
            values[f"{name}/logits"] = model.eval()(ids[None]).logits[0, -1].clone()
        model.peft_config["default"].base_model_name_or_path = folder
        model.save_pretrained(GOLDEN / name)
        (GOLDEN / name / "README.md").unlink(missing_ok=True)
        config = GOLDEN / name / "adapter_config.json"
        config.write_text(json.dumps(json.loads(config.read_text()), indent=2, sort_keys=True) + "\n")
    save_file(values, GOLDEN / "values.safetensors")


if __name__ == "__main__":
    main()
