"""Rows of the desk's lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from yanglao.domain.places.public import town_and_village
from yanglao.kernel.dates import whole_years
from yanglao.web.desks.health_desk.words import (
    MEASURE_WORDS,
    change_words,
    domain_words,
    due_status,
    step_status,
    worse_status,
)
from yanglao.web.kit.columns import Column
from yanglao.web.kit.parts import Status, person_words
from yanglao.web.kit.rows import NAME, PLACE, WHO
from yanglao.web.kit.tables import TableSpec


@dataclass(frozen=True, slots=True)
class Line:
    """A screening or a worsening with the words around it.

    Attributes:
        row: The row, with its person. place: Town and village in words.
        today: The day the page is made for.
    """

    row: Any
    place: str
    today: date

    @property
    def name(self) -> str:
        """Name of the person."""
        return str(self.row.person.name)

    @property
    def who(self) -> str:
        """Sex and age in words."""
        person = self.row.person
        return person_words(person.sex, whole_years(person.birth_date, self.today))

    @property
    def problems(self) -> str:
        """Domains with a problem."""
        return domain_words(self.row.failed) or str(gettext_lazy("没有"))

    @property
    def unclear(self) -> str:
        """Domains that were not asked to the end."""
        return domain_words(self.row.unclear)

    @property
    def step(self) -> Status:
        """Where the person stands after a screening."""
        return step_status(self.row.step)

    @property
    def due(self) -> Status:
        """How long there is."""
        return due_status(self.row.step, self.row.due_on, self.today)

    @property
    def measure(self) -> str:
        """By what the person got worse."""
        return str(MEASURE_WORDS.get(self.row.measure, self.row.measure))

    @property
    def change(self) -> str:
        """From what to what."""
        return change_words(self.row)

    @property
    def state(self) -> Status:
        """What was done about it."""
        return worse_status(self.row.state)


def lines_of(rows: Sequence[Any], today: date) -> list[Line]:
    """Return rows as lines; one query for all place names."""
    places = town_and_village(row.place_code for row in rows)
    return [Line(row, places[row.place_code], today) for row in rows]


SCREENINGS = TableSpec(
    key="screenings",
    caption=gettext_lazy("筛查"),
    default_sort="due_on",
    page_size=25,
    row_key=lambda line: line.row.pk,
    row_url=lambda line: reverse("health_desk:screening", args=[line.row.pk]),
    row_label=lambda line: line.name,
    columns=(
        NAME,
        WHO,
        Column("problems", gettext_lazy("有问题的方面"), wide=True, fixed=True, width=30),
        Column("step", gettext_lazy("走到哪一步"), kind="status", sort="step", width=14),
        Column("due", gettext_lazy("期限"), kind="status", sort="due_on", width=14),
        PLACE,
        Column(
            "day",
            gettext_lazy("筛查日期"),
            kind="date",
            value=lambda line: line.row.screened_on,
            sort="screened_on",
            hidden=True,
        ),
        Column("unclear", gettext_lazy("没查清的方面"), hidden=True, width=24),
        Column("by", gettext_lazy("谁筛的"), value=lambda line: line.row.by_name, hidden=True),
    ),
)

WORSE = TableSpec(
    key="worsenings",
    caption=gettext_lazy("变差的人"),
    default_sort="-weight",
    page_size=25,
    row_key=lambda line: line.row.pk,
    row_url=lambda line: reverse("health_desk:worsening", args=[line.row.pk]),
    row_label=lambda line: line.name,
    columns=(
        NAME,
        WHO,
        Column("measure", gettext_lazy("怎么变差"), sort="measure", fixed=True),
        Column("change", gettext_lazy("从什么到什么"), wide=True, width=36),
        Column("state", gettext_lazy("看过没有"), kind="status", sort="state", width=12),
        PLACE,
        Column(
            "found",
            gettext_lazy("发现日期"),
            kind="date",
            value=lambda line: line.row.found_on,
            sort="found_on",
        ),
        Column(
            "weight",
            gettext_lazy("轻重"),
            kind="num",
            value=lambda line: line.row.weight,
            sort="weight",
            hidden=True,
        ),
    ),
)
