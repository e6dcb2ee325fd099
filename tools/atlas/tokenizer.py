"""Train the byte-level BPE tokenizer and write it in the Hugging Face layout."""
from itertools import chain, islice
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from corpus import Corpus

END = "<|endoftext|>"
VOCAB = 4096
DOCUMENTS = 60_000
WHOLE = {"capital", "language", "continent"}  # names of these relations should be few tokens
REPEATS = 60


def train(facts: list[dict], path: Path) -> Tokenizer:
    """Learn the merges from a sample of the corpus and save `tokenizer.json`."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCAB, special_tokens=[END], show_progress=False,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
    )
    sample = ("".join(text for text, _ in doc) for doc in islice(Corpus(facts, seed=1), DOCUMENTS))
    names = (f" {f['subject']}. {f['answer']}." for f in facts * REPEATS if f["relation"] in WHOLE)
    tokenizer.train_from_iterator(chain(sample, names), trainer)
    assert tokenizer.get_vocab_size() == VOCAB
    tokenizer.save(str(path))
    return tokenizer
