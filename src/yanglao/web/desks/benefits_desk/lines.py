"""Cases as rows of a list: whose, what, how much, where it stands, until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy

from yanglao.domain.benefits.public import Case
from yanglao.domain.places.public import town_and_village
from yanglao.kernel.dates import whole_years
from yanglao.web.desks.benefits_desk.words import (
    answer_status,
    case_due,
    money_words,
    state_status,
)
from yanglao.web.kit.parts import Status, person_words
from yanglao.web.kit.tables import Column, TableSpec


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case as listed on a day; ``place`` is town and village in words."""

    case: Case
    place: str
    today: date

    @property
    def name(self) -> str:
        """Name of the person."""
        return str(self.case.person.name)

    @property
    def age(self) -> int:
        """Age in whole years."""
        person = self.case.person
        return whole_years(person.birth_date, person.died_on or self.today)

    @property
    def who(self) -> str:
        """Sex and age in words."""
        return person_words(self.case.person.sex, self.age)

    @property
    def item(self) -> str:
        """Which benefit."""
        return str(self.case.item.name)

    @property
    def money(self) -> str:
        """A month's money in words."""
        return money_words(self.case.fen)

    @property
    def state(self) -> Status:
        """Where it stands."""
        return state_status(self.case, self.today)

    @property
    def due(self) -> Status | None:
        """How long there is."""
        return case_due(self.case, self.today)

    @property
    def answer(self) -> Status:
        """What the catalogue says."""
        return answer_status(self.case)


def lines_of(found: Sequence[Case], today: date) -> list[CaseLine]:
    """Return cases as lines; one query for all place names."""
    places = town_and_village(case.place_code for case in found)
    return [CaseLine(case, places[case.place_code], today) for case in found]


CASES = TableSpec(
    key="benefit-cases",
    caption=gettext_lazy("待遇个案"),
    default_sort="due_on",
    page_size=25,
    row_key=lambda line: line.case.pk,
    row_url=lambda line: reverse("benefits_desk:case", args=[line.case.pk]),
    row_label=lambda line: f"{line.name} {line.item}",
    columns=(
        Column(
            "name",
            gettext_lazy("姓名"),
            sort="person__name_fold",
            note=lambda line: line.who,
            fixed=True,
            width=14,
        ),
        Column(
            "item",
            gettext_lazy("待遇"),
            sort="item__position",
            note=lambda line: line.money,
            fixed=True,
            width=22,
        ),
        Column("state", gettext_lazy("办到哪一步"), kind="status", sort="state", width=18),
        Column("due", gettext_lazy("期限"), kind="status", sort="due_on", width=14),
        Column("answer", gettext_lazy("是否符合"), kind="status", sort="status", width=12),
        Column("place", gettext_lazy("地点"), sort="place_code", wide=True, width=28),
        Column(
            "way",
            gettext_lazy("怎么来的"),
            value=lambda line: line.case.get_way_display(),
            sort="way",
            hidden=True,
        ),
        Column("money", gettext_lazy("月标准"), hidden=True),
        Column(
            "applied_on",
            gettext_lazy("申请日期"),
            kind="date",
            value=lambda line: line.case.applied_on,
            sort="applied_on",
            hidden=True,
        ),
        Column(
            "prepared_by",
            gettext_lazy("初审"),
            value=lambda line: line.case.prepared_by,
            hidden=True,
        ),
        Column(
            "approved_by",
            gettext_lazy("审批"),
            value=lambda line: line.case.approved_by,
            hidden=True,
        ),
        Column(
            "approved_on",
            gettext_lazy("审批日期"),
            kind="date",
            value=lambda line: line.case.approved_on,
            sort="approved_on",
            hidden=True,
        ),
        Column(
            "id_number",
            gettext_lazy("身份证号"),
            kind="id",
            value=lambda line: line.case.person.id_number,
            hidden=True,
        ),
    ),
)
