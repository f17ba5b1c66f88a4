"""A few invented elders with statements, put straight into the tables: what flows are tried on.

The day of most tests is 1 November 2026, the lists are of October 2026.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from yanglao.domain.catalogue.public import PackToPublish, PackVersion, publish_pack
from yanglao.domain.exchange.models import Batch, ReceivedList
from yanglao.domain.people.models import ENTRY_MODELS, Coverage, Person
from yanglao.domain.people.types import Kind
from yanglao.flows.publish_catalogue import ready_to_publish
from yanglao.foundation import clock
from yanglao.foundation.scoping import system_reader
from yanglao.kernel.idnumber import check_digit

REGION = "653200000000"
AS_OF = date(2026, 11, 1)
MONTH = date(2026, 10, 1)
#: Three villages: two of one town, one of another county.
VILLAGE, NEIGHBOUR, FAR = "653222100200", "653222100201", "653201001001"
WITH_ABSENCE = ("pension", "assistance", "disability", "health", "ltci", "veterans", "relief")

_NORMAL: dict[str, dict[str, Any]] = {
    "household": {"status": "normal", "name": "测试"},
    "pension": {"pension_kind": "resident", "pension_status": "normal"},
    "assistance": {"assistance": "dibao", "holds_from": date(2020, 1, 1)},
    "disability": {
        "card_number": "0",
        "disability_category": 4,
        "disability_grade": 2,
        "needs_long_term_care": True,
        "card_status": "valid",
    },
    "health": {"health_checked_on": date(2026, 5, 1)},
    "ltci": {"ltci_insured": False},
    "veterans": {"special_contribution": True},
    "assessment": {"assessed_on": date(2026, 6, 1), "ability_level": 3},
    "survey": {"living": "with_children"},
    "relief": {"relief_on": date(2026, 10, 20), "in_relief": True},
    "deaths": {"died_on": date(2026, 10, 15)},
}


def publish(pack: str = "hetian", in_force_from: date | None = None) -> PackVersion:
    """Publish a pack of the checkout; it is read and checked once for all tests."""
    version, _new = publish_pack(
        pack=ready(pack), in_force_from=in_force_from, acting=system_reader()
    )
    return version


@cache
def ready(pack: str) -> PackToPublish:
    """Return a pack of the checkout, read and checked."""
    return ready_to_publish(pack)


def batch(month: date = MONTH, *, full: bool = True, division: str = REGION) -> Batch:
    """Hand over a batch."""
    return Batch.objects.create(
        sender="测试",
        division_code=division,
        month=month,
        full=full,
        taken_at=clock.start_of(month),
        taken_by="测试",
    )


def cover(
    kinds: tuple[str, ...] = WITH_ABSENCE, *, month: date = MONTH, division: str = REGION
) -> Batch:
    """Declare full lists of some kinds for a place."""
    brought = batch(month, division=division)
    for kind in kinds:
        Coverage.objects.create(
            kind=kind,
            division_code=division,
            month=month,
            batch=brought.pk,
            full=True,
            declared_at=clock.start_of(month),
        )
    return brought


def elder(
    number: int,
    born: date = date(1950, 1, 1),
    *,
    place: str = VILLAGE,
    household: bool = True,
    **statements: Mapping[str, Any],
) -> Person:
    """Make a person of a village with a household row and further statements.

    Args:
        number: Tells people apart; part of the ID number.
        born: Birth date.
        place: Village where the person is registered and served.
        household: Whether the household register has the person.
        statements: Kind to values that differ from :data:`_NORMAL`.
    """
    first17 = f"{place[:6]}{born:%Y%m%d}{number % 1000:03}"
    person = Person.objects.create(
        id_number=first17 + check_digit(first17),
        name=f"测试老人{number}",
        name_fold=f"测试老人{number}",
        sex="M" if number % 2 else "F",
        birth_date=born,
        place_code=place,
        hukou_code=place if household else "",
        in_register=household,
        created_at=clock.start_of(MONTH),
    )
    if household:
        state(person, "household", hukou_code=place)
    for kind, values in statements.items():
        state(person, kind, **values)
    return person


def state(
    person: Person,
    kind: str,
    *,
    month: date = MONTH,
    received: ReceivedList | None = None,
    by: Batch | None = None,
    **values: Any,
) -> None:
    """Put a statement about a person into the table of its kind."""
    filled = {**_NORMAL[kind], **values}
    ENTRY_MODELS[Kind(kind)].objects.create(
        person=person,
        **{"holds_from": None, **filled},
        seen_from=month,
        seen_to=month,
        first_row="表!2",
        last_row="表!2",
        last_list=received,
        last_batch=(by or Batch.objects.order_by("id").last() or Batch(pk=0)).pk,
        digest="",
    )


def forget(person: Person, kind: str) -> None:
    """Take away all statements of a kind about a person."""
    ENTRY_MODELS[Kind(kind)].objects.filter(person=person).delete()


def policies() -> Path:
    """Return the folder of packs of the checkout."""
    return Path(__file__).resolve().parents[2] / "policies"
