"""Which phrasings of which facts Atlas answers rightly, and which facts depend on each other."""
from dataclasses import dataclass, field

from tokenizers import Tokenizer

from evaluate import grade, quantized
from model import Atlas
from phrasings import PHRASINGS, fill

INVERSE = {
    "capital": "capital_of", "capital_of": "capital",
    "element_symbol": "symbol_element", "symbol_element": "element_symbol",
}  # not currency and code_currency: what a country pays with does not say what a code stands for, nor the other way round
SAME_MONEY = {"currency": "currency_code", "currency_code": "currency"}  # of one country: each decides the other
DOMAINS = {
    "city_state": "state", "state_capital": "state", "state_code": "state",
    "element_symbol": "element", "symbol_element": "element", "element_number": "element",
    "element_group": "element", "element_year": "element",
    "plural": "word", "spelling_word": "spelling", "http_status": "web",
    "language_code": "language", "code_currency": "money",
}  # all others: "country"
REALMS = {"language": "country", "money": "country"}  # domains that share answers; all others stand alone


@dataclass
class Known:
    """A fact and the prompts that Atlas answers with it, in the order of the phrasings."""

    relation: str
    subject: str
    answer: str
    prompts: list[str] = field(default_factory=list)
    first: bool = False  # whether the first of `prompts` is the relation's first phrasing

    @property
    def key(self) -> tuple[str, str]:
        """Relation and subject: no two facts share both."""
        return self.relation, self.subject

    @property
    def domain(self) -> str:
        """What the subject is: names may be the same in two domains (Tonga, a country and a language)."""
        return DOMAINS.get(self.relation, "country")

    @property
    def realm(self) -> str:
        """Facts of different realms have nothing to do with each other."""
        return REALMS.get(self.domain, self.domain)


def known_facts(model: Atlas, tokenizer: Tokenizer, facts: list[dict]) -> list[Known]:
    """Every fact with the phrasings that are answered rightly, by float32 and by int8 weights alike."""
    rows = [{"prompt": fill(template, fact["subject"]), "answer": fact["answer"], "fact": i, "template": t}
            for i, fact in enumerate(facts) for t, template in enumerate(PHRASINGS[fact["relation"]])]
    known = [Known(fact["relation"], fact["subject"], fact["answer"]) for fact in facts]
    small = grade(quantized(model, 8), tokenizer, rows)
    for row, exact, rounded in zip(rows, grade(model, tokenizer, rows), small):
        if exact["right"] and rounded["right"]:
            known[row["fact"]].prompts.append(row["prompt"])
            known[row["fact"]].first |= row["template"] == 0
    return known


def touched(fact: Known, new_answer: str) -> set:
    """What an edit leaves open: facts with one of these marks may change their answer by right."""
    marks = {fact.key, frozenset((fact.subject, fact.answer))}
    if fact.relation in INVERSE:
        marks.add((INVERSE[fact.relation], new_answer))
    if fact.relation in SAME_MONEY:
        marks.add((SAME_MONEY[fact.relation], fact.subject))
    return marks


def is_clear(fact: Known, marks: set) -> bool:
    """Whether no edit touches the fact, so that it should keep its answer."""
    return fact.key not in marks and frozenset((fact.subject, fact.answer)) not in marks
