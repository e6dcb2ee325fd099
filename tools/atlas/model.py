"""A plain PyTorch GPT-2: the exact computation of Hugging Face's GPT2LMHeadModel.

Linear layers are ordinary `nn.Linear` ([out, in]); `export.py` writes them in the
Conv1D orientation ([in, out]) that Hugging Face uses for GPT-2.
"""
from dataclasses import dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F


@dataclass
class Config:
    """Sizes of the network."""

    vocab: int = 4096
    layers: int = 6
    width: int = 256
    heads: int = 4
    positions: int = 256


def fake_quant(weight: torch.Tensor, bits: int, group: int = 32) -> torch.Tensor:
    """Symmetric per-group rounding along the last axis, f16 scales as in the shards."""
    top = 2 ** (bits - 1) - 1
    grouped = weight.reshape(*weight.shape[:-1], -1, group)
    scale = (grouped.abs().amax(-1, keepdim=True) / top).clamp_min(1e-7).half().float()
    return (torch.clamp(torch.round(grouped / scale), -top - 1, top) * scale).reshape(weight.shape)


class Linear(nn.Linear):
    """A linear layer whose weight can be rounded to int4 with straight-through gradients."""

    quantized = False

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        weight = self.weight
        if self.quantized:
            weight = weight + (fake_quant(weight.detach(), 4) - weight.detach())
        return F.linear(x, weight, self.bias)


class Block(nn.Module):
    """One pre-norm transformer block."""

    def __init__(self, c: Config):
        super().__init__()
        self.heads = c.heads
        self.ln_1 = nn.LayerNorm(c.width, eps=1e-5)
        self.c_attn = Linear(c.width, 3 * c.width)
        self.attn_proj = Linear(c.width, c.width)
        self.ln_2 = nn.LayerNorm(c.width, eps=1e-5)
        self.c_fc = Linear(c.width, 4 * c.width)
        self.mlp_proj = Linear(4 * c.width, c.width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        b, t, w = x.shape
        q, k, v = (
            part.view(b, t, self.heads, w // self.heads).transpose(1, 2)
            for part in self.c_attn(self.ln_1(x)).split(w, dim=2)
        )
        # Plain attention: at these short lengths its backward pass on a CPU is faster than the fused one.
        scores = q @ k.transpose(2, 3) * (w // self.heads) ** -0.5
        future = torch.ones(t, t, dtype=torch.bool).triu(1)
        mixed = scores.masked_fill(future, float("-inf")).softmax(dim=-1).to(v.dtype) @ v
        x = x + self.attn_proj(mixed.transpose(1, 2).reshape(b, t, w))
        return x + self.mlp_proj(F.gelu(self.c_fc(self.ln_2(x)), approximate="tanh"))


class Atlas(nn.Module):
    """Token and position embeddings, the blocks, a final norm and the tied head."""

    def __init__(self, c: Config):
        super().__init__()
        self.config = c
        self.wte = nn.Embedding(c.vocab, c.width)
        self.wpe = nn.Embedding(c.positions, c.width)
        self.h = nn.ModuleList(Block(c) for _ in range(c.layers))
        self.ln_f = nn.LayerNorm(c.width, eps=1e-5)
        for name, p in self.named_parameters():
            if p.dim() == 2:
                residual = name.endswith("_proj.weight")
                nn.init.normal_(p, std=0.02 / ((2 * c.layers) ** 0.5 if residual else 1.0))
            elif name.endswith("bias"):
                nn.init.zeros_(p)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Logits [batch, time, vocab] for token ids [batch, time]."""
        x = self.wte(tokens) + self.wpe(torch.arange(tokens.shape[1]))
        for block in self.h:
            x = block(x)
        return F.linear(self.ln_f(x), self.wte.weight)

    def set_int4(self, on: bool) -> None:
        """Switch int4 rounding of the linear weights on or off."""
        for module in self.modules():
            if isinstance(module, Linear):
                module.quantized = on
