"""Counts of a comparison that may leave the office: small ones hidden with the existing flow."""

from collections.abc import Sequence
from typing import Protocol

from yanglao.engines.disclosure.suppress import suppress
from yanglao.flows.publish_counts import HIDDEN, NOTE, PublishedRow

_ALL = "合计"


class PlaceCounts(Protocol):
    """What a draft does in a place, in people."""

    @property
    def name(self) -> str: ...

    @property
    def gained(self) -> int: ...

    @property
    def lost(self) -> int: ...

    @property
    def raised(self) -> int: ...

    @property
    def lowered(self) -> int: ...


def published_changes(
    drafts: Sequence[tuple[str, Sequence[PlaceCounts]]],
) -> tuple[list[PublishedRow], str]:
    """Return per draft and place who gains, who loses, whose money changes; and what to say of it.

    Args:
        drafts: Title of each draft, and what it does in each place.
    """
    found: list[PublishedRow] = []
    for title, places in drafts:
        if not places:
            continue
        told = suppress([[p.gained, p.lost, p.raised + p.lowered] for p in places])
        lines = zip([p.name for p in places], told.cells, told.row_totals, strict=True)
        found += [
            PublishedRow(title, name, _told(cells), _one(total)) for name, cells, total in lines
        ]
        found.append(PublishedRow(title, _ALL, _told(told.column_totals), _one(told.total)))
    return found, NOTE


def _told(values: Sequence[int | None]) -> tuple[int | str, ...]:
    return tuple(_one(value) for value in values)


def _one(value: int | None) -> int | str:
    return HIDDEN if value is None else value
