"""What hangs on the public notice board: for everybody, with nothing that is not posted.

These reads take no reader: they return only what a notice shows while it hangs out, names masked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from yanglao.domain.benefits.models import Case, Notice
from yanglao.domain.benefits.types import CaseState
from yanglao.foundation.scoping import area_range
from yanglao.kernel.names import mask_name


@dataclass(frozen=True, slots=True)
class PostedLine:
    """One person on a notice: masked name, place code of the village, fen a month or unknown."""

    name: str
    place_code: str
    fen: int | None


@dataclass(frozen=True, slots=True)
class PostedNotice:
    """A notice that hangs out."""

    pk: int
    item: str
    place_code: str
    from_on: date
    to_on: date
    lines: tuple[PostedLine, ...]


def posted_places(as_of: date, *, within: str = "", digits: int = 6) -> Mapping[str, int]:
    """Return the places where something hangs out, with how many notices; one query.

    Args:
        within: 12-digit place, everywhere when empty. digits: 6 for counties, 9 for towns.
    """
    rows = _hanging(as_of, within).order_by("place_code").values("place_code")
    found: dict[str, int] = {}
    for row in rows.annotate(number=Count("pk", distinct=True)):
        code = row["place_code"][:digits].ljust(12, "0")
        found[code] = found.get(code, 0) + row["number"]
    return found


def posted_notices(as_of: date, *, within: str) -> list[PostedNotice]:
    """Return what hangs out in a place, by item and town, nobody left out; two queries.

    Args:
        within: 12-digit town; of a larger place it would be a list that nobody reads.
    """
    notices = list(_hanging(as_of, within).select_related("item").order_by("item__position", "pk"))
    cases = Case.objects.filter(notice__in=notices, state=CaseState.NOTICED)
    cases = cases.select_related("person").defer("sealed").order_by("place_code", "id")
    lines: dict[int, list[PostedLine]] = {}
    for case in cases:
        line = PostedLine(mask_name(case.person.name), case.place_code, case.fen)
        lines.setdefault(case.notice_id or 0, []).append(line)
    return [
        PostedNotice(
            one.pk,
            one.item.name,
            one.place_code,
            one.from_on,
            one.to_on,
            tuple(lines[one.pk]),
        )
        for one in notices
        if one.pk in lines
    ]


def _hanging(as_of: date, within: str) -> QuerySet[Notice]:
    """Notices of the day on which a case still hangs."""
    rows = Notice.objects.filter(from_on__lte=as_of, to_on__gte=as_of)
    rows = rows.filter(
        pk__in=Case.objects.filter(state=CaseState.NOTICED).exclude(notice=None).values("notice")
    )
    if within:
        low, high = area_range(within)
        rows = rows.filter(place_code__gte=low, place_code__lt=high)
    return rows
