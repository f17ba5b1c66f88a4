"""The book of the fund, and the insured of a year."""

from datetime import date

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Substr, TruncMonth

from yanglao.domain.ltci.models import Enrolment, FundEntry
from yanglao.domain.people.public import about_person
from yanglao.foundation.scoping import Reader, within_area


def fund_entries(
    reader: Reader, *, kind: str | None = None, year: int | None = None
) -> QuerySet[FundEntry]:
    """Return entries of the area, the newest first, with what was taken back (``reversed``)."""
    rows = within_area(FundEntry.objects.all(), reader)
    if kind:
        rows = rows.filter(kind=kind)
    if year is not None:
        rows = rows.filter(on__year=year)
    return rows.select_related("statement__provider", "reversed_by").order_by("-on", "-id")


def balance(reader: Reader, as_of: date) -> int:
    """Return what the fund holds at the end of a day, in fen."""
    rows = within_area(FundEntry.objects.filter(on__lte=as_of), reader)
    return int(rows.order_by().aggregate(fen=Sum("fen"))["fen"] or 0)


def money_by_month(reader: Reader, first: date, last: date) -> list[tuple[date, int, int]]:
    """Return first day, money in and money out (positive) of each month that has any."""
    rows = (
        within_area(FundEntry.objects.filter(on__gte=first, on__lte=last), reader)
        .order_by()
        .annotate(month=TruncMonth("on"))
        .values("month")
        .annotate(
            came=Sum("fen", filter=Q(fen__gt=0), default=0),
            went=Sum("fen", filter=Q(fen__lt=0), default=0),
        )
        .order_by("month")
    )
    return [(row["month"], row["came"], -row["went"]) for row in rows]


def contributions(reader: Reader, year: int) -> dict[tuple[str, str], int]:
    """Return contributions received in a year by group and source, corrections counted."""
    rows = (
        within_area(FundEntry.objects.filter(on__year=year), reader)
        .exclude(source="")
        .order_by()
        .values("insured_as", "source")
        .annotate(fen=Sum("fen"))
    )
    return {(row["insured_as"], row["source"]): row["fen"] for row in rows}


def enrolments(
    reader: Reader,
    year: int,
    *,
    text: str | None = None,
    group: str | None = None,
    receiving: str | None = None,
) -> QuerySet[Enrolment]:
    """Return the insured of a year with their person, by name.

    ``receiving``: ``"yes"``, ``"no"`` or ``"unknown"`` as the list says.
    """
    rows = within_area(Enrolment.objects.filter(year=year), reader)
    if text:
        rows = rows.filter(about_person(text))
    if group:
        rows = rows.filter(insured_as=group)
    if receiving:
        rows = rows.filter(receiving={"yes": True, "no": False, "unknown": None}[receiving])
    return rows.select_related("person").order_by("place_code", "id")


def enrolment_counts(reader: Reader, year: int) -> dict[str, int]:
    """Return the insured of a year by group, and how many receive by the list; one query each."""
    rows = within_area(Enrolment.objects.filter(year=year), reader).order_by()
    found = {
        row["insured_as"]: row["n"] for row in rows.values("insured_as").annotate(n=Count("id"))
    }
    found["receiving"] = rows.filter(receiving=True).count()
    return found


def insured_places(reader: Reader, year: int, digits: int) -> dict[str, int]:
    """Return the insured of a year by the first digits of their place; one query."""
    rows = within_area(Enrolment.objects.filter(year=year), reader).order_by()
    counted = (
        rows.annotate(part=Substr("place_code", 1, digits)).values("part").annotate(n=Count("id"))
    )
    return {row["part"].ljust(12, "0"): row["n"] for row in counted}
