"""How fresh what we know is: which lists came for which place and month."""

from datetime import date

from django.db.models import Count
from django.db.models.functions import Substr

from yanglao.domain.people.models import Coverage, Person
from yanglao.domain.people.types import KIND_LABELS, Kind, ListQuality
from yanglao.domain.places.public import Level, divisions
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader, area_range, within_area


def seen_month(kind: Kind, month: date | None) -> date:
    """Return the month under which a list counts: its own, else that of its receipt.

    A list without a month is the newest word there is: never older than the newest full list of
    its kind, so that a late clock cannot make it look outdated.
    """
    if month is not None:
        return month.replace(day=1)
    received = clock.today().replace(day=1)
    newest = (
        Coverage.objects.filter(kind=kind.value)
        .order_by("-month")
        .values_list("month", flat=True)
        .first()
    )
    return max(received, newest) if newest else received


def list_quality(reader: Reader, as_of: date | None = None) -> list[ListQuality]:
    """Return how fresh each kind is for each county of the reader's area, by county and kind.

    A reader of a town or village gets the county around it. Two queries for any number of lists.

    Args:
        reader: Who asks.
        as_of: The day from which months are counted; today when left out.
    """
    day = as_of or clock.today()
    counties = [(place.code, place.name) for place in divisions(reader, Level.COUNTY)]
    covers = [
        (cover.kind, *area_range(cover.division_code), cover.month, cover.full)
        for cover in Coverage.objects.order_by("month", "batch")
    ]
    lines = []
    for county, name in counties:
        for kind in Kind:
            mine = [
                (month, full)
                for of_kind, low, high, month, full in covers
                if of_kind == kind and (low <= county < high or county[:6] == low[:6])
            ]
            lines.append(_quality(kind, county, name, mine, day))
    return lines


def _quality(
    kind: Kind, county: str, name: str, lists: list[tuple[date, bool]], day: date
) -> ListQuality:
    full = max((month for month, whole in lists if whole), default=None)
    parts = [month for month, whole in lists if not whole and (full is None or month >= full)]
    part = max(parts, default=None)
    newest = max((month for month in (full, part) if month), default=None)
    return ListQuality(
        kind=kind.value,
        kind_label=str(KIND_LABELS[kind]),
        county=county,
        county_name=name,
        full_month=full,
        supplement_month=part,
        months_old=None
        if newest is None
        else (day.year - newest.year) * 12 + day.month - newest.month,
    )


def people_by_county(reader: Reader) -> dict[str, int]:
    """Return how many people have a file in each county of the reader's area, by 12-digit code."""
    rows = (
        within_area(Person.objects.all(), reader)
        .order_by()
        .values(county=Substr("place_code", 1, 6))
        .annotate(people=Count("id"))
    )
    return {f"{row['county']}000000": row["people"] for row in rows.order_by("county")}
