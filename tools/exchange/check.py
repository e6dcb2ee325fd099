"""Holds what the page exports against the real peft and PyTorch, and prints the errors.

Usage: python tools/exchange/check.py [MODEL…] [--released FOLDER]      from the project's root, with Node's packages installed
       needs torch, transformers, peft and safetensors

Each MODEL is a Hugging Face folder with float32 weights; the tiny ones of tools/testing/reference where none is given. `write.ts` writes
random adapters for it in every form. Expected logits are computed here from A and B as they lie in the page's memory, by forward hooks; then
  peft      every adapter of the archive, loaded by the archive's own load.py, gives those logits; saved again by peft, its tensors are the same bits;
  merged    the merged weights, loaded into the plain model, give the logits of the adapters on it;
  mixture   modules of the released code's shapes take mixture.safetensors without a key missing or left over, and give the logits.
With --released FOLDER, the `src` folder of the peft copy in the code released with arXiv 2408.11869, its own layers do that last step too.
Errors are the largest difference over the largest magnitude of the expected logits. Exit code 1 when one is above 1e-5, or an adapter changes nothing.
"""
import argparse
import ast
import importlib.util
import json
import math
import subprocess
import sys
import tempfile
import warnings
import zipfile
from contextlib import contextmanager
from pathlib import Path

import torch
from peft import PeftModel
from safetensors.torch import load_file
from torch import nn
from transformers import AutoModelForCausalLM

warnings.filterwarnings("ignore")
ROOT = Path(__file__).resolve().parents[2]
TINY = [ROOT / "tools/testing/reference" / name for name in ("tiny-gpt2", "tiny-llama")]
MOST = 1e-5


def base(folder: Path) -> nn.Module:
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()


@contextmanager
def hooked(model: nn.Module, changes: dict):
    """Adds change(x) to the output of each named module."""
    hooks = [
        model.get_submodule(name).register_forward_hook(lambda _module, args, out, change=change: out + change(args[0]))
        for name, change in changes.items()
    ]
    try:
        yield model
    finally:
        for hook in hooks:
            hook.remove()


class Plain:
    """Adapters as they lie in the page's memory: A (r, I) and B (r, O), experts one under the other."""

    def __init__(self, folder: Path):
        self.values = load_file(folder / "plain.safetensors")
        self.facts = json.loads((folder / "plain.json").read_text())

    def pair(self, key: str, rank: int) -> tuple[torch.Tensor, torch.Tensor]:
        return tuple(self.values[f"{key}.{part}"].reshape(-1, rank, self.values[f"{key}.{part}"].numel() // self.height(key)) for part in "AB")

    def height(self, key: str) -> int:
        facts = self.facts["mixture" if key.startswith("mixture") else "edits"]
        return facts["rank"] * facts.get("experts", 1)

    def edits(self, strengths: dict[int, float]) -> dict:
        """The change of each module by the edits, each with its strength."""
        facts = self.facts["edits"]
        scale = facts["alpha"] / facts["rank"]

        def change(layer):
            pairs = [(strength, *self.pair(f"edit.{edit}.{layer}", facts["rank"])) for edit, strength in strengths.items()]
            return lambda x: sum(strength * scale * (x @ a[0].T) @ b[0] for strength, a, b in pairs)

        return {name: change(layer) for layer, name in enumerate(facts["modules"])}

    def mixture(self, gates: torch.Tensor) -> dict:
        """The same by the experts with gates (L, N)."""
        facts = self.facts["mixture"]
        scale = facts["alpha"] / facts["rank"]

        def change(layer):
            a, b = self.pair(f"mixture.{layer}", facts["rank"])
            return lambda x: sum(gates[layer, e] * scale * (x @ a[e].T) @ b[e] for e in range(facts["experts"]))

        return {name: change(layer) for layer, name in enumerate(facts["modules"])}


def error(got: torch.Tensor, expected: torch.Tensor) -> float:
    return ((got - expected).abs().max() / expected.abs().max()).item()


class Report:
    def __init__(self):
        self.bad = 0

    def line(self, what: str, value: float, note: str, fine: bool) -> None:
        self.bad += not fine
        print(f"  {what:<34} {value:.1e}  {note}{'' if fine else '   FAILED'}")


def check_peft(report: Report, folder: Path, out: Path, plain: Plain, ids: torch.Tensor, plain_logits: torch.Tensor) -> None:
    zipfile.ZipFile(out / "adapters.zip").extractall(out / "adapters")
    spec = importlib.util.spec_from_file_location("load", out / "adapters" / "load.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    mixture = plain.facts["mixture"]
    for adapter in sorted(path.name for path in (out / "adapters").iterdir() if path.is_dir()):
        kind, number = adapter.split("-")
        gates = torch.zeros(len(mixture["modules"]), mixture["experts"])
        if kind == "expert":
            gates[:, int(number)] = 1
        changes = plain.edits({int(number): 1.0}) if kind == "edit" else plain.mixture(gates)
        with hooked(base(folder), changes) as model:
            expected = model(ids).logits
        loaded = script.load(folder, adapter)
        if not isinstance(loaded, PeftModel):
            raise TypeError(f"load.py gave {type(loaded)}, expected a PeftModel")
        value, moved = error(loaded(ids).logits, expected), error(plain_logits, expected)
        loaded.save_pretrained(out / "again" / adapter)
        ours, theirs = (load_file(path / adapter / "adapter_model.safetensors") for path in (out / "adapters", out / "again"))
        same = ours.keys() == theirs.keys() and all(torch.equal(ours[key].view(torch.int32), theirs[key].view(torch.int32)) for key in ours)
        report.line(f"peft {adapter}", value, f"changes {moved:.0e}, saved again {'bit for bit' if same else 'DIFFERENT'}", value < MOST < moved and same)


def check_merged(report: Report, folder: Path, out: Path, plain: Plain, ids: torch.Tensor) -> None:
    mixture = plain.facts["mixture"]
    gates = plain.values["gates"].reshape(-1, mixture["experts"])
    strengths = {i + 1: strength for i, strength in enumerate(plain.facts["edits"]["strengths"])}
    for name, changes in {"merged-edits": plain.edits(strengths), "merged-mixture": plain.mixture(gates)}.items():
        with hooked(base(folder), changes) as model:
            expected = model(ids).logits
        model = base(folder)
        left_over = model.load_state_dict(load_file(out / f"{name}.safetensors"), strict=False).unexpected_keys
        value = error(model(ids).logits, expected)
        report.line(name, value, f"{len(left_over)} keys left over", value < MOST and not left_over)


class Expert(nn.Module):
    """Parameters named and shaped as the released code's expert has them."""

    def __init__(self, inputs: int, outputs: int, rank: int):
        super().__init__()
        self.lora_A = nn.ParameterDict({"default": nn.Parameter(torch.zeros(inputs, rank))})
        self.lora_B = nn.ParameterDict({"default": nn.Parameter(torch.zeros(rank, outputs))})


class Gate(nn.Module):
    """As the released code's: the top k of a softmax over all, not renormalised."""

    def __init__(self, inputs: int, experts: int, top_k: int):
        super().__init__()
        self.gate = nn.Linear(inputs, experts)
        self.top_k = top_k

    def forward(self, query: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        values, index = self.gate(query).softmax(-1).topk(self.top_k)
        return index, values


def released_scope(folder: Path) -> dict:
    """The layer of the released code with its router and experts, and the two globals that it reads; the rest needs libraries of its day."""
    tree = ast.parse((folder / "peft/tuners/elder.py").read_text(encoding="utf-8"))
    wanted = ("Gate", "ElderLoraLayer", "ElderLinear")
    found = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name in wanted]
    scope = {"torch": torch, "nn": nn, "F": nn.functional, "math": math, "warnings": warnings}
    scope["transpose"] = lambda weight, turned: weight.T if turned else weight
    exec(compile(ast.Module(found, []), "elder.py", "exec"), scope)
    return scope


def check_released(report: Report, folder: Path, out: Path, plain: Plain, ids: torch.Tensor, released: Path) -> None:
    facts = plain.facts["mixture"]
    scope = released_scope(released)
    model = base(folder)
    query, expected = route(model, plain, ids)
    for name in facts["modules"]:
        old = model.get_submodule(name)
        turned = model.config.model_type == "gpt2"
        inputs, outputs = old.weight.shape if turned else old.weight.shape[::-1]
        sizes = {"r": facts["rank"], "lora_alpha": facts["alpha"], "num_experts": facts["experts"], "top_k": facts["topK"]}
        new = scope["ElderLinear"]("default", inputs, outputs, fan_in_fan_out=turned, **sizes)
        # Theirs leaves a random bias where the model has none.
        new.weight, new.bias = old.weight, old.bias
        model.set_submodule(name, new)
    state = {key.removeprefix("base_model.model."): value for key, value in load_file(out / "mixture.safetensors").items()}
    result = model.load_state_dict(state, strict=False)
    missing = [key for key in result.missing_keys if ".experts." in key or ".gate." in key]
    scope["SEQ_REPR"], scope["IN_EDIT_SCOPE"] = query, [True] * len(ids)
    value = error(model.eval()(ids).logits, expected)
    fine = value < MOST and not missing and not result.unexpected_keys
    report.line("mixture, released layers", value, f"{len(missing)} keys missing, {len(result.unexpected_keys)} left over", fine)


def route(model: nn.Module, plain: Plain, ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The query of each sequence, which is the input of the first mixture layer at the last token, and the logits expected with the mixture."""
    facts = plain.facts["mixture"]
    caught = []
    hook = model.get_submodule(facts["modules"][0]).register_forward_pre_hook(lambda _module, args: caught.append(args[0][:, -1].detach()))
    model(ids)
    hook.remove()
    (query,) = caught
    weight = plain.values["router.weight"].reshape(len(facts["modules"]), facts["experts"], -1)
    bias = plain.values["router.bias"].reshape(len(facts["modules"]), facts["experts"])
    scores = torch.einsum("lnd,bd->bln", weight, query).add(bias).softmax(-1)
    kept = torch.zeros_like(scores).scatter_(2, scores.topk(facts["topK"]).indices, 1) * scores
    expected = []
    for row, gates in zip(ids, kept, strict=True):
        with hooked(model, plain.mixture(gates)):
            expected.append(model(row[None]).logits)
    return query, torch.cat(expected)


class Mixed(nn.Module):
    def __init__(self, weight: torch.Tensor, facts: dict, turned: bool):
        super().__init__()
        inputs, outputs = weight.shape if turned else weight.shape[::-1]
        self.experts = nn.ModuleList(Expert(inputs, outputs, facts["rank"]) for _ in range(facts["experts"]))
        self.gate = Gate(inputs, facts["experts"], facts["topK"])


def check_mixture(report: Report, folder: Path, out: Path, plain: Plain, ids: torch.Tensor) -> None:
    facts = plain.facts["mixture"]
    scale = facts["alpha"] / facts["rank"]
    model = base(folder)
    mixed = {name: Mixed(model.get_submodule(name).weight, facts, model.config.model_type == "gpt2") for name in facts["modules"]}
    prefix = "base_model.model."
    state = load_file(out / "mixture.safetensors")
    for name, module in mixed.items():
        own = {key.removeprefix(f"{prefix}{name}."): state.pop(key) for key in list(state) if key.startswith(f"{prefix}{name}.")}
        module.load_state_dict(own, strict=True)
    query, expected = route(model, plain, ids)

    def change(module):
        index, score = module.gate(query)
        gates = torch.zeros(len(query), facts["experts"]).scatter_(1, index, score)
        parts = [(expert.lora_A["default"], expert.lora_B["default"]) for expert in module.experts]
        return lambda x: sum(gates[:, e, None, None] * (x @ a @ b) * scale for e, (a, b) in enumerate(parts))

    with hooked(model, {name: change(module) for name, module in mixed.items()}):
        got = model(ids).logits
    value = error(got, expected)
    report.line("mixture", value, f"{len(state)} keys left over", value < MOST and not state)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*", type=Path, default=TINY)
    parser.add_argument("--released", type=Path)
    options = parser.parse_args()
    report = Report()
    for folder in options.models:
        folder = folder.resolve()
        print(folder.name)
        with tempfile.TemporaryDirectory() as temporary, torch.no_grad():
            out = Path(temporary)
            subprocess.run(["node", "tools/run.mjs", "exchange/write", folder, out], cwd=ROOT, check=True)
            plain = Plain(out)
            model = base(folder)
            ids = torch.randint(model.config.vocab_size, (2, 12), generator=torch.Generator().manual_seed(1))
            check_peft(report, folder, out, plain, ids, model(ids).logits)
            check_merged(report, folder, out, plain, ids)
            check_mixture(report, folder, out, plain, ids)
            if options.released:
                check_released(report, folder, out, plain, ids, options.released)
    print("all fine" if report.bad == 0 else f"{report.bad} failed")
    return int(report.bad > 0)


if __name__ == "__main__":
    sys.exit(main())
