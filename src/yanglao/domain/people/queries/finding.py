"""Finding people: search first, no browsing of everybody."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from yanglao.domain.people.models import Person
from yanglao.domain.people.queries.linking import indexes_of_tail, number_indexes
from yanglao.domain.people.queries.merging import laid_in_files
from yanglao.domain.people.types import PeopleCounts, with_laid_in
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader, within_area, within_reach
from yanglao.kernel.idnumber import read_id_number
from yanglao.kernel.names import fold_name

_TAIL = re.compile(r"[0-9]{3}[0-9Xx]")
_DIGITS = re.compile(r"[0-9Xx]+")


def people_of(reader: Reader) -> QuerySet[Person]:
    """Return everybody of the reader's area, for counting and exporting; by primary key."""
    return within_area(Person.objects.all(), reader).order_by("id")


def find_people(reader: Reader, text: str) -> QuerySet[Person]:
    """Return people of the reader's area that the words point to, best first.

    A whole ID number (18 or 15 digits, however written) finds one person; four last characters
    find those whose number ends so; anything else is looked for in folded names (dots, spaces and
    case do not matter), beginnings before middles. A name and four last characters together must
    both fit. Empty text and other digits find nobody.
    """
    people = people_of(reader)
    number = read_id_number(text).number
    if number is not None:
        # Who knows the whole number may also find whom a grant lets him look at.
        reached = within_reach(Person.objects.all(), reader).order_by("id")
        return reached.filter(id_index=number_indexes([number.text])[0])
    words = text.split()
    tails = [word.upper() for word in words if _TAIL.fullmatch(word)]
    rest = [word for word in words if not _TAIL.fullmatch(word)]
    name = fold_name("".join(rest))
    if len(tails) > 1 or _DIGITS.fullmatch(name) or not (tails or name):
        return people.none()
    if tails:
        people = people.filter(tail_index__in=indexes_of_tail(tails[0]))
    if not name:
        return people.order_by("name_fold", "id")
    begins = When(name_fold__startswith=name, then=Value(0))
    rank = Case(begins, default=Value(1), output_field=IntegerField())
    found = people.filter(name_fold__contains=name)
    return found.annotate(rank=rank).order_by("rank", "name_fold", "id")


def about_person(text: str, through: str = "person__") -> Q:
    """Return the condition on rows about people for what was typed into their search box.

    A whole ID number (18 or 15 digits), the last four characters of one, or a name; a name and
    four last characters together must both fit. Rows of a file that was laid into another are
    found by what is known of either.

    Args:
        text: What was typed.
        through: How the row reaches its person, with ``__`` at the end.
    """
    told = _told(text)
    found = Q(*((f"{through}{name}", value) for name, value in told.items()))
    into = laid_in_files()
    if into:
        ends = Person.objects.filter(pk__in=set(into.values()), **told).order_by("id")
        found |= Q((f"{through}in", with_laid_in(ends.values_list("pk", flat=True), into)))
    return found


def _told(text: str) -> dict[str, Any]:
    """Return the conditions on a person, by look-up."""
    number = read_id_number(text).number
    if number is not None:
        return {"id_index": number_indexes([number.text])[0]}
    words = text.split()
    tails = [word.upper() for word in words if _TAIL.fullmatch(word)]
    name = fold_name("".join(word for word in words if not _TAIL.fullmatch(word)))
    told: dict[str, Any] = {"name_fold__contains": name} if name or not tails else {}
    if tails:
        told["tail_index__in"] = indexes_of_tail(tails[0])
    return told


def get_person(reader: Reader, pk: int) -> Person:
    """Return one person; of a file laid into another, the person of the file that goes on.

    Raises:
        Person.DoesNotExist: If there is none, or he is served outside the reader's area.
    """
    return _got(within_area(Person.objects.all(), reader), pk)


def reachable_person(reader: Reader, pk: int) -> Person:
    """Return one person of the reader's area, or whom a grant lets him look at; for reading only.

    Of a file laid into another, that is the person of the file that goes on.

    Raises:
        Person.DoesNotExist: If there is none, or the reader may not look at him.
    """
    return _got(within_reach(Person.objects.all(), reader), pk)


def _got(people: QuerySet[Person], pk: int) -> Person:
    """Return one of the people; only when he is not among them, merges are asked."""
    found = people.filter(pk=pk).first()
    return found or people.get(pk=laid_in_files().get(pk, pk))


def people_by_ids(reader: Reader, ids: Iterable[int]) -> dict[int, Person]:
    """Return people of the reader's area by primary key, in one query; others are left out."""
    return people_of(reader).in_bulk(list(ids))


def people_counts(reader: Reader, as_of: date | None = None) -> PeopleCounts:
    """Return how many people the reader's area has, in one query.

    Args:
        reader: Who asks.
        as_of: The day on which ages are counted; today when left out.
    """
    day = as_of or clock.today()
    lives = Q(died_on=None) | Q(died_on__gt=day)
    counts = within_area(Person.objects.all(), reader).aggregate(
        people=Count("id"),
        elders=Count("id", filter=lives & Q(birth_date__lte=_born_by(day, 60))),
        elders_80=Count("id", filter=lives & Q(birth_date__lte=_born_by(day, 80))),
        in_register=Count("id", filter=Q(in_register=True)),
        died=Count("id", filter=~lives),
    )
    return PeopleCounts(**counts)


def _born_by(day: date, years: int) -> date:
    """Return the last birth date with which one is so many years old on ``day``."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February; who was born on 1 March of that year is not old enough yet
        return date(day.year - years, 2, 28)
