"""Maker and checker: prepare, return, post, approve, refuse, withdraw."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from yanglao.domain.benefits.actions.moving import (
    case_to_change,
    cases_to_change,
    move_case,
    note_steps,
    on_record,
)
from yanglao.domain.benefits.checks import refuse_own, require, why_not_decide
from yanglao.domain.benefits.models import Approval, Case, Dispute, Notice
from yanglao.domain.benefits.types import (
    CaseAct,
    CaseState,
    Clocks,
    DisputeKind,
    DisputeState,
    WrongMove,
)
from yanglao.domain.people.public import family_of
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader

_PREPARE, _APPROVE = "prepare_benefits", "approve_benefits"


@dataclass(frozen=True, slots=True)
class Bulk:
    """What became of a list of cases: how many went through, and why the others did not."""

    done: int
    left: Mapping[int, str]


@transaction.atomic
def prepare_cases(
    *, ids: Iterable[int], clocks: Mapping[str, Clocks], as_of: date, acting: Reader, words: str
) -> Bulk:
    """Prepare cases (初审): only those whose answer is a certain yes.

    Raises:
        PermissionError: When the role prepares nothing.
    """
    require(acting, _PREPARE)
    if acting.user_id is None:
        raise WrongMove("初审必须由在册的账号办理。")
    family = family_of(acting.user_id)
    found = cases_to_change(ids, CaseAct.PREPARE, acting)
    left: dict[int, str] = {}
    ready = []
    for case in found:
        if case.person_id in family:
            left[case.pk] = "是您本人或您家里的人，请换别人办理。"
        elif case.status == "possible":
            left[case.pk] = "还缺情况，补齐并重新取证后再初审。"
        elif case.status != "yes":
            left[case.pk] = "按现有情况不符合条件，只能不予批准或由本人撤回。"
        else:
            ready.append(case)
    Case.objects.filter(pk__in=[case.pk for case in ready]).update(
        state=CaseState.PREPARED,
        state_on=as_of,
        due_on=None,
        notice=None,
        prepared_by_id=acting.user_id,
        prepared_by=acting.name[:80],
        approved_by_id=None,
        approved_by="",
    )
    return _done(ready, left, CaseAct.PREPARE, "benefit_cases_prepared", acting, words)


def _done(
    ready: list[Case], left: dict[int, str], act: CaseAct, action: str, acting: Reader, words: str
) -> Bulk:
    if ready:
        target = {CaseAct.PREPARE: CaseState.PREPARED, CaseAct.NOTICE: CaseState.NOTICED}
        note_steps(ready, act, target.get(act, CaseState.APPROVED), acting=acting, words=words)
        on_record(acting, action, ready, left=len(left))
    return Bulk(len(ready), left)


@transaction.atomic
def return_case(*, case_id: int, words: str, clocks: Clocks, as_of: date, acting: Reader) -> Case:
    """Send a case back with what is wrong with it.

    Raises:
        WrongMove: Without a reason, in another state, or about one's own family.
    """
    require(acting, _PREPARE)
    if not words.strip():
        raise WrongMove("退回要写明原因。")
    case = case_to_change(case_id, acting)
    refuse_own([case], acting)
    due = as_of + timedelta(days=clocks.prepare_days)
    move_case(
        case,
        CaseAct.RETURN,
        as_of=as_of,
        acting=acting,
        words=words,
        due_on=due,
        notice=None,
    )
    on_record(acting, "benefit_cases_moved", [case], act=CaseAct.RETURN.value)
    return case


@transaction.atomic
def post_notice(
    *, ids: Iterable[int], clocks: Mapping[str, Clocks], as_of: date, acting: Reader
) -> list[Notice]:
    """Post prepared cases: one notice for each item and town, from this day on.

    Raises:
        PermissionError: When the role posts nothing.
    """
    require(acting, _PREPARE)
    found = cases_to_change(ids, CaseAct.NOTICE, acting)
    groups: dict[tuple[int, str], list[Case]] = {}
    for case in found:
        if case.approved_on is None:
            groups.setdefault((case.item_id, _town(case.place_code)), []).append(case)
    notices = []
    for (item, place), cases in sorted(groups.items()):
        days = clocks[cases[0].benefit]
        last = as_of + timedelta(days=days.notice_days - 1)
        notice = Notice.objects.create(
            place_code=place,
            item_id=item,
            from_on=as_of,
            to_on=last,
            made_at=clock.now(),
            made_by=acting.name[:80],
        )
        Case.objects.filter(pk__in=[case.pk for case in cases]).update(
            state=CaseState.NOTICED,
            state_on=as_of,
            due_on=last + timedelta(days=days.approve_days),
            notice=notice,
        )
        _done(cases, {}, CaseAct.NOTICE, "benefit_cases_noticed", acting, "")
        notices.append(notice)
    return notices


def _town(place: str) -> str:
    return place[:9].ljust(12, "0")


@transaction.atomic
def approve_cases(*, ids: Iterable[int], as_of: date, acting: Reader, words: str = "") -> Bulk:
    """Approve cases, all but exceptions; each exception with its reason.

    Left out: what the officer prepared himself, himself and his family, notices that still hang
    out, open objections, and what the table does not allow.

    Raises:
        PermissionError: When the role approves nothing.
    """
    require(acting, _APPROVE)
    family = family_of(acting.user_id)
    found = cases_to_change(ids, CaseAct.APPROVE, acting)
    disputed = set(
        Dispute.objects.filter(case__in=found, kind=DisputeKind.OBJECTION, state=DisputeState.OPEN)
        .order_by("id")
        .values_list("case_id", flat=True)
    )
    posted = Notice.objects.in_bulk([case.notice_id for case in found if case.notice_id])
    left: dict[int, str] = {}
    ready = []
    for case in found:
        notice = posted.get(case.notice_id or 0)
        why = why_not_decide(case, acting, family)
        if not why and notice is None:
            why = "还没有公示。"
        elif not why and notice is not None and notice.to_on >= as_of:
            why = f"公示到 {notice.to_on:%m 月 %d 日}，期满后才能审批。"
        elif not why and case.pk in disputed:
            why = "有没办结的异议。"
        elif not why and case.consent is not None and case.consent.withdrawn_on:
            why = "本人已经撤回同意，请问清后由本人申请或撤回。"
        if why:
            left[case.pk] = why
        else:
            ready.append(case)
    _approve(ready, as_of, acting)
    return _done(ready, left, CaseAct.APPROVE, "benefit_cases_approved", acting, words)


def _approve(cases: list[Case], as_of: date, acting: Reader) -> None:
    """Write the approvals; one that was left open by an automatic stop ends where it stopped."""
    for old in Approval.objects.select_related("case").filter(
        revoked_on=None,
        person__in=[case.person_id for case in cases],
        benefit__in={case.benefit for case in cases},
    ):
        if old.case.state == CaseState.STOPPED or old.case in cases:
            old.revoked_on = old.case.stopped_on or as_of
            old.save(update_fields=["revoked_on"])
    Approval.objects.bulk_create(
        [
            Approval(
                case=case,
                person_id=case.person_id,
                benefit=case.benefit,
                applied_on=case.applied_on,
                approved_on=as_of,
                approved_by_id=acting.user_id,
                approved_by=acting.name[:80],
            )
            for case in cases
        ],
        batch_size=1000,
    )
    Case.objects.filter(pk__in=[case.pk for case in cases]).update(
        state=CaseState.APPROVED,
        state_on=as_of,
        due_on=None,
        approved_on=as_of,
        approved_by_id=acting.user_id,
        approved_by=acting.name[:80],
        stop_cause="",
        stopped_on=None,
        stopped_by_hand=False,
    )


@transaction.atomic
def refuse_case(*, case_id: int, words: str, as_of: date, acting: Reader) -> Case:
    """Decide against a case, with the reason that the person is told.

    Raises:
        WrongMove: Without a reason, in another state, or decided by who may not.
    """
    require(acting, _APPROVE)
    if not words.strip():
        raise WrongMove("不予批准要写明原因，并告诉本人可以申请复核。")
    case = case_to_change(case_id, acting)
    why = why_not_decide(case, acting, family_of(acting.user_id))
    if why:
        raise WrongMove(why)
    move_case(
        case,
        CaseAct.REFUSE,
        as_of=as_of,
        acting=acting,
        words=words,
        approved_by_id=acting.user_id,
        approved_by=acting.name[:80],
    )
    on_record(acting, "benefit_cases_moved", [case], act=CaseAct.REFUSE.value)
    return case


@transaction.atomic
def withdraw_case(*, case_id: int, words: str, as_of: date, acting: Reader) -> Case:
    """The person takes his claim, or his consent to it, back before it is decided."""
    require(acting, "ask_benefits")
    case = case_to_change(case_id, acting)
    move_case(case, CaseAct.WITHDRAW, as_of=as_of, acting=acting, words=words)
    on_record(acting, "benefit_cases_moved", [case], act=CaseAct.WITHDRAW.value)
    return case
