"""Rows of the desk's lists: tasks, people who have a status, changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from yanglao.domain.people.public import Person
from yanglao.domain.places.public import town_and_village
from yanglao.domain.statuses.public import Level, StatusChange, TaskState
from yanglao.kernel.dates import whole_years
from yanglao.web.desks.status_desk.words import (
    details_words,
    difference_words,
    due_status,
    occasion_status,
    task_status,
)
from yanglao.web.kit.columns import Column
from yanglao.web.kit.parts import Status, person_words
from yanglao.web.kit.rows import NAME, PLACE, WHO
from yanglao.web.kit.tables import TableSpec


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
        if not self.row.steps:
            return ""
        told = {"undone": self.row.undone, "all": self.row.steps}
        return (
            gettext("还有 %(undone)d 件没办（共 %(all)d 件）") % told
            if self.row.undone
            else (gettext("%(all)d 件都办了") % told)
        )


def lines_of(rows: Sequence[Any], names: dict[str, str], today: date) -> list[Line]:
    """Return rows as lines; one query for all place names."""
    places = town_and_village(row.place_code for row in rows)
    found = []
    for row in rows:
        person = row.spell.person if isinstance(row, StatusChange) else row.person
        status = row.spell.status if isinstance(row, StatusChange) else row.status
        found.append(Line(row, person, places[row.place_code], names.get(status, status), today))
    return found


def _person_url(line: Line) -> str:
    return reverse("status_desk:person", args=[line.person.pk])


TASKS = TableSpec(
    key="status-tasks",
    caption=gettext_lazy("要办的事"),
    default_sort="due_on",
    page_size=25,
    row_key=lambda line: line.row.pk,
    row_url=lambda line: reverse("status_desk:task", args=[line.row.pk]),
    row_label=lambda line: f"{line.name} {line.row.title}",
    columns=(
        NAME,
        WHO,
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
        PLACE,
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
        NAME,
        WHO,
        Column("status", gettext_lazy("身份"), sort="status", note=lambda line: line.details),
        PLACE,
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
        WHO,
        Column("status", gettext_lazy("身份"), sort="spell__status"),
        Column(
            "occasion",
            gettext_lazy("怎么了"),
            kind="status",
            sort="occasion",
            note=lambda line: line.left_to_do,
            width=18,
        ),
        Column("difference", gettext_lazy("情况"), wide=True, width=36),
        PLACE,
        Column(
            "noticed",
            gettext_lazy("发现日期"),
            kind="date",
            value=lambda line: line.row.noticed_on,
            sort="noticed_on",
        ),
    ),
)
