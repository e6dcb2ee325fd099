"""Turn the raw package data into unambiguous (subject, relation, answer) facts."""
import random
from collections import Counter

from phrasings import PHRASINGS

SEED = 20
HELD_OUT_SHARE = 0.25  # facts of a relation that have phrasings they never meet in training
HELD_OUT_TEMPLATES = 2  # so many phrasings each
CITIES = 560

ARTICLE = {
    "AE", "BS", "CC", "CD", "CF", "CG", "CK", "DO", "FK", "FO", "GB", "GM", "IM", "IO", "KM", "KY",
    "MH", "MP", "MV", "NL", "PH", "PN", "SB", "SC", "TC", "TF", "US", "VG", "VI",
}  # countries that take "the" in running text
DISPUTED_CAPITAL = {"BO", "EH", "HK", "IL", "IO", "LK", "MS", "PS", "SZ", "TK", "ZA"}
TWO_CONTINENTS = {"AM", "AZ", "CY", "GE", "KZ", "RU", "TL", "TR"}
NO_PEOPLE = {"AC", "AQ", "BV", "GS", "HM", "TA", "TF", "UM"}
UNUSUAL_STATUS = {"102", "302", "419", "420"}
NOT_ENGLISH_PLURALS = {"this", "that", "djinni", "goy", "silex", "vita", "gumma", "beef"}


def country_names(raw: dict) -> dict[str, str]:
    """ISO code -> name as it stands inside a sentence ("the Netherlands")."""
    return {
        code: ("the " if code in ARTICLE else "") + country["name"]
        for code, country in raw["countries"].items()
        if code not in NO_PEOPLE
    }


def country_facts(raw: dict, names: dict[str, str]):
    """Capitals, continents, languages, money, codes and domains of countries."""
    languages = {row["1"]: row["name"] for row in raw["languages"]}
    domains = {row["country"]: row["tld"] for row in raw["domains"]}
    capitals = Counter(c["capital"] for c in raw["countries"].values())
    phones = Counter(tuple(c["phone"]) for c in raw["countries"].values())
    for code, name in names.items():
        country = raw["countries"][code]
        capital = country["capital"]
        if capital and code not in DISPUTED_CAPITAL and capital != country["name"]:
            yield "capital", name, capital
            if capitals[capital] == 1:
                yield "capital_of", capital, name
        if code not in TWO_CONTINENTS:
            yield "continent", name, raw["continents"][country["continent"]]
        if len(country["languages"]) == 1 and country["languages"][0] in languages:
            yield "language", name, languages[country["languages"][0]]
        if len(country["currency"]) == 1:
            yield "currency", name, raw["currencies"][country["currency"][0]]["name"]
            yield "currency_code", name, country["currency"][0]
        yield "country_code", name, code
        if len(country["phone"]) == 1 and (phones[tuple(country["phone"])] == 1 or code in {"US", "GB", "IT"}):
            yield "calling_code", name, f"+{country['phone'][0]}"
        if domains.get(country["name"]):
            yield "domain", name, domains[country["name"]]


def city_facts(raw: dict, names: dict[str, str]):
    """Large cities whose name points to one country; American cities to one state."""
    by_name: dict[str, list[dict]] = {}
    for city in raw["cities"]:
        by_name.setdefault(city["name"], []).append(city)
    country_like = {c["name"] for c in raw["countries"].values()} | set(raw["states"].values())
    clear, american = [], []
    for name, same in by_name.items():
        same.sort(key=lambda c: -c["population"])
        top = same[0]
        if not name.isascii() or name in country_like or "(" in name or top["country"] not in names:
            continue
        limit = 0.15 * top["population"]
        others = [c for c in same[1:] if c["population"] > limit]
        if all(c["country"] == top["country"] for c in others):
            clear.append(top)
        if top["country"] == "US" and not others and top["adminCode"] != "DC":
            american.append(top)
    clear.sort(key=lambda c: (-c["population"], c["name"]))
    for city in clear[:CITIES]:
        yield "city_country", city["name"], names[city["country"]]
    for city in american:
        if city["population"] >= 150_000:
            yield "city_state", city["name"], raw["states"][city["adminCode"]]


def state_facts(raw: dict):
    """Capitals and postal codes of the fifty American states."""
    seats = {c["adminCode"]: c["name"] for c in raw["cities"]
             if c["country"] == "US" and c["featureCode"] == "PPLA"}
    for code, name in raw["states"].items():
        if code in seats:
            subject = "the state of Georgia" if code == "GA" else name
            yield "state_capital", subject, seats[code]
            yield "state_code", subject, code


def element_facts(raw: dict):
    """Symbols, numbers, groups and discovery years of the chemical elements."""
    for element in raw["elements"]:
        name = element["name"].lower()
        yield "element_symbol", name, element["symbol"]
        yield "symbol_element", element["symbol"], name
        yield "element_number", name, str(element["atomicNumber"])
        yield "element_group", name, element["groupBlock"].lower()
        if str(element["yearDiscovered"]).isdigit():
            yield "element_year", name, str(element["yearDiscovered"])


def word_facts(raw: dict):
    """Language codes, irregular plurals, spelling words, HTTP statuses, currency names."""
    for row in raw["languages"]:
        yield "language_code", row["name"], row["1"]
    for one, many in raw["plurals"].items():
        if one != many and one not in NOT_ENGLISH_PLURALS:
            yield "plural", one, many
    for word in raw["spelling"]:
        yield "spelling_word", word[0].upper(), word.capitalize()
    for status in raw["statuses"]:
        if status["code"] not in UNUSUAL_STATUS:
            yield "http_status", status["code"], status["reason"]
    for code, currency in raw["currencies"].items():
        if not code.startswith("X") and "(" not in currency["name"]:
            yield "code_currency", code, currency["name"]


def build(raw: dict) -> list[dict]:
    """All facts, with the phrasing split: [{id, relation, subject, answer, trained, heldOut}]."""
    names = country_names(raw)
    rows = [*country_facts(raw, names), *city_facts(raw, names), *state_facts(raw),
            *element_facts(raw), *word_facts(raw)]
    answers: dict[tuple, set] = {}
    for relation, subject, answer in rows:
        answers.setdefault((relation, subject), set()).add(answer)
    rng = random.Random(SEED)
    facts = []
    for relation, templates in PHRASINGS.items():
        own = [(s, next(iter(a))) for (r, s), a in answers.items() if r == relation and len(a) == 1]
        chosen = set(rng.sample(range(len(own)), round(HELD_OUT_SHARE * len(own))))
        for i, (subject, answer) in enumerate(own):
            held = sorted(rng.sample(range(1, len(templates)), HELD_OUT_TEMPLATES)) if i in chosen else []
            facts.append({
                "id": f"{relation}-{i}", "relation": relation, "subject": subject, "answer": answer,
                "trained": [t for t in range(len(templates)) if t not in held], "heldOut": held,
            })
    return facts
