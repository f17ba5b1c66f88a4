"""Rows of the desk's lists: tasks, people who have a status, changes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from yanglao.domain.people.public import Person
from yanglao.domain.places.public import names_of
from yanglao.domain.statuses.public import Level, StatusChange, TaskState
from yanglao.kernel.dates import whole_years
from yanglao.web.desks.status_desk.words import (
    details_words,
    difference_words,
    due_status,
    occasion_status,
    task_status,
)
from yanglao.web.kit.parts import Status, person_words
from yanglao.web.kit.tables import Column, Fetch, TableSpec, ordered

_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Line:
    """A row with the words around it.

    Attributes:
        row: A task, a spell or a change. person: Whose.
        place: Town and village in words. status: Name of the status.
        today: The day the page is made for.
    """

    row: Any
    person: Person
    place: str
    status: str
    today: date

    @property
    def name(self) -> str:
        """Name of the person."""
        return str(self.person.name)

    @property
    def who(self) -> str:
        """Sex and age in words."""
        age = whole_years(self.person.birth_date, self.today)
        return person_words(self.person.sex, age)

    @property
    def due(self) -> Status:
        """How long there is for a task."""
        task: Any = self.row
        return due_status(task.due_on, still_open=task.state == TaskState.OPEN, today=self.today)

    @property
    def state(self) -> Status:
        """Where a task stands."""
        return task_status(self.row.state)

    @property
    def level(self) -> str:
        """Who does a task."""
        return str(Level(self.row.level).label)

    @property
    def details(self) -> str:
        """Details of a status."""
        return details_words(self.row.details)

    @property
    def occasion(self) -> Status:
        """What happened."""
        return occasion_status(self.row.occasion)

    @property
    def difference(self) -> str:
        """What changed."""
        return difference_words(self.row)

    @property
    def left_to_do(self) -> str:
        """How many steps of a change are undone."""
        return f"{self.row.undone} / {self.row.steps}" if self.row.steps else ""


def lines_of(rows: Sequence[Any], names: dict[str, str], today: date) -> list[Line]:
    """Return rows as lines; one query for all place names."""
    places = names_of({code for row in rows for code in _codes(row.place_code)})
    found = []
    for row in rows:
        person = row.spell.person if isinstance(row, StatusChange) else row.person
        status = row.spell.status if isinstance(row, StatusChange) else row.status
        words = [places[code] for code in _codes(row.place_code) if places.get(code)]
        place = " ".join(dict.fromkeys(words))
        found.append(Line(row, person, place, names.get(status, status), today))
    return found


def fetch_lines(rows: "QuerySet[Any]", names: dict[str, str], today: date) -> Fetch:
    """Return the function that a table cuts its page out with: two queries a page."""

    def fetch(order: str, start: int, count: int) -> Sequence[Line]:
        return lines_of(list(ordered(rows, order)[start : start + count]), names, today)

    return fetch


def all_lines(
    rows: "QuerySet[Any]", order: str, names: dict[str, str], today: date
) -> Iterator[Line]:
    """Yield every row for an Excel sheet, place names looked up by the chunk."""
    left: Iterable[Any] = ordered(rows, order).iterator(chunk_size=_CHUNK)
    left = iter(left)
    while chunk := list(islice(left, _CHUNK)):
        yield from lines_of(chunk, names, today)


def _codes(code: str) -> tuple[str, str]:
    return f"{code[:9]}000", code


def _person_url(line: Line) -> str:
    return reverse("status_desk:person", args=[line.person.pk])


_NAME = Column("name", gettext_lazy("姓名"), sort="person__name_fold", fixed=True)
_WHO = Column("who", gettext_lazy("性别年龄"), hidden=True, width=14)
_PLACE = Column(
    "place",
    gettext_lazy("地点"),
    sort="place_code",
    note=lambda line: line.who,
    wide=True,
    width=28,
)

TASKS = TableSpec(
    key="status-tasks",
    caption=gettext_lazy("要办的事"),
    default_sort="due_on",
    page_size=25,
    row_key=lambda line: line.row.pk,
    row_url=lambda line: reverse("status_desk:task", args=[line.row.pk]),
    row_label=lambda line: f"{line.name} {line.row.title}",
    columns=(
        _NAME,
        _WHO,
        Column(
            "title",
            gettext_lazy("要办什么"),
            value=lambda line: line.row.title,
            note=lambda line: f"{line.status} · {line.row.change.get_occasion_display()}",
            wide=True,
            fixed=True,
            width=40,
        ),
        Column("due", gettext_lazy("期限"), kind="status", sort="due_on", width=14),
        Column("level", gettext_lazy("谁办"), sort="level"),
        _PLACE,
        Column("state", gettext_lazy("办到哪一步"), kind="status", sort="state", width=12),
        Column("status", gettext_lazy("身份"), hidden=True),
        Column(
            "due_on",
            gettext_lazy("到期日"),
            kind="date",
            value=lambda line: line.row.due_on,
            hidden=True,
        ),
    ),
)

PEOPLE = TableSpec(
    key="status-people",
    caption=gettext_lazy("现有身份的人"),
    default_sort="-began_on",
    page_size=25,
    row_key=lambda line: line.row.pk,
    row_url=_person_url,
    row_label=lambda line: line.name,
    columns=(
        _NAME,
        _WHO,
        Column("status", gettext_lazy("身份"), sort="status", note=lambda line: line.details),
        _PLACE,
        Column(
            "began",
            gettext_lazy("发现日期"),
            kind="date",
            value=lambda line: line.row.began_on,
            sort="began_on",
        ),
        Column(
            "ended",
            gettext_lazy("结束日期"),
            kind="date",
            value=lambda line: line.row.ended_on,
            sort="ended_on",
            hidden=True,
        ),
        Column(
            "cause",
            gettext_lazy("结束原因"),
            value=lambda line: line.row.get_cause_display() if line.row.cause else "",
            hidden=True,
        ),
    ),
)

CHANGES = TableSpec(
    key="status-changes",
    caption=gettext_lazy("进入、变化、离开"),
    default_sort="-noticed_on",
    page_size=25,
    row_key=lambda line: line.row.pk,
    row_url=_person_url,
    row_label=lambda line: line.name,
    columns=(
        Column("name", gettext_lazy("姓名"), sort="spell__person__name_fold", fixed=True),
        _WHO,
        Column("status", gettext_lazy("身份"), sort="spell__status"),
        Column("occasion", gettext_lazy("怎么了"), kind="status", sort="occasion"),
        Column("difference", gettext_lazy("情况"), wide=True, width=36),
        _PLACE,
        Column(
            "noticed",
            gettext_lazy("发现日期"),
            kind="date",
            value=lambda line: line.row.noticed_on,
            sort="noticed_on",
        ),
        Column("left_to_do", gettext_lazy("没办的 / 要办的")),
    ),
)
