"""Counts that may leave the office: small ones hidden, and not to be got back from the others."""

from collections.abc import Sequence
from dataclasses import dataclass

from yanglao.domain.catalogue.public import items
from yanglao.domain.entitlements.public import latest_run, tallies
from yanglao.domain.leads.public import ProgressRow
from yanglao.domain.places.public import names_of
from yanglao.engines.disclosure.suppress import SMALLEST, Suppressed, suppress
from yanglao.foundation.scoping import Reader

#: What stands in the place of a hidden count.
HIDDEN = "＊"
#: Written into every published file.
NOTE = f"小于 {SMALLEST} 的数（0 除外）和能反推出它们的数用“{HIDDEN}”代替"
_ALL = "合计"

Told = int | str


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """Counts of one place as they may be told: each a number or :data:`HIDDEN`.

    Attributes:
        subject: What is counted (an item), or empty. place: Its name; 合计 for all.
        parts: In the order of the table. total: Their sum.
    """

    subject: str
    place: str
    parts: tuple[Told, ...]
    total: Told


def published_progress(rows: Sequence[ProgressRow], names: Sequence[str]) -> list[PublishedRow]:
    """Return leads per place as parts open, delivered, declined; the last row is the sum."""
    if not rows:
        return []
    told = suppress([[row.open, row.delivered, row.declined] for row in rows])
    return _rows("", names, told)


def published_items(reader: Reader) -> list[PublishedRow]:
    """Return people per item and county as parts delivered, not delivered.

    One table an item: nobody adds people of different items.
    """
    run = latest_run(reader)
    found: list[PublishedRow] = []
    if run is None:
        return found
    for item in items(run.pack_version.pack):
        counted = tallies(reader, run, "county", item=item.pk)
        if not counted:
            continue
        names = names_of(row.code for row in counted)
        told = suppress([[row.delivered, row.not_delivered] for row in counted])
        places = [names.get(row.code, row.code) for row in counted]
        found += _rows(f"{item.code} {item.name}", places, told)
    return found


def _rows(subject: str, names: Sequence[str], told: Suppressed) -> list[PublishedRow]:
    lines = zip(names, told.cells, told.row_totals, strict=True)
    found = [PublishedRow(subject, name, _told(parts), _one(sum_)) for name, parts, sum_ in lines]
    return [*found, PublishedRow(subject, _ALL, _told(told.column_totals), _one(told.total))]


def _told(values: Sequence[int | None]) -> tuple[Told, ...]:
    return tuple(_one(value) for value in values)


def _one(value: int | None) -> Told:
    return HIDDEN if value is None else value
