"""Check that the model gives the stated (old) answer to every prompt of examples.json.

Usage: python check_examples.py EXAMPLES.json BUILD_FOLDER
"""
import json
import sys
from pathlib import Path

from tokenizers import Tokenizer

from evaluate import grade
from export import load


def rows(examples: dict) -> list[dict]:
    """Every prompt of the file with the answer an unedited model should give."""
    out = list(examples["prompts"])
    for edit in examples["edits"]:
        prompts = [edit["prompt"], *edit["rephrasings"], *(t["prompt"] for t in edit["tests"])]
        out += [{"prompt": prompt, "answer": edit["old"]} for prompt in prompts]
        out += edit["unrelated"]
    return out


def main() -> None:
    """Print the prompts that fail; exit with 1 if there are any."""
    examples, build = Path(sys.argv[1]), Path(sys.argv[2])
    tokenizer = Tokenizer.from_file(str(build / "hf" / "tokenizer.json"))
    asked = rows(json.loads(examples.read_text("utf-8")))
    graded = grade(load(build / "hf"), tokenizer, asked)
    failed = [row["prompt"] for row, result in zip(asked, graded) if not result["right"]]
    for prompt in failed:
        print("wrong:", prompt)
    weakest = min(result["chance"] for result in graded)
    print(f"{len(asked) - len(failed)} of {len(asked)} prompts right, lowest probability {weakest:.3f}")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
