"""Grants as they are seen by the asker, the owner and the security administrator; openings."""

from dataclasses import replace
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from yanglao.domain.access.models import Grant, GrantPerson, Opening
from yanglao.domain.access.types import GrantState
from yanglao.foundation.scoping import Reader, Sight, area_condition


def with_grants(reader: Reader, as_of: date) -> Reader:
    """Return the reader with the grants that are in force for him on a day; one or two queries."""
    if reader.user_id is None:
        return reader
    held = Grant.objects.filter(
        account_id=reader.user_id,
        # A grant is to the officer in his place: who moves to another area asks again.
        account_area=reader.area,
        state=GrantState.APPROVED,
        starts_on__lte=as_of,
        ends_on__gte=as_of,
    ).order_by("id")
    grants = list(held)
    if not grants:
        return reader
    named: dict[int, set[int]] = {}
    rows = GrantPerson.objects.filter(grant_id__in=[grant.pk for grant in grants])
    for grant_id, person_id in rows.order_by("id").values_list("grant_id", "person_id"):
        named.setdefault(grant_id, set()).add(person_id)
    sights = tuple(
        Sight(
            grant_id=grant.pk,
            area=grant.owner_area if grant.whole_area else "",
            people=frozenset(named.get(grant.pk, ())),
            kinds=frozenset(grant.kinds),
            purpose=grant.purpose,
        )
        for grant in grants
    )
    return replace(reader, sights=sights)


def grants_seen(reader: Reader) -> QuerySet[Grant]:
    """Return the grants a reader has to do with, newest first: his own, and those of his people."""
    mine = Q(account_id=reader.user_id) if reader.user_id is not None else Q(pk__in=[])
    about = Q(pk__in=[])
    if reader.can("approve_grants") or reader.can("watch_grants"):
        about = area_condition(reader, "owner_area")
    if reader.can("watch_grants"):
        about |= area_condition(reader, "account_area")
    rows = Grant.objects.filter(mine | about).select_related("account")
    return rows.annotate(matched=Count("people")).order_by("-id")


def get_grant(reader: Reader, pk: int) -> Grant:
    """Return one of the grants a reader has to do with.

    Raises:
        Grant.DoesNotExist: If it is none of them.
    """
    return grants_seen(reader).get(pk=pk)


def people_of_grant(reader: Reader, grant: Grant) -> list[int]:
    """Return the people a grant names, for officers of the owning area only; else nobody."""
    if not (reader.can("see_people") and reader.covers(grant.owner_area)):
        return []
    rows = GrantPerson.objects.filter(grant=grant).order_by("person_id")
    return list(rows.values_list("person_id", flat=True))


def grants_about(person_id: int, place_code: str, as_of: date) -> list[Grant]:
    """Return the grants by which somebody outside may look at a person now or soon.

    The caller has checked that the reader may open the person.
    """
    around = [place_code[:length].ljust(12, "0") for length in (2, 4, 6, 9, 12)]
    named = Q(people__person_id=person_id)
    whole = Q(whole_area=True, owner_area__in=around)
    rows = Grant.objects.filter(named | whole, state=GrantState.APPROVED, ends_on__gte=as_of)
    return list(rows.select_related("account").distinct().order_by("-id"))


def waiting_grants(reader: Reader) -> int:
    """Count grants that wait for the reader's decision; one query."""
    rows = Grant.objects.filter(area_condition(reader, "owner_area"), state=GrantState.ASKED)
    return rows.exclude(account_id=reader.user_id or 0).count()


def opened_fields(reader: Reader, person_id: int, at: datetime) -> frozenset[str]:
    """Return the masked fields of a person that the reader has opened and may still see."""
    if reader.user_id is None:
        return frozenset()
    rows = Opening.objects.filter(account_id=reader.user_id, person_id=person_id, until__gt=at)
    return frozenset(
        field for fields in rows.order_by("id").values_list("fields", flat=True) for field in fields
    )
