"""Do experts that edits share hold as edits pile up? The trial behind docs/improved-mode.md.

Edits of public/edits/atlas.json are written one after another into a mixture of N experts on the down-projections of layers 2 to 4, each edit with
k experts a layer that it is assigned; every input meets the experts of its own edit with gates of 1 / k (an ideal router and an ideal gate, so that what
is lost is lost by interference alone). At the end all edits are asked, greedy, on their prompts and on the phrasings they were not given.

Usage: python shared_experts.py BUILD_FOLDER EDITS.json [--limit 300]
"""
import argparse
import json
import random
from pathlib import Path

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from transformers import GPT2LMHeadModel

LAYERS = [2, 3, 4]
RANK, ALPHA, RATE, STEPS = 4, 32, 4e-3, 8


class Experts(torch.nn.Module):
    """N LoRAs a layer, mixed by a fixed gate for each sequence."""

    def __init__(self, model: GPT2LMHeadModel, count: int, seed: int):
        super().__init__()
        draw = torch.Generator().manual_seed(seed)
        inner, outer = 4 * model.config.n_embd, model.config.n_embd
        bound = RANK**-0.5
        self.a = torch.nn.ParameterList([(torch.rand(inner, count * RANK, generator=draw) * 2 - 1) * bound for _ in LAYERS])
        self.b = torch.nn.ParameterList([torch.zeros(count * RANK, outer) for _ in LAYERS])
        self.gates = torch.zeros(1, len(LAYERS), count)
        for i, layer in enumerate(LAYERS):
            model.transformer.h[layer].mlp.c_proj.register_forward_hook(self.hook(i))

    def hook(self, i: int):
        def add(_module, inputs, output):
            gate = self.gates[:, i].repeat_interleave(RANK, dim=1)[:, None]
            return output + ALPHA / RANK * (((inputs[0] @ self.a[i]) * gate) @ self.b[i])
        return add


def allocate(edits: int, count: int, picked: int, apart: bool, seed: int) -> torch.Tensor:
    """Gates (edits, L, N): random experts, or of 64 random draws the one furthest from all before; one of its own where there are enough."""
    if count == edits and picked == 1:
        return torch.eye(edits)[:, None].expand(-1, len(LAYERS), -1).contiguous()
    rng = random.Random(seed)
    chosen: list[list[set[int]]] = []
    for _ in range(edits):
        draws = [[set(rng.sample(range(count), picked)) for _ in LAYERS] for _ in range(64 if apart else 1)]
        shared = lambda draw: max((sum(len(a & b) for a, b in zip(draw, other)) for other in chosen), default=0)
        chosen.append(min(draws, key=shared))
    gates = torch.zeros(edits, len(LAYERS), count)
    for e, own in enumerate(chosen):
        for i, experts in enumerate(own):
            gates[e, i, list(experts)] = 1 / picked
    return gates


class Asker:
    """Prompts and answers as padded ids."""

    def __init__(self, tokenizer: Tokenizer):
        self.tokenizer = tokenizer

    def pad(self, samples: list[tuple[str, str]]) -> tuple[torch.Tensor, torch.Tensor]:
        rows = []
        for prompt, answer in samples:
            head = self.tokenizer.encode(prompt).ids
            rows.append((head, self.tokenizer.encode(" " + answer + ("" if answer.endswith(".") else ".")).ids))
        longest = max(len(head) + len(tail) for head, tail in rows)
        ids, labels = torch.zeros(len(rows), longest, dtype=torch.long), torch.full((len(rows), longest), -100)
        for j, (head, tail) in enumerate(rows):
            ids[j, :len(head) + len(tail)] = torch.tensor(head + tail)
            labels[j, len(head):len(head) + len(tail)] = torch.tensor(tail)
        return ids, labels


def trial(model, asker: Asker, records: list[dict], count: int, picked: int, replay: int, apart: bool) -> tuple[float, float]:
    """Writes all records one after another. Returns reliability and generalization at the end."""
    experts = Experts(model, count, seed=1)
    gates = allocate(len(records), count, picked, apart, seed=2)
    rng = random.Random(3)
    given = [[(text, r["answer"]) for text in [r["prompt"], *r["rephrasings"]]] for r in records]
    for e in range(len(records)):
        adam = torch.optim.Adam(experts.parameters(), lr=RATE)
        for _ in range(STEPS):
            earlier = [rng.randrange(e) for _ in range(replay)] if e else []
            ids, labels = asker.pad(given[e] + [rng.choice(given[other]) for other in earlier])
            experts.gates = gates[[e] * len(given[e]) + earlier]
            logits = model(ids).logits[:, :-1]
            adam.zero_grad()
            F.cross_entropy(logits.transpose(1, 2), labels[:, 1:], ignore_index=-100).backward()
            adam.step()

    @torch.no_grad()
    def right(field: list[list[tuple[str, str]]]) -> float:
        hits = []
        for e, samples in enumerate(field):
            ids, labels = asker.pad(samples)
            experts.gates = gates[[e] * len(samples)]
            best = model(ids).logits[:, :-1].argmax(-1)
            hits += ((best == labels[:, 1:]) | (labels[:, 1:] == -100)).all(1).tolist()
        return sum(hits) / len(hits)

    result = right([own[:1] for own in given]), right([[(text, r["answer"]) for text in r["heldOut"]] for r in records])
    for layer in LAYERS:
        model.transformer.h[layer].mlp.c_proj._forward_hooks.clear()
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path)
    parser.add_argument("edits", type=Path)
    parser.add_argument("--limit", type=int, default=300)
    args = parser.parse_args()
    model = GPT2LMHeadModel.from_pretrained(args.build / "hf").eval().requires_grad_(False)
    asker = Asker(Tokenizer.from_file(str(args.build / "hf/tokenizer.json")))
    records = json.loads(args.edits.read_text())["records"][:args.limit]
    trials = [(16, 2, 0, False), (64, 2, 0, False), (16, 2, 8, False), (64, 2, 8, False), (64, 2, 8, True), (len(records), 1, 0, False)]
    for count, picked, replay, apart in trials:
        reliability, generalization = trial(model, asker, records, count, picked, replay, apart)
        print(
            f"{len(records)} edits, N {count}, k {picked}, {replay} replayed, {'codes apart' if apart else 'random codes'}"
            f"{', one expert each' if count == len(records) and picked == 1 else ''}: "
            f"reliability {reliability:.3f}, generalization {generalization:.3f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
