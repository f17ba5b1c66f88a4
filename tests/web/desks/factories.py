"""Rows that screens are tested with, written straight into the tables.

The flows have tests of their own; here a screen must show what is there, so the rows are made
directly, few or many. People are invented; ID numbers are valid.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from yanglao.domain.accounts.models import Account
from yanglao.domain.catalogue.models import Item, PackVersion
from yanglao.domain.entitlements.models import Change, Finding, Outcome, Run, RunItem, Tally
from yanglao.domain.entitlements.types import ChangeKind, Status
from yanglao.domain.leads.models import Lead
from yanglao.domain.people.models import Contact, HouseholdEntry, Person, SurveyEntry
from yanglao.domain.places.models import Division
from yanglao.kernel.idnumber import check_digit
from yanglao.kernel.names import fold_name

PREFECTURE = "653200000000"
COUNTY = "653222000000"
OTHER_COUNTY = "653221000000"
TOWN = "653222100000"
OTHER_TOWN = "653222101000"
VILLAGE = "653222100201"
OTHER_VILLAGE = "653222101201"
FAR_VILLAGE = "653221100201"

#: Code, name, level, parent, name from the prefecture down.
_PLACES = (
    ("650000000000", "新疆维吾尔自治区", "province", None, "新疆维吾尔自治区"),
    (PREFECTURE, "和田地区", "prefecture", "650000000000", "和田地区"),
    (COUNTY, "墨玉县", "county", PREFECTURE, "和田地区 墨玉县"),
    (OTHER_COUNTY, "和田县", "county", PREFECTURE, "和田地区 和田县"),
    (TOWN, "喀拉喀什镇", "town", COUNTY, "和田地区 墨玉县 喀拉喀什镇"),
    (OTHER_TOWN, "扎瓦镇", "town", COUNTY, "和田地区 墨玉县 扎瓦镇"),
    ("653221100000", "巴格其镇", "town", OTHER_COUNTY, "和田地区 和田县 巴格其镇"),
    (VILLAGE, "阔纳巴扎村", "village", TOWN, "和田地区 墨玉县 喀拉喀什镇 阔纳巴扎村"),
    (OTHER_VILLAGE, "夏普吐鲁克村", "village", OTHER_TOWN, "和田地区 墨玉县 扎瓦镇 夏普吐鲁克村"),
    (FAR_VILLAGE, "团结村", "village", "653221100000", "和田地区 和田县 巴格其镇 团结村"),
)

_NAMES = (
    "买买提·吐尔逊",
    "帕提古丽·阿卜杜拉",
    "王秀兰",
    "阿卜杜热合曼·买提尼亚孜",
    "图尔荪汗·麦麦提",
    "李建国",
    "海日尼沙汗·肉孜",
    "吾布力·艾合买提",
)

_SERIAL = count(1)
BEIJING = ZoneInfo("Asia/Shanghai")


def moment(day: date) -> datetime:
    """Return ten in the morning of a day."""
    return datetime(day.year, day.month, day.day, 10, tzinfo=BEIJING)


def make_places() -> None:
    """Load the few places the tests use."""
    for code, name, level, parent, full in _PLACES:
        Division.objects.get_or_create(
            code=code,
            defaults={"name": name, "level": level, "parent_id": parent, "full_name": full},
        )


def make_person(
    name: str = "",
    *,
    born: date = date(1946, 10, 12),
    sex: str = "M",
    place: str = VILLAGE,
    phone: str = "",
) -> Person:
    """Make a person with a household entry, and a survey entry when there is a phone."""
    number = next(_SERIAL)
    body = f"653222{born:%Y%m%d}{number % 500 * 2 + (sex == 'M'):03d}"
    id_number = body + check_digit(body)
    name = name or _NAMES[number % len(_NAMES)]
    person = Person.objects.create(
        id_number=id_number,
        id_tail=id_number[-4:],
        name=name,
        name_fold=fold_name(name),
        sex=sex,
        birth_date=born,
        place_code=place,
        hukou_code=place,
        residence_code=place,
        in_register=True,
        created_at=moment(date(2026, 10, 31)),
    )
    shared = {
        "person": person,
        "seen_from": date(2026, 10, 1),
        "seen_to": date(2026, 10, 1),
        "first_row": "Sheet1!12",
        "last_row": "Sheet1!12",
        "last_batch": 1,
        "digest": f"d{number}",
    }
    HouseholdEntry.objects.create(
        name=name, ethnicity="维吾尔族", hukou_code=place, status="normal", **shared
    )
    if phone:
        SurveyEntry.objects.create(residence_code=place, living="alone", phone=phone, **shared)
        Contact.objects.create(person=person, phone=phone, kind="survey")
    return person


@dataclass
class World:
    """A published pack, a finished run, and what it found."""

    version: PackVersion
    run: Run
    items: dict[str, Item]
    outcomes: dict[tuple[str, int], Outcome] = field(default_factory=dict)

    def outcome(self, code: str, status: int = Status.YES, reason: str = "") -> Outcome:
        """Return the shared answer of an item."""
        key = (code, status)
        if key not in self.outcomes:
            possible = status == Status.POSSIBLE
            self.outcomes[key] = Outcome.objects.create(
                key=f"{code}-{status}",
                item=self.items[code],
                status=status,
                delivered=False,
                amount_fen=None if possible else 5000,
                reason=reason or ("缺：能力等级" if possible else "已满 80 周岁"),
                used={"age": 80},
                missing=["ability_level"] if possible else [],
            )
        return self.outcomes[key]

    def find(self, person: Person, code: str, status: int = Status.YES) -> Finding:
        """Record that a person has an answer."""
        return Finding.objects.create(
            person=person,
            item=self.items[code],
            outcome=self.outcome(code, status),
            run_from=self.run,
        )

    def lead(
        self,
        person: Person,
        code: str = "06",
        *,
        kind: str = "entitled",
        state: str = "found",
        due: date = date(2026, 11, 10),
        assignee: Account | None = None,
    ) -> Lead:
        """Open a lead."""
        closed = state in {"delivered", "declined", "lapsed"}
        return Lead.objects.create(
            person=person,
            item=self.items[code],
            outcome=self.outcome(code, Status.YES if kind == "entitled" else Status.POSSIBLE),
            place_code=person.place_code,
            kind=kind,
            state=state,
            due_on=due,
            assignee=assignee,
            opened_run=self.run,
            opened_on=date(2026, 11, 1),
            closed_on=date(2026, 11, 5) if closed else None,
            decline_reason="no_need" if state == "declined" else "",
        )

    def changed(self, person: Person, code: str = "06") -> Change:
        """Record that the run changed something for a person."""
        return Change.objects.create(
            run=self.run,
            person=person,
            place_code=person.place_code,
            item=self.items[code],
            kind=ChangeKind.NEW,
            after=self.outcome(code),
            cause="年龄",
        )

    def tally(self, place: str, code: str, people: int, *, delivered: bool = False) -> Tally:
        """Record how many people of a place have an answer."""
        return Tally.objects.create(
            run=self.run,
            place_code=place,
            item=self.items[code],
            status=Status.YES,
            delivered=delivered,
            people=people,
        )


#: Published by the tests: makes a version with items, the way the catalogue does.
Publisher = Callable[[], PackVersion]


def make_world(version: PackVersion, *, as_of: date = date(2026, 11, 1)) -> World:
    """Make a finished run over a published version."""
    run = Run.objects.create(
        pack_version=version,
        pack_hash=version.hash,
        as_of=as_of,
        region_code=PREFECTURE,
        whole_region=True,
        people=8,
        started_at=moment(as_of),
        finished_at=moment(as_of) + timedelta(seconds=3),
        run_by="测试",
        first=True,
    )
    items = {item.code: item for item in Item.objects.filter(pack=version.pack)}
    for item in items.values():
        RunItem.objects.create(run=run, item=item)
    return World(version=version, run=run, items=items)
