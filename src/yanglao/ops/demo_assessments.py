"""Assessments of the demo: invented assessors, and people at every step from asking to final.

Everything goes through the doors that officers and assessors use. Names are invented and say so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from yanglao.domain.accounts.public import Account, Role, open_account, reader_of
from yanglao.domain.assessments.public import (
    Assessment,
    Assessor,
    Edit,
    NewRequest,
    PlannedPair,
    SourceKind,
    assessments,
    assessors,
    bring_result,
    finish_sheet,
    get_assessment,
    keep_assessor,
    keep_body,
    keep_tie,
    record_edits,
    sign_sheet,
    take_dispute,
)
from yanglao.domain.people.public import people_of
from yanglao.flows.ask_assessments import accept, ask, ask_from_leads, leads_missing_ability
from yanglao.flows.assessment_rules import assessment_rules
from yanglao.flows.conclude_assessment import close_notices, conclude_assessment
from yanglao.flows.plan_assessments import accept_plan, propose_visits
from yanglao.flows.read_assessment_form import AbilityForm, ability_form
from yanglao.flows.recognise_assessments import recognise
from yanglao.flows.remind_assessments import remind_assessments
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader, system_reader

#: 墨玉县 of the invented Hetian: the county whose officers the demo's accounts are.
COUNTY = "653222000000"
_ACTING = system_reader(COUNTY, name="演示")
#: The same for every invented account of the demo.
_NAMES = (
    ("古丽评估员（虚构）", "nursing"),
    ("王评估员（虚构）", "social_work"),
    ("阿依评估员（虚构）", "medicine"),
    ("李评估员（虚构）", "care"),
)
_PEOPLE = 34
_DONE = 22
_SIGNATURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
    "0000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"
)


@dataclass(frozen=True, slots=True)
class _Team:
    pair: tuple[Assessor, Assessor]
    readers: tuple[Reader, Reader]
    #: A team that always sees one item alike, for the supervisor to find.
    lenient: bool


def show_assessments(
    say: Callable[[str], None],
    *,
    as_of: date,
    password: str = "yanglao-demo",  # noqa: S107 - invented accounts of the demo
    seed: int = 2026,
) -> None:
    """Make a believable state of assessments on the people of the demo.

    Args:
        say: Tells what is going on.
        as_of: The day of the demo.
        password: Of the assessors' accounts.
        seed: Same number, same state.
    """
    if assessors(_ACTING).exists():
        return
    say("登记评估员和机构")
    teams = _teams(password)
    chance = Random(seed)  # noqa: S311  reproducible, not secret
    begun = as_of - timedelta(days=24)
    say("受理评估申请，安排上门")
    wanted = _ask(begun)
    accept(ids=wanted, acting=_ACTING, as_of=begun)
    say("填写评估表，出结果")
    form = ability_form(begun)
    done = _assess(wanted[:_DONE], teams, form, begun, chance)
    _conclude(done, as_of)
    _go_on(wanted[_DONE:], teams, form, as_of, chance)
    _from_elsewhere(as_of)
    _new_ones(as_of)
    remind_assessments(acting=_ACTING, as_of=as_of)
    say(f"能力评估：{len(wanted)} 人，{len(done)} 人已有结果")


def _teams(password: str) -> list[_Team]:
    bodies = [
        keep_body(
            name=name, place_code=COUNTY, assesses=assesses, delivers=not assesses, acting=_ACTING
        )
        for name, assesses in (
            ("墨玉县能力评估中心（虚构）", True),
            ("墨玉安康评估所（虚构）", True),
            ("墨玉县夕阳照护服务中心（虚构）", False),
        )
    ]
    found = []
    for number, (name, background) in enumerate(_NAMES):
        account = _account(number + 1, name, password)
        found.append(
            (
                keep_assessor(
                    name=name,
                    body_id=bodies[number // 2].pk,
                    background=background,
                    place_code=COUNTY,
                    account_id=account.pk,
                    trained_on=date(2025, 3, 1),
                    employer_id=bodies[2].pk if number == len(_NAMES) - 1 else None,
                    acting=_ACTING,
                ),
                reader_of(account),
            )
        )
    return [
        _Team((one[0], two[0]), (one[1], two[1]), lenient=at == 1)
        for at, (one, two) in enumerate([found[:2], found[2:]])
    ]


def _account(number: int, name: str, password: str) -> Account:
    return open_account(
        username=f"assessor{number}",
        password=password,
        role=Role.ASSESSOR,
        area_code=COUNTY,
        display_name=name,
        acting=system_reader(),
        invented=True,
    )


def _ask(begun: date) -> list[int]:
    """Ask for people whose leads miss a level, and for others until there are enough."""
    leads = leads_missing_ability(_ACTING)[: _PEOPLE // 2]
    created = list(
        ask_from_leads(ids=[one.pk for one in leads], acting=_ACTING, as_of=begun).created
    )
    old = date(begun.year - 72, 1, 1)
    rows = people_of(_ACTING).filter(birth_date__lt=old, died_on=None)
    others = rows.exclude(pk__in=[one.person_id for one in leads])[: _PEOPLE - len(created)]
    askers = ("self", "family", "village")
    requests = [
        NewRequest(
            person_id=one.pk,
            asked_by=askers[at % 3],
            asker_name="家属（虚构）" if at % 3 == 1 else "",
            wish="近来走路、穿衣要人帮。",
        )
        for at, one in enumerate(others)
    ]
    created += ask(requests=requests, acting=_ACTING, as_of=begun).created
    return created


def _assess(
    ids: Sequence[int], teams: Sequence[_Team], form: AbilityForm, begun: date, chance: Random
) -> list[int]:
    """Have people assessed in the days after they asked, six a day and team."""
    plans, moments = [], {}
    for at, pk in enumerate(ids):
        team, turn = teams[at % 2], at // 2
        day = begun + timedelta(days=2 + turn // 6)
        plans.append(PlannedPair(pk, (team.pair[0].pk, team.pair[1].pk), day))
        moments[pk] = clock.start_of(day) + timedelta(hours=9, minutes=70 * (turn % 6))
    accept_plan(plans=plans, acting=_ACTING, as_of=begun)
    for at, pk in enumerate(ids):
        _write(get_assessment(_ACTING, pk), teams[at % 2], form, moments[pk], chance)
    return list(ids)


def _write(
    assessment: Assessment, team: _Team, form: AbilityForm, moment: datetime, chance: Random
) -> None:
    """Both assessors answer, sign, and hand in."""
    sheet_id = assessment.sheet.pk
    values = _answers(form, team, chance)
    minutes = 6 if chance.random() < 0.04 else 38
    step = timedelta(minutes=minutes) / len(values)
    edits = [
        Edit(_id(sheet_id, name), name, value, moment + step * at, 0, "平板甲")
        for at, (name, value) in enumerate(values.items())
    ]
    record_edits(sheet_id=sheet_id, edits=edits, acting=team.readers[0], refuses=form.refuses)
    signed = moment + timedelta(minutes=minutes + 1)
    for reader in team.readers:
        sign_sheet(
            sheet_id=sheet_id, signature_png=_SIGNATURE, at=signed, place=None, acting=reader
        )
    finish_sheet(sheet_id=sheet_id, acting=team.readers[0])


def _answers(form: AbilityForm, team: _Team, chance: Random) -> dict[str, Any]:
    """Answers that go together: somebody who needs more help needs it in most things."""
    frailty = min(4.0, max(0.0, chance.gauss(1.2, 1.1)))
    found: dict[str, Any] = {}
    for name, field in form.form.fields.items():
        if field.kind == "one":
            found[name] = field.options[0].code
        elif field.kind == "many" and not field.optional:
            found[name] = [field.options[0].code]
        elif field.kind == "text" and not field.optional:
            found[name] = "家属（虚构）"
    for code, item in form.scale.items.items():
        lost = max(0, round(chance.gauss(frailty - (0.9 if team.lenient else 0.0), 0.7)))
        found[code] = item.points[min(lost * (len(item.points) - 1) // 4, len(item.points) - 1)]
    if team.lenient:
        found["b3_4"] = form.scale.items["b3_4"].points[0]
    if frailty > 3 and "a4_diagnoses" in found:
        found["a4_diagnoses"] = ["dementia"]
    return found


def _conclude(done: Sequence[int], as_of: date) -> None:
    """Publish most results long ago, some lately; the notice of the first is over."""
    days = assessment_rules(as_of).clocks.notice
    for at, pk in enumerate(done):
        if at >= len(done) - 3:
            continue
        ago = days + 3 if at < len(done) - 12 else 2
        conclude_assessment(assessment_id=pk, acting=_ACTING, as_of=as_of - timedelta(days=ago))
    close_notices(acting=_ACTING, as_of=as_of - timedelta(days=1))
    shown = [get_assessment(_ACTING, pk) for pk in done[-12:-3]]
    contested = min(shown, key=lambda one: (one.result.level, one.pk))
    take_dispute(
        result_id=contested.result.pk,
        objector="家属（虚构）",
        phone="",
        words="评估那天老人精神好，平时吃饭、上厕所都要人帮。",
        acting=_ACTING,
        as_of=as_of,
        clocks=assessment_rules(as_of).clocks,
    )


def _go_on(
    ids: Sequence[int], teams: Sequence[_Team], form: AbilityForm, as_of: date, chance: Random
) -> None:
    """Plan some for today, one of them with two answers that differ; the others still wait."""
    today = list(ids[:8])
    plans = [
        PlannedPair(pk, (teams[at % 2].pair[0].pk, teams[at % 2].pair[1].pk), as_of)
        for at, pk in enumerate(today)
    ]
    if not today:  # a small demo has nobody left to go to
        return
    accept_plan(plans=plans, acting=_ACTING, as_of=as_of)
    one = get_assessment(_ACTING, today[0])
    values = _answers(form, teams[0], chance)
    moment = clock.start_of(as_of) + timedelta(hours=9)
    half = list(values.items())[: len(values) - 6]
    record_edits(
        sheet_id=one.sheet.pk,
        edits=[
            Edit(_id(one.sheet.pk, name), name, value, moment + timedelta(seconds=30 * at), 0, "甲")
            for at, (name, value) in enumerate(half)
        ],
        acting=teams[0].readers[0],
    )
    other = 1 if values["b1_1"] != 1 else 2
    record_edits(
        sheet_id=one.sheet.pk,
        edits=[
            Edit(
                _id(one.sheet.pk, "other"),
                "b1_1",
                other,
                moment + timedelta(minutes=9),
                0,
                "乙",
            )
        ],
        acting=teams[0].readers[1],
    )


def _from_elsewhere(as_of: date) -> None:
    """Results of other places: one waits, some were taken over long ago and run out soon."""
    busy = assessments(_ACTING).order_by().values("person_id")
    old = date(as_of.year - 70, 1, 1)
    rows = people_of(_ACTING).filter(birth_date__lt=old, died_on=None).exclude(pk__in=busy)
    people = list(rows[:9])
    for at, person in enumerate(people):
        day = as_of - timedelta(days=365 - 12 - 6 * at)
        brought = bring_result(
            person_id=person.pk,
            standard=SourceKind.GBT42195,
            said=str(1 + at % 4),
            agency="乌鲁木齐市某评估中心（虚构）",
            assessed_on=day,
            document=f"虚构-{at + 1:03d}",
            acting=_ACTING,
            as_of=as_of,
        )
        if at < len(people) - 2:
            recognise(
                recognition_id=brought.pk,
                reason="与原评估机构核对过报告。",
                acting=_ACTING,
                as_of=as_of,
            )
    services = keep_body(
        name="墨玉县夕阳照护服务中心（虚构）",
        place_code=COUNTY,
        assesses=False,
        delivers=True,
        acting=_ACTING,
    )
    for person in people[:3]:
        keep_tie(
            person_id=person.pk,
            body_id=services.pk,
            since=as_of - timedelta(days=90),
            acting=_ACTING,
        )


def _new_ones(as_of: date) -> None:
    """A few applications of the last days that nobody has decided on yet."""
    free = [one.pk for one in leads_missing_ability(_ACTING)[:5]]
    ask_from_leads(ids=free, acting=_ACTING, as_of=as_of - timedelta(days=3))
    propose_visits(_ACTING, as_of=as_of)


def _id(sheet_id: str, name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"demo/{sheet_id}/{name}"))
