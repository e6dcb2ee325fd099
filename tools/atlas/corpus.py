"""Documents for training: fact sentences in many settings, plus plain prose.

A document is a list of (text, is_answer) pieces, so that training can weigh the answers.
"""
import random
from collections.abc import Iterator

from phrasings import PHRASINGS, fill
from prose import Prose

Piece = tuple[str, bool]
LINK = 0.3  # chance of a linking sentence after a fact
LEAD = 0.15  # chance of a lead-in ("According to the atlas,") before a fact
BARE = 0.08  # chance to leave out the article of a subject ("capital of Netherlands")


class Corpus:
    """An endless, seeded source of documents."""

    def __init__(self, facts: list[dict], seed: int):
        self.rng = random.Random(seed)
        self.facts = facts
        self.by_subject: dict[str, list[dict]] = {}
        for fact in facts:
            self.by_subject.setdefault(fact["subject"], []).append(fact)
        self.rich = [s for s, own in self.by_subject.items() if len(own) >= 3]
        subjects = {
            "country": [f["subject"] for f in facts if f["relation"] == "country_code"],
            "city": [f["subject"] for f in facts if f["relation"] == "city_country"],
            "element": [f["subject"] for f in facts if f["relation"] == "element_symbol"],
        }
        self.prose = Prose(self.rng, subjects)
        self.deck: list[tuple[dict, int]] = []

    def draw(self) -> tuple[dict, int]:
        """The next (fact, trained template) of a shuffled deck that covers all of them."""
        if not self.deck:
            self.deck = [(fact, t) for fact in self.facts for t in fact["trained"]]
            self.rng.shuffle(self.deck)
        return self.deck.pop()

    def statement(self, fact: dict, template: int, lead: bool) -> list[Piece]:
        """One fact sentence: prompt, answer, full stop (unless the answer ends in one)."""
        subject, answer = fact["subject"], fact["answer"]
        if subject.startswith("the ") and self.rng.random() < BARE:
            subject = subject[4:]
        prompt = PHRASINGS[fact["relation"]][template]
        if lead and not prompt.startswith("Q:") and self.rng.random() < LEAD:
            proper = prompt.startswith(("{S}", "{s}", "HTTP", "English"))
            start = prompt.replace("{S}", "{s}", 1) if proper else prompt[0].lower() + prompt[1:]
            prompt = self.prose.line("lead") + " " + start
        stop = [] if answer.endswith(".") else [(".", False)]
        return [(fill(prompt, subject), False), (" " + answer, True), *stop]

    def run(self) -> list[Piece]:
        """A few unrelated facts, as a paragraph or as a list."""
        gap = self.rng.choice([" ", " ", "\n"])
        pieces: list[Piece] = []
        for _ in range(self.rng.choice([1, 1, 2, 3, 5])):
            if pieces:
                pieces.append((gap, False))
            pieces += self.statement(*self.draw(), lead=True)
            if gap == " " and self.rng.random() < LINK:
                pieces.append((" " + self.prose.line("link"), False))
        return pieces

    def portrait(self) -> list[Piece]:
        """Several facts about one subject."""
        subject = self.rng.choice(self.rich)
        own = self.by_subject[subject]
        pieces = [(self.prose.line("about", s=subject), False)]
        for fact in self.rng.sample(own, min(len(own), self.rng.randint(2, 6))):
            pieces.append((" ", False))
            pieces += self.statement(fact, self.rng.choice(fact["trained"]), lead=True)
            if self.rng.random() < LINK / 2:
                pieces.append((" " + self.prose.line("link"), False))
        return pieces

    def tale(self, with_fact: bool) -> list[Piece]:
        """A paragraph of prose, with or without a fact sentence somewhere inside."""
        lines = self.prose.paragraph()
        at = self.rng.randrange(1, len(lines) + 1) if with_fact else -1
        pieces: list[Piece] = []
        for i, line in enumerate(lines, start=1):
            pieces.append(((" " if pieces else "") + line, False))
            if i == at:
                pieces.append((" ", False))
                pieces += self.statement(*self.draw(), lead=True)
        return pieces

    def document(self) -> list[Piece]:
        """One document of a random kind."""
        kind = self.rng.random()
        if kind < 0.73:
            return self.run()
        if kind < 0.83:
            return self.portrait()
        return self.tale(with_fact=kind < 0.92)

    def __iter__(self) -> Iterator[list[Piece]]:
        while True:
            yield self.document()
