"""Write the built-in edit set: facts of Atlas with a new answer each, and the prompts that measure the edits.

Each of the 1,200 records edits one (relation, subject) that Atlas knows, to the answer of another fact of the
same relation. It is asked in the relation's first phrasing; two other phrasings go to the method with it, three
more are held out and measure generalization. Locality: prompts of facts that no record edits and that no edit
has a say in (an edit of a capital leaves open what its inverse, "is the capital of", should say), up to two about
the same subject, two in the same relation, one of another realm, and one beginning of plain prose. Every fact
prompt is one that Atlas answers rightly before the edits, with float32 and with int8 weights; no prompt
is used twice. `prose` holds passages for the perplexity; no far prompt is the beginning of one.

At most two thirds of a relation's facts are edited; the records are spread evenly as far as that allows. The
layout is EditSet in src/evaluation/editSet.ts, one record a line. The same seed and weights give the same file,
but for a prompt whose two best tokens are all but even, which another processor may order differently.

Usage: python edits.py BUILD_FOLDER OUT.json
"""
import json
import random
import sys
from collections import defaultdict
from pathlib import Path

from tokenizers import Tokenizer

from corpus import Corpus
from export import load
from known import INVERSE, Known, is_clear, known_facts, touched
from prose import Prose

SEED = 5
RECORDS = 1200
REPHRASINGS, HELD_OUT = 2, 3
NEAR = 2  # locality prompts about the same subject, and as many in the same relation
PASSAGES = 40


def quotas(facts: dict[str, list[Known]]) -> dict[str, int]:
    """Relation -> records: filled up evenly, at most two thirds of the relation's facts."""
    counts = dict.fromkeys(facts, 0)
    while sum(counts.values()) < RECORDS:
        free = [r for r in facts if 3 * (counts[r] + 1) <= 2 * len(facts[r])]
        for relation in free[:RECORDS - sum(counts.values())]:
            counts[relation] += 1
    return counts


def differs(new: str, old: str) -> bool:
    """Neither is the beginning of the other, so that a decoded text cannot be both."""
    new, old = new.casefold(), old.casefold()
    return not (new.startswith(old) or old.startswith(new))


def choose_edits(rng: random.Random, facts: dict[str, list[Known]]) -> list[tuple[Known, str]]:
    """Facts to edit, each with its new answer.

    No new answer has a full stop inside, where a reader of decoded text may end it. Relations with an inverse swap answers among the edited facts, which leaves the other pairs untouched.
    """
    edits = []
    for relation, count in quotas(facts).items():
        able = [f for f in facts[relation] if f.first and len(f.prompts) > REPHRASINGS + HELD_OUT]
        own = rng.sample(able, count)
        answers = sorted({f.answer for f in (own if relation in INVERSE else facts[relation]) if ". " not in f.answer})
        edits += [(fact, rng.choice([a for a in answers if differs(a, fact.answer)])) for fact in own]
    rng.shuffle(edits)
    return edits


class Pool:
    """Prompts of the facts that every edit leaves alone; each is handed out once."""

    def __init__(self, rng: random.Random, clear: list[Known]):
        self.rng = rng
        self.left = {fact.key: rng.sample(fact.prompts, len(fact.prompts)) for fact in clear}
        self.by_relation: dict[str, list[Known]] = defaultdict(list)
        self.by_subject: dict[tuple[str, str], list[Known]] = defaultdict(list)
        for fact in clear:
            self.by_relation[fact.relation].append(fact)
            self.by_subject[fact.domain, fact.subject].append(fact)

    def take(self, facts: list[Known], count: int) -> list[str]:
        """One prompt each of up to `count` facts, those with most prompts left first."""
        open_facts = [f for f in facts if self.left[f.key]]
        self.rng.shuffle(open_facts)
        open_facts.sort(key=lambda f: -len(self.left[f.key]))
        return [self.left[f.key].pop() for f in open_facts[:count]]

    def far(self, fact: Known, new_answer: str) -> list[str]:
        """One prompt of another realm, without a name that the edit uses."""
        names = {fact.subject, fact.answer, new_answer}
        strange = [r for r, own in self.by_relation.items()
                   if own[0].realm != fact.realm and any(self.left[f.key] for f in own)]
        own = self.by_relation[self.rng.choice(strange)]
        return self.take([f for f in own if not names & {f.subject, f.answer}], 1)


def near(pool: Pool, fact: Known) -> list[dict]:
    """The near locality prompts of an edit."""
    groups = {"same subject": pool.by_subject[fact.domain, fact.subject], "same relation": pool.by_relation[fact.relation]}
    return [{"prompt": p, "kind": kind} for kind, facts in groups.items() for p in pool.take(facts, NEAR)]


def record(rng: random.Random, fact: Known, answer: str, locality: list[dict]) -> dict:
    """One EditRecord."""
    prompt, *others = fact.prompts
    chosen = rng.sample(others, REPHRASINGS + HELD_OUT)
    subject = fact.subject if fact.subject in prompt else fact.subject[:1].upper() + fact.subject[1:]
    return {
        "id": f"{fact.relation}/{fact.subject}", "prompt": prompt, "answer": answer, "subject": subject,
        "rephrasings": chosen[:REPHRASINGS], "heldOut": chosen[REPHRASINGS:],
        "locality": locality,
    }


def passages(rng: random.Random, prose: Prose) -> list[str]:
    """Different paragraphs of two to four sentences."""
    texts: dict[str, None] = {}
    while len(texts) < PASSAGES:
        texts[" ".join(prose.paragraph()[:rng.randint(2, 4)])] = None
    return list(texts)


def beginnings(rng: random.Random, prose: Prose, taken: list[str]) -> list[str]:
    """Different first words of paragraphs, cut inside a sentence; none begins a text of `taken`."""
    texts: dict[str, None] = {}
    while len(texts) < RECORDS:
        first, second, *_ = (line.split(" ") for line in prose.paragraph())
        cut = rng.randint(4, len(first) + len(second) - 1)
        text = " ".join([*first, *second][:cut])
        if cut != len(first) and not any(passage.startswith(text) for passage in taken):
            texts[text] = None
    return list(texts)


def build(known: list[Known], prose: Prose, rng: random.Random) -> dict:
    """The whole EditSet."""
    facts: dict[str, list[Known]] = defaultdict(list)
    for fact in known:
        if fact.prompts:
            facts[fact.relation].append(fact)
    edits = choose_edits(rng, facts)
    marks = set().union(*(touched(fact, answer) for fact, answer in edits))
    pool = Pool(rng, [f for own in facts.values() for f in own if is_clear(f, marks)])
    plain = passages(rng, prose)
    starts = beginnings(rng, prose, plain)
    local = [near(pool, fact) for fact, _ in edits]  # first, as only few facts will do for these
    for (fact, answer), prompts, start in zip(edits, local, starts):
        prompts += [{"prompt": p, "kind": "far"} for p in (*pool.far(fact, answer), start)]
    records = [record(rng, fact, answer, prompts) for (fact, answer), prompts in zip(edits, local)]
    return {"name": "Atlas facts", "records": records, "prose": plain}


def write(path: Path, edit_set: dict) -> None:
    """JSON without needless blanks, a record and a passage a line."""
    text = lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    lines = lambda values: "[\n" + ",\n".join(map(text, values)) + "\n]"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'{{"name":{text(edit_set["name"])},"records":{lines(edit_set["records"])},'
                    f'"prose":{lines(edit_set["prose"])}}}\n', "utf-8")


def main() -> None:
    """Ask Atlas, choose, write."""
    folder, out = Path(sys.argv[1]) / "hf", Path(sys.argv[2])
    facts = json.loads((folder / "facts.json").read_text("utf-8"))["facts"]
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    known = known_facts(load(folder), tokenizer, facts)
    edit_set = build(known, Corpus(facts, SEED).prose, random.Random(SEED))
    write(out, edit_set)
    print(f"{len(edit_set['records'])} records, {out.stat().st_size} bytes, "
          f"{sum(len(f.prompts) for f in known)} prompts answered rightly")


if __name__ == "__main__":
    main()
