"""The rows of each list, as values still unwritten, for the people who stand on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple

from yanglao.ops.demo.identity import Settlement
from yanglao.ops.demo.list_columns import CATEGORIES, GRADES, WORDS, yes_no
from yanglao.ops.demo.person import Person


class Row(NamedTuple):
    """Values in the order of the list's columns, and whose row it is."""

    values: Sequence[object]
    person: Person


def household(person: Person, place: Settlement, code: str) -> Iterator[Row]:
    """Yield the register's row of a person under a division code."""
    moved = code == person.moved_from
    status = "moved" if moved else person.status
    # The old county writes a person off a little before the new one takes him in.
    changed = person.status_on
    if moved and changed:
        changed -= timedelta(days=2)
    yield Row(
        [
            None,
            person.name,
            person.id_number,
            WORDS[person.sex],
            person.born,
            person.ethnic,
            person.marital,
            person.household_no,
            person.relation,
            code,
            place.address(person.village, 1 + int(person.household_no) % 240)
            if not moved
            else f"和田地区{place.county.name}",
            WORDS[status],
            changed,
            "",
            "",
        ],
        person,
    )


def pension(person: Person) -> Iterator[Row]:
    """Yield the row of a member of a pension scheme."""
    held = person.pension
    if held:
        values = [
            None,
            person.name,
            person.id_number,
            WORDS[held.kind],
            WORDS[held.status],
            held.monthly_fen,
            held.began_on,
            person.county,
        ]
        yield Row(values, person)


def assistance(person: Person) -> Iterator[Row]:
    """Yield a row for each spell, the latest first as often as last."""
    spells = person.aids if int(person.household_no) % 2 else person.aids[::-1]
    for aid in spells:
        values = [
            None,
            person.name,
            person.id_number,
            WORDS[aid.kind],
            WORDS[aid.support_mode],
            WORDS[aid.care],
            aid.holds_from,
            aid.holds_to,
            person.village,
        ]
        yield Row(values, person)


def disability(person: Person) -> Iterator[Row]:
    """Yield the row of a card holder."""
    card = person.card
    if card:
        values = [
            person.name,
            f"{person.id_number}{card.category}{card.grade}",
            CATEGORIES[card.category],
            GRADES[card.grade],
            yes_no(card.needs_care),
            card.issued_on,
            WORDS[card.status],
        ]
        yield Row(values, person)


def health(person: Person) -> Iterator[Row]:
    """Yield a row for each health check."""
    for check in person.checks:
        values = [
            person.name,
            person.id_number,
            check.checked_on,
            check.chronic,
            check.doctor,
            yes_no(check.dementia),
        ]
        yield Row(values, person)


def ltci(person: Person) -> Iterator[Row]:
    """Yield the row of an insured person."""
    held = person.insurance
    if held:
        values = [
            person.name,
            person.id_number,
            yes_no(held.insured),
            held.level,
            yes_no(held.receiving),
            held.assessed_on,
        ]
        yield Row(values, person)


def veterans(person: Person) -> Iterator[Row]:
    """Yield the row of a veteran."""
    if person.veteran:
        values = [
            None,
            person.name,
            person.id_number,
            person.born,
            person.village,
            person.veteran,
            yes_no(person.special_contribution),
        ]
        yield Row(values, person)


def assessment(person: Person) -> Iterator[Row]:
    """Yield a row for each assessment, the latest first as often as last."""
    done = person.assessments if int(person.household_no) % 2 else person.assessments[::-1]
    for made in done:
        yield Row(
            [person.name, person.id_number, made.assessed_on, made.level, made.agency], person
        )


def survey(person: Person) -> Iterator[Row]:
    """Yield what the village wrote down."""
    told = person.survey
    if told:
        values = [
            person.name,
            person.id_number,
            told.residence_code,
            WORDS[told.living],
            WORDS[told.supporter],
            yes_no(told.special_family),
            told.phone,
            told.contact,
            told.contact_phone,
            told.lng,
            told.lat,
        ]
        yield Row(values, person)


def relief(person: Person) -> Iterator[Row]:
    """Yield a row for each thing noted by a relief station."""
    for stay in person.reliefs:
        values = [
            person.name,
            person.id_number,
            WORDS[person.sex],
            stay.relief_on,
            "在站" if stay.in_station else "离站",
        ]
        yield Row(values, person)


def deaths(person: Person) -> Iterator[Row]:
    """Yield the row of a person whose death was reported."""
    if person.died_on:
        office = "派出所" if int(person.id_number[14:17]) % 5 else "殡葬服务中心"
        yield Row([person.name, person.id_number, person.died_on, office], person)


ROWS = {
    "pension": pension,
    "assistance": assistance,
    "disability": disability,
    "health": health,
    "ltci": ltci,
    "veterans": veterans,
    "assessment": assessment,
    "survey": survey,
    "relief": relief,
    "deaths": deaths,
}


def rows_of(kind: str, people: Iterable[Person]) -> Iterator[Row]:
    """Yield the rows of a list, except the register's, for all who stand on it."""
    make = ROWS[kind]
    for person in people:
        yield from make(person)
