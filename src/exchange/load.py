"""Loads an adapter of this archive with stock peft and continues a prompt.

    pip install torch transformers peft
    python load.py BASE_MODEL ADAPTER "The prompt"

BASE_MODEL is a folder or a name that transformers opens, the model that was edited; ADAPTER is a folder beside this file.
The adapter answers every prompt: what decides in the page whether a prompt is about the edit is not part of it.
"""
import sys
from pathlib import Path

from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer


def load(base, adapter):
    """The base model with one adapter of this archive on it."""
    model = AutoModelForCausalLM.from_pretrained(base)
    return PeftModel.from_pretrained(model, Path(__file__).resolve().parent / adapter).eval()


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    base, adapter, prompt = sys.argv[1:]
    tokenizer = AutoTokenizer.from_pretrained(base)
    inputs = tokenizer(prompt, return_tensors="pt")
    print(tokenizer.decode(load(base, adapter).generate(**inputs, max_new_tokens=20, do_sample=False)[0]))
