"""A doubt as a clerk needs to see it: a row or a file beside a file, and what speaks for what."""

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from yanglao.domain.linkage.public import FilePair, WaitingRow, candidates_of
from yanglao.domain.people.public import (
    FactLine,
    Person,
    contacts_of,
    people_by_ids,
    person_facts,
)
from yanglao.engines.linkage import load_model
from yanglao.foundation import audit
from yanglao.foundation.scoping import Reader


@dataclass(frozen=True, slots=True)
class ToldRow:
    """What a waiting row says of its person."""

    name: str
    written: str
    born: date | None
    sex: str
    place: str
    phone: str
    household: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Beside:
    """A candidate, and how much each comparison speaks for him.

    Attributes:
        person: The person.
        probability: From 0 to 1.
        levels: Comparison to level.
        weights: Comparison to bits.
    """

    person: Person
    probability: float
    levels: dict[str, str]
    weights: dict[str, float]


@dataclass(frozen=True, slots=True)
class SeenRow:
    """A waiting row and those of its candidates whom the reader may see."""

    row: WaitingRow
    told: ToldRow
    candidates: list[Beside] = field(default_factory=list)
    hidden: int = 0


def see_row(reader: Reader, row: WaitingRow) -> SeenRow:
    """Return a waiting row with its candidates; the reading is put on record."""
    found = list(candidates_of(row))
    people = people_by_ids(reader, [one.person_id for one in found])
    beside = [
        _beside(people[one.person_id], one.probability, one.levels)
        for one in found
        if one.person_id in people
    ]
    audit.read(
        reader,
        "waiting_row_opened",
        subject="waiting_row",
        subject_id=row.pk,
        place_code=row.place_code,
        purpose="对人核实",
        fields=("name", "born", "sex", "place", "phone", "id_number"),
        detail={"people": [one.person.pk for one in beside]},
    )
    return SeenRow(row, told_row(row), beside, len(found) - len(beside))


def told_row(row: WaitingRow) -> ToldRow:
    """Return what a waiting row says."""
    told = json.loads(row.told)
    born = told["born"]
    return ToldRow(
        name=row.name,
        written=told["written"],
        born=date.fromisoformat(born) if born else None,
        sex=told["sex"],
        place=told["place"],
        phone=told["phone"],
        household=told["household"],
        values=told["values"],
    )


@dataclass(frozen=True, slots=True)
class SeenPair:
    """Two files, the facts and telephones of each, and what speaks for one person."""

    pair: FilePair
    one: Beside
    other: Beside
    facts: list[tuple[FactLine, FactLine]]
    phones: tuple[str, str]


def see_pair(reader: Reader, pair: FilePair, as_of: date) -> SeenPair | None:
    """Return a pair of files side by side; ``None`` when one is no longer in the reader's area.

    The reading is put on record.
    """
    people = people_by_ids(reader, [pair.one_id, pair.other_id])
    one, other = people.get(pair.one_id), people.get(pair.other_id)
    if one is None or other is None:
        return None
    audit.read(
        reader,
        "file_pair_opened",
        subject="file_pair",
        subject_id=pair.pk,
        place_code=pair.place_code,
        purpose="对人核实",
        detail={"people": [one.pk, other.pk]},
    )
    left = person_facts(reader, one, as_of)
    right = person_facts(reader, other, as_of)
    return SeenPair(
        pair,
        _beside(one, pair.probability, pair.levels),
        _beside(other, pair.probability, pair.levels),
        [(a, b) for a, b in zip(left, right, strict=True) if a.known or b.known],
        (_phones(reader, one), _phones(reader, other)),
    )


def _phones(reader: Reader, person: Person) -> str:
    return next((line.phone for line in contacts_of(reader, person) if not line.whose), "")


def _beside(person: Person, probability: float, levels: dict[str, str]) -> Beside:
    model = load_model()
    weights = {
        name: model.weight(name, level)
        for name, level in levels.items()
        if level in model.parameters.get(name, {})
    }
    return Beside(person, probability, levels, weights)
