"""Pack documents into training rows."""
import numpy as np
import torch
from tokenizers import Tokenizer

from corpus import Corpus
from tokenizer import END

LENGTHS = (64, 128, 64, 128, 64, 256)  # row lengths, taken in turn, so every position is trained
TOKENS = 4096  # per batch
ANSWER_WEIGHT = 4.0  # loss weight of answer tokens; all others count 1
BARE_START = 0.6  # share of rows that begin with a document but without <|endoftext|>


class Batches:
    """Token ids [rows, length] and loss weights of the same shape."""

    def __init__(self, corpus: Corpus, tokenizer: Tokenizer):
        self.documents = iter(corpus)
        self.rng = corpus.rng
        self.tokenizer = tokenizer
        self.end = tokenizer.token_to_id(END)
        self.step = 0

    def encode(self) -> tuple[list[int], list[float]]:
        """Ids and weights of the next document."""
        pieces = next(self.documents)
        encoding = self.tokenizer.encode("".join(text for text, _ in pieces))
        spans, at = [], 0
        for text, is_answer in pieces:
            if is_answer:
                spans.append((at, at + len(text)))
            at += len(text)
        spans.append((at, at))
        weights, current = [], 0
        for start, end in encoding.offsets:
            while start >= spans[current][1] and current < len(spans) - 1:
                current += 1
            inside = spans[current][0] <= start and end <= spans[current][1]
            weights.append(ANSWER_WEIGHT if inside else 1.0)
        return encoding.ids, weights

    def row(self, length: int) -> tuple[list[int], list[float]]:
        """Documents divided by <|endoftext|>, starting at a document and cut at `length`."""
        ids: list[int] = []
        weights: list[float] = []
        bare = self.rng.random() < BARE_START
        while len(ids) < length:
            if ids or not bare:
                ids.append(self.end)
                weights.append(1.0)
            more, more_weights = self.encode()
            ids += more
            weights += more_weights
        return ids[:length], weights[:length]

    def next(self) -> tuple[torch.Tensor, torch.Tensor]:
        """The next batch."""
        length = LENGTHS[self.step % len(LENGTHS)]
        self.step += 1
        rows = [self.row(length) for _ in range(TOKENS // length)]
        ids = torch.from_numpy(np.array([r[0] for r in rows], dtype=np.int64))
        return ids, torch.from_numpy(np.array([r[1] for r in rows], dtype=np.float32))
