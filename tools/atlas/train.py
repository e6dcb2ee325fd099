"""Train Atlas. The schedule is a fixed number of steps, so a seed gives one recipe.

Usage: python train.py BUILD_FOLDER [--steps N]
"""
import argparse
import json
import time
from pathlib import Path

import torch
import torch.nn.functional as F

import facts as fact_builder
import tokenizer as tokenizer_trainer
from batches import Batches
from corpus import Corpus
from export import export_texts, export_weights
from model import Atlas, Config

SEED = 7
THREADS = 2  # fixed, because the order of sums depends on it
STEPS = 3800
PEAK = 2e-3
WARMUP = 150
WEIGHT_DECAY = 0.1
INT4_TAIL = 0.2  # in this last share of the steps, every second one runs on int4-rounded weights
SAVE_EVERY = 400


def rate(step: int, steps: int) -> float:
    """Linear warm-up, then linear decay to 2 % of the peak."""
    if step < WARMUP:
        return PEAK * (step + 1) / WARMUP
    return PEAK * (0.02 + 0.98 * (steps - step) / (steps - WARMUP))


def make_optimizer(model: Atlas) -> torch.optim.Optimizer:
    """AdamW; only matrices decay."""
    matrices = [p for p in model.parameters() if p.dim() == 2]
    others = [p for p in model.parameters() if p.dim() != 2]
    groups = [{"params": matrices, "weight_decay": WEIGHT_DECAY}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=PEAK, betas=(0.9, 0.98), fused=True)


def main() -> None:
    """Build facts and tokenizer, train, and export a checkpoint every few minutes."""
    args = argparse.ArgumentParser()
    args.add_argument("build", type=Path)
    args.add_argument("--steps", type=int, default=STEPS)
    args = args.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(THREADS)
    folder = args.build / "hf"
    facts = fact_builder.build(json.loads((args.build / "raw.json").read_text("utf-8")))
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = tokenizer_trainer.train(facts, folder / "tokenizer.json")
    export_texts(folder, tokenizer, facts)

    model = Atlas(Config())
    optimizer = make_optimizer(model)
    batches = Batches(Corpus(facts, seed=SEED), tokenizer)
    tail = int(args.steps * (1 - INT4_TAIL))
    began, total, seen = time.time(), 0.0, 0
    for step in range(args.steps):
        for group in optimizer.param_groups:
            group["lr"] = rate(step, args.steps)
        ids, weights = batches.next()
        model.set_int4(step >= tail and step % 2 == 0)
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
            print(f"step {step + 1}/{args.steps} loss {total / 50:.4f} {speed:.0f} tokens/s", flush=True)
            total = 0.0
        if (step + 1) % SAVE_EVERY == 0 or step + 1 == args.steps:
            export_weights(folder, model)


if __name__ == "__main__":
    main()
