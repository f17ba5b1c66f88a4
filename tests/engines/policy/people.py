"""Invented people with every kind of value: known, unknown, known not to be, and on the edges."""

import random
from collections.abc import Mapping
from datetime import date, timedelta

from yanglao.engines.policy.vocabulary import NONE_DATE, Vocabulary

PLACES = ("653201001001", "653226100004", "650102002001", "440106001001", "elsewhere")


def invent_people(
    vocabulary: Vocabulary, count: int, as_of: date, seed: int
) -> list[dict[str, object]]:
    """So many people, the same for the same seed. Facts that are unknown are left out or None."""
    chance = random.Random(seed)
    return [_person(vocabulary, as_of, chance) for _ in range(count)]


def _person(vocabulary: Vocabulary, as_of: date, chance: random.Random) -> dict[str, object]:
    unknown_share = chance.choice((0.0, 0.1, 0.5))
    person: dict[str, object] = {"birth_date": _born(as_of, chance)}
    person["place_code"] = chance.choice(PLACES[:2])
    for name in vocabulary.facts:
        if name != "age":
            person[name] = _value(vocabulary, name, as_of, chance)
    if chance.random() < 0.8:
        person["alive"] = True
    if chance.random() < 0.5:
        person["hukou_code"] = PLACES[0]
    return {
        name: None if chance.random() < unknown_share else value for name, value in person.items()
    }


def _born(as_of: date, chance: random.Random) -> date:
    """Often on or beside a birthday that matters, or on 29 February."""
    if chance.random() < 0.15:
        return date(chance.choice((1940, 1944, 1960, 1964, 1968)), 2, 29)
    years = chance.choice((60, 65, 80)) if chance.random() < 0.4 else chance.randint(50, 101)
    month, day = as_of.month, as_of.day
    birthday = date(as_of.year - years, month, min(day, 28))
    return birthday + timedelta(chance.choice((-200, -1, 0, 1, 200)))


def _value(vocabulary: Vocabulary, name: str, as_of: date, chance: random.Random) -> object:
    spec = vocabulary[name]
    options: Mapping[str, list[object]] = {
        "bool": [True, False],
        "choice": [*spec.choices, *([""] if spec.has_none else [])],
        "int": [*range(spec.low, spec.high + 1), *([-1] if spec.has_none else [])]
        if spec.type == "int"
        else [],
        "code": list(PLACES),
        "text": ["甲", "乙"],
        "date": [
            as_of - timedelta(chance.choice((0, 1, 200, 364, 365, 366, 367, 800))),
            *([NONE_DATE] if spec.has_none else []),
        ],
    }
    return chance.choice(options[spec.type])
