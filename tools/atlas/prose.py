"""A small grammar that writes plain paragraphs from the sentences in prose.txt."""
import random
import re
from pathlib import Path

TOPICS = ("story", "travel", "lesson", "place", "home", "nature", "letter", "work", "game")
SLOT = re.compile(r"\{(\w+)\}")


def read_sections(path: Path) -> dict[str, list[str]]:
    """Section name -> lines; lists written with bars are split."""
    sections: dict[str, list[str]] = {}
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("["):
            current = sections.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            current.extend(line.split("|"))
    return sections


class Prose:
    """Paragraphs, linking sentences and lead-ins, all drawn from one random source."""

    def __init__(self, rng: random.Random, subjects: dict[str, list[str]]):
        """`subjects` lists the names that fill {country}, {city} and {element}."""
        self.rng = rng
        self.text = read_sections(Path(__file__).with_name("prose.txt"))
        self.subjects = subjects

    def scene(self) -> dict[str, str]:
        """One choice for every slot, shared by the sentences of a paragraph."""
        pick, text = self.rng.choice, self.text
        male = self.rng.random() < 0.5
        own = text["names.he" if male else "names.she"]
        name = pick(own)
        other = pick([n for n in text["names.he"] + text["names.she"] if n != name])
        scene = {"n": name, "m": other, "his2": pick(["his", "her"])}
        scene |= dict(zip(("he", "He", "his", "him"),
                          ("he", "He", "his", "him") if male else ("she", "She", "her", "her")))
        scene["place"], scene["place2"] = self.rng.sample(text["place"], 2)
        for slot in ("thing", "animal", "food", "season", "weather", "job", "color", "number"):
            scene[slot] = pick(text[slot])
        return scene | {slot: pick(names) for slot, names in self.subjects.items()}

    def fill(self, sentence: str, scene: dict[str, str]) -> str:
        """Put the scene into a sentence; the first letter becomes a capital."""
        done = SLOT.sub(lambda m: scene[m.group(1)], sentence)
        return done[:1].upper() + done[1:]

    def line(self, section: str, **extra: str) -> str:
        """One sentence of a section."""
        return self.fill(self.rng.choice(self.text[section]), self.scene() | extra)

    def paragraph(self) -> list[str]:
        """An opening, some middle sentences and perhaps a close."""
        topic, scene = self.rng.choice(TOPICS), self.scene()
        middle = self.text[f"{topic}.middle"]
        lines = [self.rng.choice(self.text[f"{topic}.open"])]
        lines += self.rng.sample(middle, self.rng.randint(2, min(6, len(middle))))
        if self.rng.random() < 0.6:
            lines.append(self.rng.choice(self.text[f"{topic}.close"]))
        return [self.fill(line, scene) for line in lines]
