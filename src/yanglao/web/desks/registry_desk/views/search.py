"""查老人: search first; everybody is never listed, a village's people are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.people.public import Person, find_people, people_of
from yanglao.domain.places.public import Division, full_names_of, place_search
from yanglao.flows.note_search import note_search
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader, area_condition, system_reader
from yanglao.kernel.dates import whole_years
from yanglao.kernel.division import level_of
from yanglao.kernel.idnumber import read_id_number
from yanglao.web.kit.looking import asked_text
from yanglao.web.kit.parts import Status
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

#: A search lists so many; more calls for a narrower search, not for turning pages.
MOST = 50
_PLACES = 8
#: Words of a search that could be places; each costs one query.
_WORDS = 3
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person found."""

    person: Person
    place: str
    today: date

    @property
    def age(self) -> str:
        """Age in words; a dead person's has stopped."""
        until = self.person.died_on or self.today
        years = whole_years(self.person.birth_date, until)
        return str(_("%(age)d 岁") % {"age": years})

    @property
    def state(self) -> Status:
        """Alive or not."""
        if self.person.died_on and self.person.died_on <= self.today:
            return Status(_("已故"), "neutral")
        return Status(_("健在"), "plain")


PEOPLE = TableSpec(
    key="people-found",
    caption=gettext_lazy("查到的老人"),
    page_size=MOST,
    row_url=lambda line: reverse("registry_desk:file", args=[line.person.pk]),
    row_label=lambda line: line.person.name,
    columns=(
        Column("person.name", gettext_lazy("姓名"), fixed=True),
        Column("person.sex", gettext_lazy("性别"), kind="sex"),
        Column("age", gettext_lazy("年龄")),
        Column("person.id_number", gettext_lazy("身份证号"), kind="id"),
        Column("place", gettext_lazy("地点"), wide=True),
        Column("state", gettext_lazy("状态"), kind="status"),
    ),
)


@screen(Permission.SEE_PEOPLE, leaves_trace=True)
def search(request: HttpRequest) -> HttpResponse:
    """Find people by name, number or village; a whole ID number opens the file at once.

    Every search is written down, without what was typed.
    """
    reader: Reader = request.reader  # type: ignore[attr-defined]
    text = asked_text(request)[:_LONGEST]
    village = _village(request, reader)
    found, places = _found(reader, text, village)
    if read_id_number(text).number is not None and (only := found.first()) is not None:
        note_search(reader, text, place="", found=1, more=False)
        return redirect("registry_desk:file", only.pk)
    people = list(found[: MOST + 1])
    if text or village:
        count, more = min(len(people), MOST), len(people) > MOST
        note_search(reader, text, place=village.code if village else "", found=count, more=more)
    context: dict[str, Any] = {
        "text": text,
        "village": village,
        "asked": bool(text or village),
        "places": places,
        "own_village_url": _own_village(reader),
        "table": None,
        "too_many": len(people) > MOST,
        "most": MOST,
    }
    if people and village and not text:
        context["table"] = PEOPLE.bind(request, _lines_of(found), part_id="people")
        context["too_many"] = False
    elif people:
        context["table"] = PEOPLE.bind(request, _lines(people[:MOST]), part_id="people")
    return render_page_or_part(
        request, "registry_desk/search.html", "registry_desk/parts/found.html", context
    )


def _village(request: HttpRequest, reader: Reader) -> Division | None:
    """Return the village whose people are asked for, ``None`` when none of the area is."""
    code = request.GET.get("in", "")
    if len(code) != 12 or not code.isdigit() or level_of(code) != "village":
        return None
    return place_search(reader, code).filter(code=code).first()


def _found(
    reader: Reader, text: str, village: Division | None
) -> tuple[QuerySet[Person], list[Division]]:
    """Return the people that the words point to, and places that could be meant."""
    if village is not None:
        inside = reader.narrowed(village.code)
        found = find_people(inside, text) if text else people_of(inside).order_by("name_fold", "id")
        return found, []
    if not text or any(letter.isdigit() for letter in text):
        return find_people(reader, text), []
    words = text.split()
    if 1 < len(words) <= _WORDS and (both := _name_and_place(reader, words)) is not None:
        return both, []
    places = place_search(reader, text).filter(level__in=["town", "village"])[:_PLACES]
    return find_people(reader, text), list(places)


def _name_and_place(reader: Reader, words: Sequence[str]) -> QuerySet[Person] | None:
    """Read ``吐尔逊 阔纳巴扎`` as a name and a place; ``None`` when no word is a place."""
    for place_word in reversed(words):
        places = place_search(reader, place_word).filter(level__in=["town", "village"])[:40]
        where = Q()
        for place in places:
            where |= area_condition(system_reader(place.code))
        if where:
            name = " ".join(word for word in words if word != place_word)
            return find_people(reader, name).filter(where)
    return None


def _own_village(reader: Reader) -> str:
    """Return the address of the list of the reader's own village, empty for larger areas."""
    if level_of(reader.area) != "village":
        return ""
    return f"{reverse('registry_desk:search')}?{urlencode({'in': reader.area})}"


def _lines_of(found: QuerySet[Person]) -> Any:
    def fetch(order: str, start: int, count: int) -> list[PersonLine]:
        return _lines(list(found[start : start + count]))

    return fetch


def _lines(people: Sequence[Person]) -> list[PersonLine]:
    """Return people as lines; one query for the names of all their places."""
    codes = {person.place_code for person in people}
    full = full_names_of(codes)
    today = clock.today()
    return [PersonLine(person, full.get(person.place_code, ""), today) for person in people]
