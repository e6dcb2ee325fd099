"""Writes byteLevelMerges.json, llama2.json and goldens.json: small vocabularies, and what the original library (Hugging Face tokenizers, in Rust)
makes of each golden text in each style of styles.ts.

pip install tokenizers==0.23.3 transformers sentencepiece==0.2.3 gguf; npm ci
python src/tokenizer/testing/goldens.py [SmolLM2-135M-Instruct.Q4_1.gguf]
"""

import base64
import json
import re
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter
from pathlib import Path

import sentencepiece
import tokenizers
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaTokenizerFast

HERE = Path(__file__).parent
# Texts with characters younger than this are left out: programs may know them as letters, or not yet.
UNICODE = "14.0.0"
MISSING = "...."


def from_typescript(expression: str, module: str):
    program = f'import {{ runnerImport }} from "vite"; const {{ module }} = await runnerImport("./src/tokenizer/testing/{module}"); console.log(JSON.stringify(module.{expression}))'
    done = subprocess.run(["node", "--input-type=module", "-e", program], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def write(name: str, value, **options) -> None:
    (HERE / name).write_text(json.dumps(value, ensure_ascii=False, **options) + "\n")


def train_byte_level(texts: list[str]) -> None:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=256 + 900, initial_alphabet=alphabet, show_progress=False, max_token_length=12)
    tokenizer.train_from_iterator([re.sub(r"<\|\w*(\|>)?", "", text) for text in texts], trainer)
    write("byteLevelMerges.json", [" ".join(pair) for pair in json.loads(tokenizer.to_str())["model"]["merges"]], indent=0)


def train_sentence_piece(texts: list[str]) -> sentencepiece.SentencePieceProcessor:
    lines = [line for text in texts for line in text.split("\n")] + Path("README.md").read_text().split("\n")
    counts = Counter(character for line in lines for character in line)
    # The rarer ones stay out of the vocabulary, so that byte fallback has work to do.
    lines = ["".join(character for character in line if counts[character] > 20 and character >= " ") for line in lines]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "text").write_text("\n".join(lines))
        sentencepiece.SentencePieceTrainer.train(
            input=f"{folder}/text",
            model_prefix=f"{folder}/tokenizer",
            model_type="bpe",
            vocab_size=1200,
            character_coverage=1.0,
            byte_fallback=True,
            normalization_rule_name="identity",
            remove_extra_whitespaces=False,
            split_by_whitespace=True,
            allow_whitespace_only_pieces=True,
            split_digits=True,
            num_threads=1,
            minloglevel=2,
        )
        tokenizer = LlamaTokenizerFast.from_pretrained(folder, add_bos_token=True)
        write("llama2.json", json.loads(tokenizer.backend_tokenizer.to_str()), separators=(",", ":"))
        return sentencepiece.SentencePieceProcessor(model_file=f"{folder}/tokenizer.model")


def digest(ids: list[int], text: str) -> str:
    value = 0x811C9DC5
    for part in [*ids, -1, *map(ord, text)]:
        value = ((value ^ (part & 0xFFFFFFFF)) * 0x01000193) & 0xFFFFFFFF
    return base64.urlsafe_b64encode((value >> 8).to_bytes(3, "big")).decode()


def is_old(text: str) -> bool:
    return all(unicodedata.category(character) != "Cn" for character in text)


def golden(tokenizer: Tokenizer, texts: list[str]) -> str:
    def one(text: str) -> str:
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        return digest(ids, tokenizer.decode(ids))

    return "".join(one(text) if is_old(text) else MISSING for text in texts)


def smollm2(path: str) -> Tokenizer:
    """From the file's lists alone, by the tokenizer.json of SmolLM2: digits one by one, then GPT-2's words."""
    from gguf import GGUFReader

    fields = GGUFReader(path).fields
    tokens, merges, types = (fields[f"tokenizer.ggml.{name}"].contents() for name in ("tokens", "merges", "token_type"))
    tokenizer = Tokenizer(models.BPE(vocab={token: id for id, token in enumerate(tokens)}, merges=[tuple(pair.split(" ")) for pair in merges]))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token, normalized=False) for token, kind in zip(tokens, types) if kind == 3])
    return tokenizer


if __name__ == "__main__":
    assert unicodedata.unidata_version == UNICODE, unicodedata.unidata_version
    texts = from_typescript("goldenTexts()", "texts.ts")
    train_byte_level(texts)
    pieces = train_sentence_piece(texts)
    goldens = {name: golden(Tokenizer.from_str(json.dumps(style)), texts) for name, style in from_typescript("styles", "styles.ts").items()}
    goldens["sentencePiece"] = "".join(digest(pieces.encode(text), "") if is_old(text) else MISSING for text in texts)
    kept = json.loads((HERE / "goldens.json").read_text()) if (HERE / "goldens.json").exists() else {}
    real = golden(smollm2(sys.argv[1]), texts) if len(sys.argv) > 1 else kept.get("digests", {}).get("smollm2")
    writer = f"tokenizers {tokenizers.__version__}, sentencepiece {sentencepiece.__version__}"
    write("goldens.json", {"writer": writer, "digests": {**goldens, "smollm2": real}}, indent=1)
    print(writer, {name: len(value) // 4 - value.count(MISSING) for name, value in goldens.items()})
