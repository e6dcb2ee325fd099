"""Read "elder-shards/1" weights back, independently of the writer, and measure recall.

Usage: python check_shards.py SHARD_FOLDER BUILD_FOLDER [--phrasings N]
"""
import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from evaluate import perplexity, questions, recall
from export import hf_name
from model import Atlas, Config


def checked(path: Path, entry: dict) -> bytes:
    """The bytes of a file, after comparing size and SHA-256 with the manifest."""
    data = path.read_bytes()
    if len(data) != entry["bytes"] or hashlib.sha256(data).hexdigest() != entry["sha256"]:
        raise ValueError(f"{path.name} does not match the manifest")
    return data


def cut(shards: list[bytes], where: dict) -> bytes:
    """The byte range that a tensor (or its scales) occupies; it may run on into later shards."""
    rest = b"".join(shards[where["shard"]:])
    return rest[where["offset"]:where["offset"] + where["bytes"]]


def decode(entry: dict, shards: list[bytes]) -> np.ndarray:
    """One tensor as float32, in the shape that the manifest states."""
    shape, data = entry["shape"], cut(shards, entry)
    if entry["format"] in ("f32", "f16"):
        dtype = "<f4" if entry["format"] == "f32" else "<f2"
        return np.frombuffer(data, dtype).astype(np.float32).reshape(shape)
    levels = np.frombuffer(data, np.uint8)
    if entry["format"] == "int4":
        levels = np.stack([levels & 15, levels >> 4], axis=-1).reshape(-1)
    zero = {"int8": 128, "int4": 8}[entry["format"]]
    scales = np.frombuffer(cut(shards, entry["scales"]), "<f2").astype(np.float32)
    values = (levels.astype(np.float32) - zero).reshape(-1, entry["group"]) * scales[:, None]
    return values.reshape(shape)


def load_shards(folder: Path) -> tuple[Atlas, Tokenizer, dict]:
    """Model, tokenizer and manifest of a shard folder."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    if manifest["format"] != "elder-shards/1":
        raise ValueError(f"unknown format {manifest['format']}")
    shards = [checked(folder / s["file"], s) for s in manifest["shards"]]
    tensors = {t["name"]: (t, decode(t, shards)) for t in manifest["tensors"]}
    model = Atlas(Config())
    state = {}
    for name, own in model.state_dict().items():
        entry, value = tensors[hf_name(name)[0]]
        if list(own.shape) != entry["shape"]:
            raise ValueError(f"{entry['name']}: shape {entry['shape']}, expected {list(own.shape)}")
        state[name] = torch.from_numpy(value.copy())
    model.load_state_dict(state)
    token_file = folder / manifest["tokenizer"]["file"]
    tokenizer = Tokenizer.from_str(checked(token_file, manifest["tokenizer"]).decode("utf-8"))
    return model.eval(), tokenizer, manifest


def main() -> None:
    """Print the recall of one shard folder."""
    args = argparse.ArgumentParser()
    args.add_argument("shards", type=Path)
    args.add_argument("build", type=Path)
    args.add_argument("--phrasings", type=int, default=3)
    args = args.parse_args()
    model, tokenizer, manifest = load_shards(args.shards)
    facts = json.loads((args.build / "hf" / "facts.json").read_text("utf-8"))["facts"]
    report = {
        "name": manifest["name"], "quantization": manifest["quantization"],
        "megabytes": round(sum(s["bytes"] for s in manifest["shards"]) / 1e6, 2),
        "trained": recall(model, tokenizer, questions(facts, "trained", args.phrasings))["recall"],
        "heldOut": recall(model, tokenizer, questions(facts, "heldOut"))["recall"],
        "prosePerplexity": perplexity(model, tokenizer, facts),
    }
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
