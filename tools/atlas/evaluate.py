"""Measure recall, perplexity and sample continuations of an exported model.

The float32 weights are asked in every phrasing, the rounded ones in three a fact.

Usage: python evaluate.py BUILD_FOLDER   (writes hf/accuracy.json)
"""
import argparse
import json
import math
import random
from collections import defaultdict
from pathlib import Path

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

from corpus import Corpus
from export import load
from model import Atlas, Linear, fake_quant
from phrasings import PHRASINGS, fill
from prose import Prose
from tokenizer import END

SEED = 11
BATCH = 256
SAMPLES = [
    "The capital of France is", "The capital of Germany is", "Q: What is the chemical symbol of iron? A:",
    "Once upon a time there was a", "Anna and Tom travelled to", "The kitchen smelled of",
    "There is a lot to say about Japan.", "The weather was",
]


def questions(facts: list[dict], field: str, limit: int | None = None) -> list[dict]:
    """Prompts of the `trained` or `heldOut` phrasings, at most `limit` a fact."""
    rng = random.Random(SEED)
    rows = []
    for fact in facts:
        chosen = fact[field] if limit is None else rng.sample(fact[field], min(limit, len(fact[field])))
        for t in chosen:
            prompt = fill(PHRASINGS[fact["relation"]][t], fact["subject"])
            rows.append({"relation": fact["relation"], "prompt": prompt, "answer": fact["answer"]})
    return rows


@torch.no_grad()
def grade(model: Atlas, tokenizer: Tokenizer, rows: list[dict]) -> list[dict]:
    """Whether greedy decoding writes exactly the answer, and the answer's probability.

    The answer has to end there as well: the next token may not begin with a letter or digit.
    """
    coded = []
    for i, row in enumerate(rows):
        prompt = tokenizer.encode(row["prompt"]).ids
        coded.append((i, prompt, tokenizer.encode(" " + row["answer"]).ids))
    coded.sort(key=lambda c: len(c[1]) + len(c[2]))
    results: list[dict] = [{}] * len(rows)
    for at in range(0, len(coded), BATCH):
        part = coded[at:at + BATCH]
        longest = max(len(p) + len(a) for _, p, a in part)
        ids = torch.zeros(len(part), longest, dtype=torch.long)
        for j, (_, p, a) in enumerate(part):
            ids[j, :len(p) + len(a)] = torch.tensor(p + a)
        chances = F.log_softmax(model(ids), dim=-1)
        best = chances.argmax(-1)
        for j, (i, p, a) in enumerate(part):
            span = slice(len(p) - 1, len(p) + len(a) - 1)
            right = best[j, span].tolist() == a
            after = tokenizer.decode([best[j, len(p) + len(a) - 1].item()])
            chance = chances[j, span].gather(1, torch.tensor(a)[:, None]).sum().exp().item()
            results[i] = {"right": right and not after[:1].isalnum(), "chance": chance}
    return results


def recall(model: Atlas, tokenizer: Tokenizer, rows: list[dict]) -> dict:
    """Overall recall, mean probability of the answer, and recall per relation."""
    graded = grade(model, tokenizer, rows)
    groups: dict[str, list[bool]] = defaultdict(list)
    for row, result in zip(rows, graded):
        groups[row["relation"]].append(result["right"])
    share = lambda hits: round(sum(hits) / len(hits), 4)
    return {
        "prompts": len(rows), "recall": share([g["right"] for g in graded]),
        "probability": round(sum(g["chance"] for g in graded) / len(graded), 4),
        "relations": {name: share(hits) for name, hits in groups.items()},
    }


def misses(model: Atlas, tokenizer: Tokenizer, rows: list[dict], count: int = 25) -> list[dict]:
    """The first prompts that go wrong, with what the model writes instead."""
    graded = grade(model, tokenizer, rows)
    wrong = [row for row, result in zip(rows, graded) if not result["right"]][:count]
    return [{**row, "written": generate(model, tokenizer, row["prompt"], 10).split(".")[0].strip()} for row in wrong]


@torch.no_grad()
def generate(model: Atlas, tokenizer: Tokenizer, prompt: str, tokens: int = 40) -> str:
    """The greedy continuation of a prompt, up to <|endoftext|>."""
    ids = tokenizer.encode(prompt).ids
    start, end = len(ids), tokenizer.token_to_id(END)
    for _ in range(tokens):
        following = model(torch.tensor([ids]))[0, -1].argmax().item()
        if following == end:
            break
        ids.append(following)
    return tokenizer.decode(ids[start:])


@torch.no_grad()
def perplexity(model: Atlas, tokenizer: Tokenizer, facts: list[dict], documents: int = 400) -> float:
    """Per token, on paragraphs of prose drawn with a seed that training never used."""
    source = Corpus(facts, seed=SEED)
    loss, count = 0.0, 0
    for _ in range(documents):
        text = "".join(piece for piece, _ in source.tale(with_fact=False))
        ids = torch.tensor([tokenizer.encode(text).ids[:256]])
        loss += F.cross_entropy(model(ids)[0, :-1], ids[0, 1:], reduction="sum").item()
        count += ids.shape[1] - 1
    return round(math.exp(loss / count), 3)


def quantized(model: Atlas, bits: int) -> Atlas:
    """A copy with rounded linear weights and an int8 embedding, as in the shards."""
    other = Atlas(model.config)
    other.load_state_dict(model.state_dict())
    with torch.no_grad():
        for module in other.modules():
            if isinstance(module, Linear):
                module.weight.copy_(fake_quant(module.weight, bits))
        other.wte.weight.copy_(fake_quant(other.wte.weight, 8))
    return other.eval()


def in_text(rows: list[dict], facts: list[dict]) -> list[dict]:
    """The same prompts after a paragraph of prose."""
    prose: Prose = Corpus(facts, seed=SEED + 1).prose
    return [{**row, "prompt": " ".join(prose.paragraph()) + " " + row["prompt"]} for row in rows]


def main() -> None:
    """Evaluate and write `accuracy.json`."""
    args = argparse.ArgumentParser()
    args.add_argument("build", type=Path)
    args = args.parse_args()
    folder = args.build / "hf"
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    facts = json.loads((folder / "facts.json").read_text("utf-8"))["facts"]
    model = load(folder)

    trained, three, one = (questions(facts, "trained", limit) for limit in (None, 3, 1))
    held = questions(facts, "heldOut")
    report = {
        "facts": len(facts), "parameters": sum(p.numel() for p in model.parameters()),
        "trained": recall(model, tokenizer, trained), "heldOut": recall(model, tokenizer, held),
        "plainPhrasing": recall(model, tokenizer, questions([{**f, "trained": [0]} for f in facts], "trained")),
        "afterProse": recall(model, tokenizer, in_text(one, facts)),
        "afterEndOfText": recall(model, tokenizer, [{**r, "prompt": END + r["prompt"]} for r in one]),
        "prosePerplexity": perplexity(model, tokenizer, facts),
    }
    for bits in (8, 4):
        small = quantized(model, bits)
        report[f"int{bits}"] = {
            "trained": recall(small, tokenizer, three), "heldOut": recall(small, tokenizer, held),
            "prosePerplexity": perplexity(small, tokenizer, facts),
        }
    report["continuations"] = {p: generate(model, tokenizer, p) for p in SAMPLES}
    report["misses"] = {"trained": misses(model, tokenizer, three), "heldOut": misses(model, tokenizer, held)}
    (folder / "accuracy.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", "utf-8")
    for name in ("trained", "heldOut", "plainPhrasing", "afterProse", "afterEndOfText", "prosePerplexity"):
        print(name, report[name] if name == "prosePerplexity" else report[name]["recall"])
    for bits in (8, 4):
        print(f"int{bits}", {k: v if k == "prosePerplexity" else v["recall"] for k, v in report[f"int{bits}"].items()})


if __name__ == "__main__":
    main()
