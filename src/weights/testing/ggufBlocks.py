"""Writes src/weights/testing/ggufBlocks.json: random blocks of each ggml format and the floats that llama.cpp's own `gguf` package (numpy) makes of them.

pip install gguf==0.19.0; python src/weights/testing/ggufBlocks.py
"""

import base64
import json
from pathlib import Path

import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType
from gguf.quants import dequantize

# Bytes at which a block keeps f16 numbers: drawn small and finite, all other bytes at random.
HALVES = {"Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208]}
WEIGHTS = 512


def blocks(name: str, seed: int) -> dict[str, str]:
    kind = GGMLQuantizationType[name]
    weights, size = GGML_QUANT_SIZES[kind]
    prng = np.random.default_rng(seed)
    data = prng.integers(0, 256, (WEIGHTS // weights, size), dtype=np.uint8)
    for at in HALVES[name]:
        data[:, at : at + 2] = prng.normal(0, 0.02, (len(data), 1)).astype("<f2").view(np.uint8)
    floats = dequantize(data.reshape(1, -1), kind).astype("<f4")
    return {"format": name, "bytes": base64.b64encode(data.tobytes()).decode(), "floats": base64.b64encode(floats.tobytes()).decode()}


if __name__ == "__main__":
    out = Path(__file__).with_suffix(".json")
    out.write_text(json.dumps([blocks(name, seed) for seed, name in enumerate(HALVES)], indent=1) + "\n")
