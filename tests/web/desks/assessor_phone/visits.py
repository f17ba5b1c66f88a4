"""Visits planned for a pair of assessors, made by the same acts as in an office."""

from dataclasses import dataclass
from datetime import date

from tests.conftest import PASSWORD
from tests.flows import population as p
from tests.web.desks.factories import COUNTY, NEIGHBOUR, TODAY, VILLAGE
from yanglao.domain.accounts.public import Account, Role, open_account, reader_of
from yanglao.domain.assessments.public import (
    Assessor,
    Background,
    Body,
    DayClocks,
    NewRequest,
    PlannedPair,
    Sheet,
    accept_assessments,
    ask_assessments,
    keep_assessor,
    keep_body,
    plan_visits,
)
from yanglao.domain.people.models import Person
from yanglao.flows.read_assessment_form import ability_form
from yanglao.foundation.scoping import Reader, system_reader

NAMES = (
    "阿依古丽·麦麦提",
    "买买提·吐尔逊",
    "古丽巴哈尔·艾力",
    "艾合买提·卡德尔",
    "帕提古丽·买买提",
    "图尔荪·依明",
    "热依汗·玉素甫",
    "王桂兰",
    "李德全",
    "努尔曼·阿布拉",
    "祖丽皮娅·萨迪克",
    "张玉芬",
)
_CLOCKS = DayClocks(decide=10, finish=30, review=7, notice=7, answer=5)


@dataclass(frozen=True, slots=True)
class Visits:
    """Two assessors and the sheets of the day.

    Attributes:
        nurse, worker: Their accounts; the password is that of all test accounts.
        pair: Their rows.
        people: Whom they visit. sheets: Ids, in the order of ``people``.
    """

    nurse: Account
    worker: Account
    pair: tuple[Assessor, Assessor]
    people: tuple[Person, ...]
    sheets: tuple[str, ...]

    def reader(self, which: str = "nurse") -> Reader:
        """Return the reader of an assessor."""
        account: Account = getattr(self, which)
        return reader_of(account)


def assessor_account(username: str, name: str) -> Account:
    """Open an account of an assessor of the county."""
    return open_account(
        username=username,
        password=PASSWORD,
        role=Role.ASSESSOR,
        area_code=COUNTY,
        display_name=name,
        acting=system_reader(),
        invented=True,
    )


def make_visits(number: int = 2, *, on: date = TODAY) -> Visits:
    """Make people, ask for assessments of them, and send a pair to each on a day."""
    office = system_reader(COUNTY, name="测试")
    body = keep_body(
        name="和田康宁评估中心", place_code=COUNTY, assesses=True, delivers=False, acting=office
    )
    nurse = assessor_account("nurse", "阿米娜·买买提")
    worker = assessor_account("worker", "周建国")
    pair = (
        _assessor(nurse, body, Background.NURSING, office),
        _assessor(worker, body, Background.SOCIAL_WORK, office),
    )
    people = _send(pair, range(number), on)
    return Visits(nurse, worker, pair, people, _sheets(people))


def more_visits(visits: Visits, number: int, *, on: date = TODAY) -> tuple[str, ...]:
    """Send the same pair to more people; return their sheets."""
    first = len(visits.people)
    return _sheets(_send(visits.pair, range(first, first + number), on))


def _send(pair: tuple[Assessor, Assessor], numbers: range, on: date) -> tuple[Person, ...]:
    office = system_reader(COUNTY, name="测试")
    people = tuple(_person(index) for index in numbers)
    requests = [NewRequest(person_id=one.pk, asked_by="family") for one in people]
    asked = ask_assessments(requests=requests, acting=office, as_of=on, clocks=_CLOCKS)
    accept_assessments(ids=asked.created, acting=office, as_of=on, clocks=_CLOCKS)
    form = ability_form(on)
    plan_visits(
        plans=[PlannedPair(one, tuple(a.pk for a in pair), on) for one in asked.created],
        required=form.required,
        standard=form.scale.standard,
        version=form.scale.version,
        acting=office,
    )
    return people


def _sheets(people: tuple[Person, ...]) -> tuple[str, ...]:
    rows = Sheet.objects.filter(assessment__person__in=people).select_related("assessment")
    found = {one.assessment.person_id: one.pk for one in rows.order_by("id")}
    return tuple(found[one.pk] for one in people)


def _assessor(account: Account, body: Body, background: str, office: Reader) -> Assessor:
    return keep_assessor(
        name=account.display_name,
        body_id=body.pk,
        background=background,
        place_code=COUNTY,
        acting=office,
        account_id=account.pk,
    )


def _person(index: int) -> Person:
    place = VILLAGE if index % 3 else NEIGHBOUR
    survey = {"phone": f"1399031{index:04}"}
    person = p.elder(500 + index, date(1938 + index, 3, 1 + index), place=place, survey=survey)
    Person.objects.filter(pk=person.pk).update(name=NAMES[index % len(NAMES)])
    person.refresh_from_db()
    return person
