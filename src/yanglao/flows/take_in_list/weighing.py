"""Rows without a good number: the people they may be about, weighed by the linkage engine."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from yanglao.domain.people.public import (
    KnownPerson,
    Seeker,
    find_by_numbers,
    known_by_ids,
    load_alike,
    numbers_by_ids,
    people_by_households,
    people_by_phones,
)
from yanglao.engines.linkage import (
    Judgement,
    Pair,
    Thresholds,
    block_pairs,
    judge,
    least_that_counts,
    load_model,
    one_slip_away,
    people_to_compare,
    weigh_pairs,
)
from yanglao.foundation.analytics import AnalyticSession, analytic_session
from yanglao.foundation.scoping import area_range
from yanglao.foundation.staging import put_rows
from yanglao.kernel.division import prefix
from yanglao.kernel.names import fold_name
from yanglao.kernel.sounds import sound_key

#: A town: with less of a place known, people are not looked for by place.
_TOWN = 9
_COUNTY = 6
_CLAIMS = {
    "n": "BIGINT",
    "fold": "VARCHAR",
    "sound": "VARCHAR",
    "sex": "VARCHAR",
    "born": "DATE",
    "place": "VARCHAR",
    "digits": "VARCHAR",
    "phone": "VARCHAR",
    "household": "VARCHAR",
}


@dataclass(frozen=True, slots=True)
class Claim:
    """What a row says about its person, beside the valid number that it does not have.

    Attributes:
        position: Of the row.
        name: As the list has it.
        born: Birth date, of its own column or as far as the number tells.
        sex: ``M``, ``F`` or empty.
        place: 12-digit division.
        digits: The number as far as it can be read; empty when it is missing.
        phone, household: Empty when missing.
    """

    position: int
    name: str
    born: date | None = None
    sex: str = ""
    place: str = ""
    digits: str = ""
    phone: str = ""
    household: str = ""


@dataclass(slots=True)
class Weighed:
    """Verdicts by position, and the people they speak of."""

    judgements: dict[int, Judgement] = field(default_factory=dict)
    people: dict[int, KnownPerson] = field(default_factory=dict)


def weigh_claims(claims: Sequence[Claim], thresholds: Thresholds) -> Weighed:
    """Return who each row may be about; the same rows and people always give the same."""
    if not claims:
        return Weighed()
    hints, marks = _hints(claims)
    also = {pk for _, pk in hints}
    with analytic_session(step="对人核实") as session:
        load_alike(session, [_seeker(claim) for claim in claims], also=also)
        _put(session, claims, hints, marks)
        block_pairs(session.con)
        numbers = numbers_by_ids(people_to_compare(session.con))
        least = least_that_counts(thresholds)
        pairs = weigh_pairs(session.con, load_model(), numbers, least=least)
    judgements = judge(pairs, thresholds)
    shown = {pair.person for one in judgements.values() for pair in one.candidates}
    return Weighed(judgements, known_by_ids(shown, numbers=numbers))


def weigh_people(people: Sequence[KnownPerson], thresholds: Thresholds) -> list[Pair]:
    """Return pairs of these files with other files that may be of the same person.

    Every file has a valid number, and two numbers differ: such a pair is for a person to decide.
    """
    claims = [
        Claim(person.id, person.name, _born_in(person.id_number), person.sex, person.place_code)
        for person in people
    ]
    found = weigh_claims(claims, thresholds)
    return [
        pair
        for judgement in found.judgements.values()
        for pair in judgement.candidates
        if pair.person != judgement.claim
    ]


def _born_in(number: str) -> date:
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def _seeker(claim: Claim) -> Seeker:
    near = prefix(claim.place) if claim.place else ""
    low, high = ("", "")
    if len(near) >= _TOWN:
        low, high = area_range(near[:_TOWN].ljust(12, "0"))
    elif len(near) == _COUNTY:
        low, high = area_range(near.ljust(12, "0"))
    return Seeker(sound_key(claim.name), claim.born, low, high)


def _hints(
    claims: Sequence[Claim],
) -> tuple[set[tuple[int, int]], set[tuple[int, str, str]]]:
    """Return (position, person) found by number, telephone or household, and what fitted."""
    meant = {
        claim.position: one_slip_away(claim.digits) for claim in claims if len(claim.digits) > 1
    }
    known = find_by_numbers(number for numbers in meant.values() for number in numbers)
    hints = {
        (position, known[number].id)
        for position, numbers in meant.items()
        for number in numbers
        if number in known
    }
    marks: set[tuple[int, str, str]] = set()
    for what, found in (
        ("phone", people_by_phones(claim.phone for claim in claims)),
        ("household", people_by_households(claim.household for claim in claims)),
    ):
        for claim in claims:
            text = claim.phone if what == "phone" else claim.household
            for person in found.get(text, ()) if text else ():
                hints.add((claim.position, person))
                marks.add((person, what, text))
    return hints, marks


def _put(
    session: AnalyticSession,
    claims: Sequence[Claim],
    hints: Iterable[tuple[int, int]],
    marks: Iterable[tuple[int, str, str]],
) -> None:
    rows: list[tuple[Any, ...]] = []
    for claim in claims:
        fold = fold_name(claim.name)
        near = prefix(claim.place) if claim.place else ""
        rows.append(
            (
                claim.position,
                fold,
                sound_key(fold),
                claim.sex,
                claim.born,
                near,
                claim.digits,
                claim.phone,
                claim.household,
            )
        )
    put_rows(session.con, "claims", _CLAIMS, rows)
    put_rows(session.con, "hints", {"n": "BIGINT", "id": "BIGINT"}, sorted(hints))
    kinds = {"id": "BIGINT", "what": "VARCHAR", "text": "VARCHAR"}
    put_rows(session.con, "marks", kinds, sorted(marks))


def likeliest(judgement: Judgement, people: Mapping[int, KnownPerson]) -> list[KnownPerson]:
    """Return the candidates as people, the likeliest first."""
    return [people[pair.person] for pair in judgement.candidates if pair.person in people]
