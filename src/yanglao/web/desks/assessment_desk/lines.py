"""Assessments as rows of a list: whose, why, where, how far, until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy

from yanglao.domain.assessments.public import Assessment
from yanglao.domain.people.public import Person
from yanglao.domain.places.public import town_and_village
from yanglao.kernel.dates import whole_years, zh_day
from yanglao.web.desks.assessment_desk.words import clock_status, level_words, state_status
from yanglao.web.kit.columns import Column
from yanglao.web.kit.parts import Status, person_words
from yanglao.web.kit.tables import TableSpec


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody in a list: name, sex and age, place in words."""

    person: Person
    place: str
    today: date

    @property
    def name(self) -> str:
        """Name of the person."""
        return str(self.person.name)

    @property
    def age(self) -> int:
        """Age in whole years."""
        return whole_years(self.person.birth_date, self.today)

    @property
    def who(self) -> str:
        """Sex and age in words."""
        return person_words(self.person.sex, self.age)


@dataclass(frozen=True, slots=True)
class AssessmentLine:
    """One assessment as listed on a day."""

    assessment: Assessment
    whose: PersonLine

    @property
    def name(self) -> str:
        """Name of the person."""
        return self.whose.name

    @property
    def kind(self) -> str:
        """Which kind of assessment."""
        return str(self.assessment.get_kind_display())

    @property
    def asked(self) -> str:
        """Who asked for it."""
        return str(self.assessment.get_asked_by_display())

    @property
    def state(self) -> Status:
        """Where it stands."""
        return state_status(self.assessment.state)

    @property
    def clock(self) -> Status:
        """How long the present step has."""
        one = self.assessment
        return clock_status(one.due_on, one.closed_on, self.whose.today)

    @property
    def assessors(self) -> str:
        """Who goes."""
        return "、".join(one.assessor.name for one in self.assessment.assignments.all())

    @property
    def visit(self) -> str:
        """When they go."""
        day = self.assessment.planned_on
        return zh_day(day) if day is not None else ""

    @property
    def level(self) -> str:
        """The level, once there is one."""
        result = getattr(self.assessment, "result", None)
        return level_words(result.level) if result is not None else ""


def person_lines(people: Sequence[tuple[Person, str]], today: date) -> list[PersonLine]:
    """Return people with their places in words; one query for all place names."""
    places = town_and_village(code for _person, code in people)
    return [PersonLine(person, places[code], today) for person, code in people]


def lines_of(rows: Sequence[Assessment], today: date) -> list[AssessmentLine]:
    """Return assessments as lines; one query for all place names."""
    whose = person_lines([(one.person, one.place_code) for one in rows], today)
    return [AssessmentLine(one, line) for one, line in zip(rows, whose, strict=True)]


ASSESSMENTS = TableSpec(
    key="assessments",
    caption=gettext_lazy("能力评估"),
    default_sort="due_on",
    page_size=25,
    row_key=lambda line: line.assessment.pk,
    row_url=lambda line: reverse("assessment_desk:case", args=[line.assessment.pk]),
    row_label=lambda line: f"{line.name} {line.kind}",
    columns=(
        Column(
            "name",
            gettext_lazy("姓名"),
            sort="person__name_fold",
            note=lambda line: line.whose.who,
            fixed=True,
        ),
        Column("state", gettext_lazy("办到哪一步"), kind="status", sort="state", width=12),
        Column("clock", gettext_lazy("期限"), kind="status", sort="due_on", width=14),
        Column(
            "kind",
            gettext_lazy("种类"),
            sort="kind",
            note=lambda line: line.asked,
            width=12,
        ),
        Column(
            "place",
            gettext_lazy("地点"),
            value=lambda line: line.whose.place,
            sort="place_code",
            wide=True,
            width=28,
        ),
        Column(
            "assessors",
            gettext_lazy("评估员和上门日期"),
            sort="planned_on",
            note=lambda line: line.visit,
            wide=True,
            width=18,
        ),
        Column(
            "planned_on",
            gettext_lazy("上门日期"),
            kind="date",
            value=lambda line: line.assessment.planned_on,
            hidden=True,
        ),
        Column("level", gettext_lazy("结果"), width=16),
        Column(
            "asked_on",
            gettext_lazy("申请日期"),
            kind="date",
            value=lambda line: line.assessment.asked_on,
            sort="asked_on",
            hidden=True,
        ),
        Column(
            "id_number",
            gettext_lazy("身份证号"),
            kind="id",
            value=lambda line: line.assessment.person.id_number,
            hidden=True,
        ),
    ),
)
