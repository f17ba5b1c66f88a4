"""The shapes of what is asked and answered. Unknown fields are refused."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field

Kind = Literal[
    "household",
    "pension",
    "assistance",
    "disability",
    "health",
    "ltci",
    "veterans",
    "assessment",
    "survey",
    "relief",
    "deaths",
]
PurposeCode = Literal["benefits", "visits", "checking", "statistics"]
StatusWord = Literal["yes", "possible"]
LeadStateWord = Literal["found", "contacted", "confirmed", "declined", "delivered", "lapsed"]
Number = Annotated[int, Field(ge=1, le=2**53)]
Division = Annotated[str, Field(pattern=r"^[1-9][0-9]{11}$", description="12 位区划代码")]
Month = Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", description="如 2026-10")]
Cursor = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9_-]{4,80}$", description="上一页回答里的 next，原样传回")
]
Word = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,40}$")]
_FIRST_YEAR, _LAST_YEAR = 2000, 2199


def _sensible(moment: datetime) -> datetime:
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError("年份不对")
    return moment


Moment = Annotated[
    AwareDatetime,
    AfterValidator(_sensible),
    Field(description="带时区的时刻，如 2026-10-31T08:00:00+08:00"),
]


def _sensible_day(day: date) -> date:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise ValueError("年份不对")
    return day


Day = Annotated[date, AfterValidator(_sensible_day), Field(description="如 2026-10-31")]


class Strict(Schema):
    """What other systems send."""

    model_config = ConfigDict(extra="forbid")


class PageQuery(Strict):
    """Which page."""

    cursor: Cursor | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 200


class PulledQuery(PageQuery):
    """Which page of what, where."""

    division: Division | None = None
    changed_since: Moment | None = None


class FindingsQuery(PulledQuery):
    """Which answers."""

    item: Word | None = Field(None, description="清单项目编号")
    status: StatusWord | None = None


class ChangesQuery(PulledQuery):
    """Which changes."""

    run: Number | None = Field(None, description="哪一次比对")


class LeadsQuery(PulledQuery):
    """Which leads."""

    state: LeadStateWord | None = None


class ListsQuery(PageQuery):
    """Which lists."""

    batch: Number | None = None


class PushQuery(Strict):
    """What is said of a list as a whole."""

    division: Division
    month: Month | None = None
    full: Literal["true", "false"] = Field(
        "false", description="完整名单写 true：不在名单上的人视为没有；要同时写 month"
    )


class EvaluateQuery(Strict):
    """Which list of services, on which day."""

    as_of: Day
    division: Division | None = Field(None, description="按哪里的清单；不写则是密钥的辖区")


class PlaceQuery(Strict):
    """Where, and on which day."""

    as_of: Day | None = None
    division: Division | None = None


class NoQuery(Strict):
    """Nothing."""


class KeyOut(Schema):
    """What a key may do."""

    name: str
    scopes: list[str]
    purposes: list[str]
    kinds: list[str]
    area_code: str
    per_minute: int
    per_day: int
    expires_on: date


class ColumnOut(Schema):
    """A column of a kind."""

    name: str
    type: str
    required: bool
    values: list[str]


class KindOut(Schema):
    """A kind of list."""

    kind: Kind
    label: str
    sender: str
    columns: list[ColumnOut]


class KindsOut(Schema):
    """All kinds."""

    kinds: list[KindOut]


class FactOut(Schema):
    """A fact of the vocabulary."""

    name: str
    label: str
    type: Literal["bool", "int", "choice", "text", "date", "code"]
    values: dict[str, str]
    low: int | None
    high: int | None
    may_be_none: bool = Field(description="可以写空字符串，表示已知没有")


class FactsOut(Schema):
    """All facts that evaluation knows."""

    pack: str
    in_force_from: date
    facts: list[FactOut]


class ItemOut(Schema):
    """An item of the list of services."""

    code: str
    name: str
    object: str
    content: str
    standard: str
    clause: str
    department: str
    funder: str


class ItemsOut(Schema):
    """The list of services in force."""

    pack: str
    title: str
    in_force_from: date
    items: list[ItemOut]


class PersonOut(Schema):
    """A person; name and number are masked without scope and purpose."""

    id: int
    name: str
    id_number: str
    sex: str
    birth_year: int
    birth_date: date | None = Field(description="没有说明用途时为空")
    place_code: str
    in_register: bool
    died_on: date | None


class Paged(Schema):
    """What every page has."""

    next: str | None = Field(description="下一页的游标；空表示没有了")
    next_since: datetime = Field(description="下次增量读取时写在 changed_since 的时刻")


class PeoplePage(Paged):
    """People."""

    rows: list[PersonOut]


class FindingOut(Schema):
    """One person's answer for one item."""

    person_id: int
    name: str | None
    id_number: str | None
    place_code: str
    item: str
    item_name: str
    status: StatusWord
    tier: str
    amount_fen: int | None = Field(description="金额，分")
    delivered: bool | None
    reason: str
    missing: list[str]
    since_run: int
    as_of: date


class FindingsPage(Paged):
    """Answers."""

    rows: list[FindingOut]


class ChangeOut(Schema):
    """What a run changed for one person and item."""

    id: int
    run: int
    as_of: date
    person_id: int
    name: str | None
    id_number: str | None
    place_code: str
    item: str
    kind: str
    status_before: str
    status_after: str
    cause: str


class ChangesPage(Paged):
    """Changes."""

    rows: list[ChangeOut]


class LeadOut(Schema):
    """A lead and where it stands."""

    id: int
    person_id: int
    name: str | None
    id_number: str | None
    place_code: str
    item: str
    item_name: str
    kind: str
    state: str
    opened_on: date
    due_on: date
    closed_on: date | None
    decline_reason: str


class LeadsPage(Paged):
    """Leads."""

    rows: list[LeadOut]


class ListOut(Schema):
    """A list that came in."""

    id: int
    batch_id: int
    kind: str
    place_code: str
    month: date | None
    full: bool
    taken_at: datetime
    state: str
    refusal: str
    received: int
    accepted: int
    returned: int


class ListsPage(Paged):
    """Lists."""

    rows: list[ListOut]


class ListRowOut(Schema):
    """A row that went back, or came in with a remark."""

    row: int
    sheet: str
    verdict: Literal["accepted", "returned", "desk"]
    reasons: list[str]


class ListRowsPage(Paged):
    """Rows of a list."""

    rows: list[ListRowOut]


class VerdictOut(Schema):
    """What became of a pushed row; rows count from 1."""

    row: int
    verdict: Literal["accepted", "returned", "desk"]
    reasons: list[str]


class PushedOut(Schema):
    """What became of a push: received is accepted plus returned."""

    batch_id: int
    list_id: int
    state: Literal["taken_in", "refused", "repeated"]
    received: int
    accepted: int
    returned: int
    people_new: int
    facts_new: int
    facts_same: int
    refusal: str
    notices: list[str]
    rows: list[VerdictOut]


class OutcomeOut(Schema):
    """An answer that people share."""

    item: str
    name: str
    status: StatusWord
    tier: str
    amount_fen: int | None
    delivered: bool | None
    reason: str
    missing: list[str]


class AnsweredOut(Schema):
    """One person: the positions of his answers in ``outcomes``; an item not there is a no."""

    id: str
    outcomes: list[int]


class EvaluatedOut(Schema):
    """Answers for many people."""

    as_of: date
    pack: str
    people: list[AnsweredOut]
    outcomes: list[OutcomeOut]
