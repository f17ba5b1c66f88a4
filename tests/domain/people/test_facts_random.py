"""Random little histories: the set-based facts and the slow evaluator must agree, fact by fact."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from tests.domain.people.history import (
    ELSEWHERE_CODE,
    HETIAN,
    MOYU,
    MOYU_VILLAGE,
    PISHAN,
    PISHAN_VILLAGE,
    USUAL,
    facts_of,
    month,
)
from tests.domain.people.oracle import World
from yanglao.domain.people.facts import FACT_COLUMNS
from yanglao.domain.people.models import ENTRY_MODELS, Coverage, Mention, Person
from yanglao.domain.people.types import HAND_BATCH, KINDS_WITH_ABSENCE, OWN_DATES, Kind
from yanglao.foundation.clock import start_of
from yanglao.kernel.idnumber import check_digit

pytestmark = pytest.mark.django_db

MONTHS = [month(f"2026-{number:02}") for number in range(7, 12)]
PLACES = [MOYU_VILLAGE, PISHAN_VILLAGE, HETIAN]
CODES = ["", "elsewhere", MOYU_VILLAGE, PISHAN_VILLAGE, "653222102207", ELSEWHERE_CODE]
BATCHES = 8
PEOPLE = 120
DAYS = [date(2026, 7, 1) + timedelta(days=number) for number in range(200)]


def some_day(random: Random) -> date:
    """Return a day on which much is at stake: beginnings and ends of months as often as others."""
    if random.random() < 0.4:
        first = random.choice(MONTHS)
        return random.choice([first, first - timedelta(days=1), first.replace(day=28)])
    return random.choice(DAYS)


def maybe(random: Random, value: Any, blank: Any = None) -> Any:
    """Return a value, or nothing."""
    return blank if random.random() < 0.3 else value


def values_of(kind: str, random: Random) -> dict[str, Any]:
    """Return random values of a statement."""
    day = some_day(random)
    pick = random.choice
    made: dict[str, dict[str, Any]] = {
        "household": {
            "hukou_code": pick(CODES[2:]),
            "status": pick(["normal", "normal", "moved", "dead"]),
            "status_on": maybe(random, day),
            "marital": pick(["", "丧偶"]),
            "household_id": pick(["", "H1", "H2"]),
        },
        "pension": {
            "pension_kind": pick(["employee", "resident"]),
            "pension_status": pick(["normal", "terminated", "suspended"]),
            "began_on": maybe(random, day.replace(year=2010)),
        },
        "assistance": {
            "assistance": pick(["tekun", "dibao", "expense"]),
            "support_mode": pick(["", "central"]),
            "tekun_care": pick(["", "full"]),
            "holds_to": maybe(random, some_day(random)),
        },
        "disability": {
            "disability_grade": pick([None, 1, 4]),
            "needs_long_term_care": pick([None, True, False]),
            "issued_on": maybe(random, day),
            "card_status": pick(["valid", "valid", "cancelled"]),
        },
        "health": {"health_checked_on": day, "dementia": pick([None, None, True, False])},
        "ltci": {
            "ltci_insured": pick([True, False]),
            "ltci_level": pick([None, 0, 5]),
            "ltci_receiving": pick([None, True, False]),
            "assessed_on": maybe(random, day),
        },
        "veterans": {"special_contribution": pick([True, False])},
        "assessment": {
            "assessed_on": day.replace(year=pick([2025, 2026])),
            "ability_level": pick([0, 1, 4]),
        },
        "survey": {
            "residence_code": pick(["", MOYU_VILLAGE, PISHAN_VILLAGE]),
            "living": pick(["", "alone", "institution"]),
            "supporter": pick(["", "yes"]),
            "family_planning_special": pick([None, True, False]),
        },
        "relief": {"relief_on": day, "in_relief": pick([True, False])},
        "deaths": {"died_on": day},
    }
    return {**USUAL[kind], **made[kind]}


def make_world(random: Random) -> None:
    """Write a random database."""
    divisions = random.choice([[HETIAN], [MOYU, PISHAN], [HETIAN, MOYU, PISHAN]])
    batch_place = {batch: random.choice(divisions) for batch in range(1, BATCHES + 1)}
    covers = {}
    for kind in Kind:
        for batch, place in batch_place.items():
            if random.random() < 0.25:
                when = random.choice(MONTHS)
                covers[kind, place, when, batch] = random.random() < 0.7
    Coverage.objects.bulk_create(
        Coverage(
            kind=kind,
            division_code=place,
            month=when,
            batch=batch,
            full=full,
            declared_at=start_of(when),
        )
        for (kind, place, when, batch), full in covers.items()
    )
    people = Person.objects.bulk_create(_person(random, order) for order in range(PEOPLE))
    for kind, model in ENTRY_MODELS.items():
        model.objects.bulk_create(
            _statement(kind.value, person, random)
            for person in people
            for _ in range(random.choice([0, 0, 1, 1, 2, 3]))
        )
    mentions = {
        (person.pk, kind, random.randint(1, BATCHES)): random.choice(MONTHS)
        for person in people
        for kind in KINDS_WITH_ABSENCE
        if random.random() < 0.06
    }
    Mention.objects.bulk_create(
        Mention(person_id=pk, kind=kind, batch=batch, month=when)
        for (pk, kind, batch), when in mentions.items()
    )


def _person(random: Random, order: int) -> Person:
    first = f"65322219400305{order:03}"
    number = first + check_digit(first)
    return Person(
        id_number=number,
        name="某人",
        name_fold="某人",
        sex=random.choice("MF"),
        birth_date=date(1940, 3, 5),
        place_code=random.choice(PLACES),
        hukou_code=random.choice(CODES),
        residence_code=random.choice(["", MOYU_VILLAGE, PISHAN_VILLAGE]),
        created_at=start_of(date(2026, 1, 1)),
    )


def _statement(kind: str, person: Person, random: Random) -> Any:
    values = values_of(kind, random)
    first, last = sorted(random.choices(MONTHS, k=2))
    own = OWN_DATES.get(Kind(kind))
    holds = values.get(own) if own and own != "holds_from" else None
    if kind == "assistance":
        values.pop("holds_from", None)
        holds = some_day(random)
    batch = random.randint(1, BATCHES)
    if random.random() < 0.05:
        batch = HAND_BATCH
        first = last = some_day(random)
    return ENTRY_MODELS[Kind(kind)](
        person=person,
        holds_from=holds or maybe(random, first),
        seen_from=first,
        seen_to=last,
        last_batch=batch,
        digest="",
        **values,
    )


@pytest.mark.parametrize("seed", range(5))
def test_both_agree(seed: int) -> None:
    """For everybody in one pass, and for each person looked at alone."""
    random = Random(seed)
    make_world(random)
    world = World.read()
    for as_of in {some_day(random) for _ in range(3)}:
        expected = {person.pk: world.facts(person, as_of) for person in world.people}
        together = facts_of(None, as_of)
        assert set(together) == set(expected)
        for pk, facts in expected.items():
            assert set(facts) == set(FACT_COLUMNS)
            differing = {
                name: (together[pk][name], value)
                for name, value in facts.items()
                if together[pk][name] != value
            }
            assert not differing, f"person {pk} as of {as_of}: {differing}"
        some = random.sample(sorted(expected), 100)
        assert facts_of(some, as_of) == {pk: together[pk] for pk in some}
