"""Train Atlas. The schedule is a fixed number of steps, so a seed gives one recipe.

Usage: python train.py BUILD_FOLDER [--from-phase N]
"""
import argparse
import json
import time
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

import facts as fact_builder
import tokenizer as tokenizer_trainer
from batches import Batches
from corpus import Corpus
from export import export_texts, export_weights, load
from model import Atlas, Config

SEED = 7
THREADS = 2  # fixed, because the order of sums depends on it
WEIGHT_DECAY = 0.1
SAVE_EVERY = 400


@dataclass
class Phase:
    """Steps with a linear warm-up and a linear decay, and an optimizer of their own."""

    steps: int
    warmup: int
    peak: float
    last: float
    int4: bool  # every second step runs on int4-rounded weights

    def rate(self, step: int) -> float:
        """The learning rate of a step."""
        if step < self.warmup:
            return self.peak * (step + 1) / self.warmup
        done = (step - self.warmup) / (self.steps - self.warmup)
        return self.peak + (self.last - self.peak) * done


PHASES = (
    Phase(steps=2400, warmup=150, peak=2e-3, last=7.918e-4, int4=False),
    Phase(steps=800, warmup=50, peak=8e-4, last=8e-6, int4=True),
    Phase(steps=400, warmup=20, peak=5e-4, last=5e-6, int4=True),
)


def make_optimizer(model: Atlas, peak: float) -> torch.optim.Optimizer:
    """AdamW; only matrices decay."""
    matrices = [p for p in model.parameters() if p.dim() == 2]
    others = [p for p in model.parameters() if p.dim() != 2]
    groups = [{"params": matrices, "weight_decay": WEIGHT_DECAY}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=peak, betas=(0.9, 0.98), fused=True)


def run(phase: Phase, model: Atlas, batches: Batches, folder: Path) -> None:
    """Train through one phase and export a checkpoint every few minutes."""
    optimizer = make_optimizer(model, phase.peak)
    began, total, seen = time.time(), 0.0, 0
    for step in range(phase.steps):
        for group in optimizer.param_groups:
            group["lr"] = phase.rate(step)
        ids, weights = batches.next()
        model.set_int4(phase.int4 and step % 2 == 0)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(ids[:, :-1])
        loss = F.cross_entropy(logits.flatten(0, 1).float(), ids[:, 1:].flatten(), reduction="none")
        w = weights[:, 1:].flatten()
        loss = (loss * w).sum() / w.sum()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        total, seen = total + loss.item(), seen + ids.numel()
        if (step + 1) % 50 == 0:
            speed = seen / (time.time() - began)
            print(f"step {step + 1}/{phase.steps} loss {total / 50:.4f} {speed:.0f} tokens/s", flush=True)
            total = 0.0
        if (step + 1) % SAVE_EVERY == 0 or step + 1 == phase.steps:
            export_weights(folder, model)


def main() -> None:
    """Build facts and tokenizer, then train through the phases."""
    args = argparse.ArgumentParser()
    args.add_argument("build", type=Path)
    args.add_argument("--from-phase", type=int, default=1, help="later ones go on from the exported weights")
    args = args.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(THREADS)
    folder = args.build / "hf"
    folder.mkdir(parents=True, exist_ok=True)
    facts = fact_builder.build(json.loads((args.build / "raw.json").read_text("utf-8")))
    if args.from_phase == 1:
        tokenizer = tokenizer_trainer.train(facts, folder / "tokenizer.json")
        model = Atlas(Config())
    else:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        model = load(folder).train()
    export_texts(folder, tokenizer, facts)
    for number, phase in enumerate(PHASES, start=1):
        if number >= args.from_phase:
            print(f"phase {number} of {len(PHASES)}", flush=True)
            run(phase, model, Batches(Corpus(facts, seed=SEED + number - 1), tokenizer), folder)


if __name__ == "__main__":
    main()
