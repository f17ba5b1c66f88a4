"""Officers' words about deliveries, and the counts that follow at once."""

from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import F, Q

from yanglao.domain.entitlements.models import Finding, HandDelivery, Tally
from yanglao.domain.entitlements.queries import live_runs
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.kernel.division import contains

#: (place_code, item_id, status, delivered, people more or less)
Difference = tuple[str, int, int, bool, int]
_CHUNK = 500


@transaction.atomic
def tell_delivered(*, pairs: Iterable[tuple[int, int]], acting: Reader) -> int:
    """Note that people have items, as ``(person_id, item_id)``; return how many were new."""
    wanted = set(pairs)
    fresh = wanted - _told(wanted)
    at = clock.now()
    HandDelivery.objects.bulk_create(
        [
            HandDelivery(person_id=person, item_id=item, told_at=at, told_by=acting.name)
            for person, item in sorted(fresh)
        ],
        batch_size=_CHUNK,
    )
    adjust_tallies(differences=_differences(fresh, more=True), acting=acting)
    return len(fresh)


@transaction.atomic
def untell_delivered(*, pairs: Iterable[tuple[int, int]], acting: Reader) -> int:
    """Take such words back; return how many there were."""
    gone = _told(set(pairs))
    for part in _parts(gone):
        HandDelivery.objects.filter(_any_of(part)).delete()
    adjust_tallies(differences=_differences(gone, more=False), acting=acting)
    return len(gone)


def adjust_tallies(*, differences: Iterable[Difference], acting: Reader) -> None:
    """Put differences on the counts that stand now, in every region that counts the place.

    Call it in the transaction of what caused them; ``acting`` caused it.
    """
    runs = live_runs()
    for place, item, status, delivered, number in differences:
        for run in runs:
            if number and contains(run.region_code, place):
                key = {
                    "run": run,
                    "place_code": place,
                    "item_id": item,
                    "status": status,
                    "delivered": delivered,
                }
                rows = Tally.objects.filter(**key)
                if not rows.update(people=F("people") + number):
                    Tally.objects.create(**key, people=number)
                rows.filter(people__lte=0).delete()


def _told(pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for part in _parts(pairs):
        rows = HandDelivery.objects.filter(_any_of(part)).order_by("id")
        found |= set(rows.values_list("person_id", "item_id"))
    return found


def _differences(pairs: Collection[tuple[int, int]], *, more: bool) -> list[Difference]:
    """Return what the words change: from not delivered to delivered, or back."""
    step = 1 if more else -1
    counted: dict[tuple[str, int, int, bool], int] = {}
    for part in _parts(pairs):
        rows = Finding.objects.filter(_any_of(part)).exclude(outcome__delivered=True)
        for place, item, status in rows.order_by("id").values_list(
            "place_code", "item_id", "outcome__status"
        ):
            for delivered, number in ((True, step), (False, -step)):
                key = (place, item, status, delivered)
                counted[key] = counted.get(key, 0) + number
    return [(*key, number) for key, number in sorted(counted.items())]


def _any_of(pairs: Iterable[tuple[int, int]]) -> Q:
    """Return the condition for rows about any of the pairs, item by item."""
    by_item: dict[int, list[int]] = {}
    for person, item in pairs:
        by_item.setdefault(item, []).append(person)
    found = Q(pk__in=[])
    for item, people in by_item.items():
        found |= Q(item_id=item, person_id__in=people)
    return found


def _parts(pairs: Collection[tuple[int, int]]) -> Iterable[list[tuple[int, int]]]:
    held = sorted(pairs)
    return (held[start : start + _CHUNK] for start in range(0, len(held), _CHUNK))
