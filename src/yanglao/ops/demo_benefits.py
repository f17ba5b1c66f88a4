"""Benefits of the demo: cases in all states, by the front doors, two invented officers behind each.

People, accounts and numbers are invented; the card numbers begin with 000000, which no bank has.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from yanglao.domain.accounts.public import (
    Role,
    accounts_in_area,
    open_account,
    reader_of,
)
from yanglao.domain.benefits.public import (
    AccountKind,
    Applicant,
    Case,
    CaseState,
    DisputeKind,
    DisputeState,
    NewAccount,
    StopCause,
    SuspendCause,
    cases,
    decide_account,
    decide_dispute,
    enter_account,
    refuse_case,
    stop_case,
    suspend_case,
)
from yanglao.domain.rights.public import Asker, Channel
from yanglao.flows.decide_benefits import approve, object_or_appeal, post, prepare, send_back
from yanglao.flows.follow_benefits import follow_benefits
from yanglao.flows.open_benefits import apply_for, found_without_case, money_item, open_found
from yanglao.foundation.scoping import Reader, system_reader

_COUNTY = "653222000000"
#: Item to how many people of the county are approved at most: some with amounts, some without.
_APPROVED = {"16a": 220, "16b": 140, "06": 60, "09": 20}
_WAITING = {"16a": 24, "06": 12}
_APPLIED = 6


def show_benefits(say: Callable[[str], None], *, as_of: date) -> None:
    """Open, post and approve cases in one county, and leave some in every other state."""
    maker, checker, other = _officers()
    first = (as_of.replace(day=1) - timedelta(days=1)).replace(day=4)
    approved_on = first + timedelta(days=9)
    opened: list[Case] = []
    for code, most in _APPROVED.items():
        opened += _found(code, most, first, maker)
    ids = [case.pk for case in opened]
    prepare(ids=ids, words="名单核对无误", as_of=first, acting=maker)
    post(ids=ids, as_of=first, acting=maker)
    done = approve(ids=ids, as_of=approved_on, acting=checker)
    _accounts(opened, approved_on, maker, checker)
    follow_benefits(region="653200000000", as_of=as_of, acting=system_reader(name="演示"))
    _lives(maker, checker, other, as_of)
    waiting = _waiting(maker, checker, as_of)
    say(
        f"待遇：{done.done:,} 件已审批，{waiting:,} 件在办；"
        "含暂停、停发、退回、异议、复核。账号均为虚构。"
    )


def _officers() -> tuple[Reader, Reader, Reader]:
    """Return who prepares, who approves and who decides appeals; opened when missing."""
    known = {one.username: one for one in accounts_in_area(system_reader(_COUNTY))}
    wanted = {
        "moyu": "墨玉县民政 · 阿依古丽",
        "moyu-chushen": "墨玉县民政 · 库尔班（初审）",
        "moyu-fuhe": "墨玉县民政 · 买尔哈巴（复核）",
    }
    for username, name in wanted.items():
        if username not in known:
            known[username] = open_account(
                username=username,
                password="yanglao-demo",  # noqa: S106 - invented accounts of the demo
                role=Role.COUNTY,
                area_code=_COUNTY,
                display_name=name,
                acting=system_reader(name="演示"),
                invented=True,
            )
    return (
        reader_of(known["moyu-chushen"]),
        reader_of(known["moyu"]),
        reader_of(known["moyu-fuhe"]),
    )


def _found(code: str, most: int, on: date, maker: Reader) -> list[Case]:
    people, _total = found_without_case(maker, money_item(code, on), most=most)
    return open_found(
        person_ids=[one.pk for one in people],
        item_code=code,
        given_by=Asker.SELF,
        channel=Channel.HOME,
        as_of=on,
        acting=maker,
    )


def _accounts(opened: Sequence[Case], on: date, maker: Reader, checker: Reader) -> None:
    """Give nearly everybody a card; a few have none, two share one, some wait."""
    seen: set[int] = set()
    for number, case in enumerate(opened):
        if case.person_id in seen or number % 40 == 39:
            continue
        seen.add(case.person_id)
        shared = number % 100 in {50, 51}
        row = enter_account(
            account=NewAccount(
                person_id=case.person_id,
                kind=AccountKind.SOCIAL_CARD,
                bank="和田农商银行（虚构）",
                number=f"000000{0 if shared else case.person_id:013d}",
                holder=case.person.name,
                first=on,
            ),
            acting=maker,
        )
        if number % 30 != 29:
            decide_account(account_id=row.pk, confirmed=True, words="", as_of=on, acting=checker)


def _lives(maker: Reader, checker: Reader, other: Reader, as_of: date) -> None:
    """Suspend some, stop some, take an appeal and decide another."""
    live = list(cases(checker, state=CaseState.APPROVED).order_by("id")[:12])
    for case in live[:4]:
        suspend_case(
            case_id=case.pk,
            first=as_of - timedelta(days=3),
            cause=SuspendCause.LIFE,
            words="本季度没有做生存认证，电话联系不上",
            as_of=as_of,
            acting=maker,
        )
    stopped = live[4:7]
    for case in stopped:
        stop_case(
            case_id=case.pk,
            on=as_of - timedelta(days=2),
            cause=StopCause.REVOKED,
            words="入户核实，残疾人证与本人不符",
            as_of=as_of,
            acting=checker,
        )
    for number, case in enumerate(stopped[:2]):
        dispute = object_or_appeal(
            case_id=case.pk,
            kind=DisputeKind.APPEAL,
            asker="本人",
            words="证件已经换发，旧证收走了，请再查一次",
            as_of=as_of,
            acting=maker,
        )
        if number == 0:
            decide_dispute(
                dispute_id=dispute.pk,
                outcome=DisputeState.UPHELD,
                answer="向残联查实，已换发新证，等级没有变化",
                as_of=as_of,
                acting=other,
            )


def _waiting(maker: Reader, checker: Reader, as_of: date) -> int:
    """Leave cases open, prepared, posted, returned, refused and objected to."""
    opened: list[Case] = []
    for code, most in _WAITING.items():
        opened += _found(code, most, as_of - timedelta(days=12), maker)
    third = len(opened) // 3
    prepared = [case.pk for case in opened[third:]]
    posted = [case.pk for case in opened[2 * third :]]
    prepare(ids=prepared, words="", as_of=as_of - timedelta(days=11), acting=maker)
    post(ids=posted, as_of=as_of - timedelta(days=3), acting=maker)
    for pk in [one for one in prepared if one not in posted][:2]:
        send_back(case_id=pk, words="户籍地和常住地不一致，请核实", as_of=as_of, acting=checker)
    hanging = cases(maker, state=CaseState.NOTICED).filter(pk__in=posted)
    for pk in hanging.order_by("id").values_list("pk", flat=True)[:2]:
        object_or_appeal(
            case_id=pk,
            kind=DisputeKind.OBJECTION,
            asker="",
            words="听说他儿子在外面做生意，家里不困难",
            as_of=as_of - timedelta(days=1),
            acting=maker,
        )
    return len(opened) + _applied(maker, checker, as_of)


def _applied(maker: Reader, checker: Reader, as_of: date) -> int:
    """Take applications of people of whom something is missing, and refuse one."""
    item = money_item("07", as_of)
    people, _total = found_without_case(maker, item, most=_APPLIED)
    for number, person in enumerate(people):
        case = apply_for(
            person_id=person.pk,
            item_code="16a" if number % 2 else "07",
            applicant=Applicant.FAMILY,
            words="儿子代办",
            as_of=as_of,
            acting=maker,
        )
        if number % 2 and case.status == "no":
            refuse_case(
                case_id=case.pk,
                words="名单里没有有效的残疾人证，不符合附件第 16 项；可以申请复核",
                as_of=as_of,
                acting=checker,
            )
    return len(people)
