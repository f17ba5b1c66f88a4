"""The workbench of a department's clerk: own lists, what came back, what has not been sent."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import DEPARTMENTS
from yanglao.domain.exchange.public import STATE_LABELS, ListState, ReceivedList, lists
from yanglao.domain.people.public import KIND_LABELS, Kind, list_quality
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.workbench.addresses import address
from yanglao.web.desks.workbench.officer import returned_stat
from yanglao.web.kit.formats import month
from yanglao.web.kit.parts import Stat, Status

_RECENT = 10
_STATE_TONES = {
    ListState.TAKEN_IN: "success",
    ListState.REFUSED: "error",
    ListState.REPEATED: "neutral",
}


@dataclass(frozen=True, slots=True)
class KindRow:
    """A kind of list the department sends: when it last came, and whether this month's did."""

    label: str
    last: str
    status: Status


@dataclass(frozen=True, slots=True)
class ListRow:
    """A list that was handed in."""

    received: ReceivedList
    kind: str
    status: Status
    url: str


def clerk_page(reader: Reader, today: date) -> dict[str, Any]:
    """Return what the page shows; a fixed number of queries."""
    found = list(lists(reader)[:_RECENT])
    kinds = kind_rows(reader, today)
    department = DEPARTMENTS.get(reader.department)
    return {
        "department": department.label if department else "",
        "stats": [
            Stat(
                _("本月还没报的名单"),
                sum(row.status.tone == "accent" for row in kinds),
                _("共报 %(number)d 种") % {"number": len(kinds)},
                address("lists_desk:upload"),
                tone="accent" if any(row.status.tone == "accent" for row in kinds) else "",
                unit=_("种"),
            ),
            returned_stat(reader),
        ],
        "kinds": kinds,
        "recent": [_list_row(row) for row in found],
        "upload_url": address("lists_desk:upload"),
        "lists_url": address("lists_desk:lists"),
    }


def kind_rows(reader: Reader, today: date) -> list[KindRow]:
    """Return the kinds that a department sends, those missing this month first.

    A list that a higher place handed in for the whole region counts: nothing is asked for twice.
    """
    last: dict[str, date] = {}
    for told in list_quality(reader, today):
        months = [told.full_month, told.supplement_month, last.get(told.kind)]
        known = [month_ for month_ in months if month_ is not None]
        if known:
            last[told.kind] = max(known)
    rows = []
    for kind in sorted(reader.kinds):
        newest = last.get(kind)
        current = newest is not None and newest >= today.replace(day=1)
        status = Status(_("本月已报"), "success") if current else Status(_("本月没报"), "accent")
        words = month(newest) if newest else str(_("还没报过"))
        rows.append(KindRow(str(KIND_LABELS[Kind(kind)]), words, status))
    return sorted(rows, key=lambda row: row.status.tone)


def _list_row(row: ReceivedList) -> ListRow:
    state = ListState(row.state)
    status = Status(STATE_LABELS[state], _STATE_TONES[state])
    if state == ListState.TAKEN_IN and row.returned:
        status = Status(_("退回 %(number)d 行") % {"number": row.returned}, "error")
    return ListRow(
        received=row,
        kind=str(KIND_LABELS[Kind(row.kind)]) if row.kind else str(_("认不出种类")),
        status=status,
        url=address("lists_desk:list", row.pk),
    )
