"""From the application to a result that holds, and what becomes of an objection."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from yanglao.domain.accounts.public import Permission
from yanglao.domain.ltci.checks import refuse_own_family, refuse_unless
from yanglao.domain.ltci.models import Grading, GradingStep
from yanglao.domain.ltci.queries.gradings import graders_for
from yanglao.domain.ltci.types import (
    GRADING_MOVES,
    Applicant,
    GradingKind,
    GradingState,
    WrongStep,
)
from yanglao.domain.people.public import files_of, get_person
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader, within_area
from yanglao.kernel.whole_words import whole

_MANAGE = Permission.MANAGE_INSURANCE
_OPEN = (GradingState.ASKED, GradingState.GRADING, GradingState.SIGNED, GradingState.NOTICE)


@transaction.atomic
def ask_grading(
    *,
    person_id: int,
    kind: str,
    applicant: str,
    acting: Reader,
    as_of: date,
    wish: str = "",
    review_of: int | None = None,
) -> Grading:
    """Take an application; who has one under way gets that one (asking twice is harmless).

    Args:
        person_id: For whom. kind, applicant: Of the choices of the same name.
        as_of: The day of the application. wish: Why, in words.
        review_of: The disputed grading that is looked at again.

    Raises:
        Person.DoesNotExist: Outside the acting person's area.
        WrongStep: For a person who died, an unknown choice, a review of what nobody disputes.
    """
    # Villages and towns hand applications in; a review answers an objection, which the office does.
    refuse_unless(acting, _MANAGE if review_of is not None else Permission.ASK_INSURANCE)
    person = get_person(acting, person_id)
    if kind not in GradingKind.values or applicant not in Applicant.values:
        raise WrongStep("请选择评估类别和申请人。")
    if person.died_on is not None and person.died_on <= as_of:
        raise WrongStep("这个人已经去世，不能再申请评估。")
    files = files_of([person.pk])
    disputed = None
    if (kind == GradingKind.REVIEW) != (review_of is not None):
        raise WrongStep("复评要从有异议的那次评估发起。")
    if review_of is not None:
        disputed = _get(acting, review_of)
        if disputed.state != GradingState.DISPUTED or disputed.person_id not in files:
            raise WrongStep("这次评估没有异议，不能复评。")
    known = Grading.objects.filter(person_id__in=files, state__in=_OPEN).first()
    if known is not None:
        return known
    grading = Grading(
        person=person,
        place_code=person.place_code,
        kind=kind,
        review_of=disputed,
        applicant=applicant,
        asked_on=as_of,
        asked_by_id=acting.user_id,
        asked_by=acting.name,
    )
    grading.wish = whole(wish, 300, WrongStep)
    grading.save()
    _step(grading, "ask", "", acting, wish)
    return grading


@transaction.atomic
def plan_grading(
    *, grading_id: int, graders: tuple[int, int], planned_on: date, acting: Reader
) -> Grading:
    """Give an application to two graders; planned again, both signatures and answers stay open.

    Raises:
        WrongStep: For one grader twice, a grader who may not grade here, or who graded the
            disputed result.
    """
    refuse_unless(acting, _MANAGE)
    grading = _get(acting, grading_id)
    one, two = graders
    if one == two:
        raise WrongStep("两名评估员不能是同一个人。")
    known = {account.pk for account in graders_for(acting, grading)}
    if not {one, two} <= known:
        raise WrongStep("选的评估员不能评估这个人：要在这里有评估权限，复评要换人。")
    for grader in graders:
        refuse_own_family(grader, grading.person_id)
    before = grading.state
    if before != GradingState.GRADING:
        _move(grading, GradingState.GRADING)
    grading.grader_one_id, grading.grader_two_id = one, two
    grading.planned_on = planned_on
    grading.one_signed_at = grading.two_signed_at = None
    grading.save()
    _step(grading, "plan", before, acting, "")
    return grading


@transaction.atomic
def save_sheet(
    *, grading_id: int, answers: Mapping[str, Any], acting: Reader, edition: str
) -> Grading:
    """Keep the answers of the form; a change takes both signatures away.

    Raises:
        WrongStep: When it is not being graded, or the acting person is none of its graders.
    """
    grading = _for_grader(acting, grading_id)
    if grading.answers == dict(answers) and grading.edition == edition:
        return grading
    changed = sorted(
        code
        for code in {*answers, *grading.answers}
        if answers.get(code) != grading.answers.get(code)
    )
    grading.answers = dict(answers)
    grading.edition = edition
    grading.one_signed_at = grading.two_signed_at = None
    grading.level = None
    grading.sums, grading.reasons = {}, []
    grading.save()
    audit.record(
        acting,
        "ltci_sheet_saved",
        subject="ltci_grading",
        subject_id=grading.pk,
        place_code=grading.place_code,
        detail={"fields": changed},
    )
    return grading


@transaction.atomic
def sign_sheet(
    *,
    grading_id: int,
    answers: Mapping[str, Any],
    level: int,
    sums: Mapping[str, int],
    reasons: Sequence[str],
    acting: Reader,
    as_of: date,
) -> Grading:
    """Sign the form as one of its graders; with both signatures it waits for its notice.

    Args:
        answers: What was scored; refused when the kept answers are other by now.
        level, sums, reasons: What the engine made of them.

    Raises:
        WrongStep: When the answers are not those kept, or the person signed already.
    """
    grading = _for_grader(acting, grading_id)
    if grading.answers != dict(answers):
        raise WrongStep("评估表刚刚被另一位评估员改过，请再看一遍后签字。")
    now, first = clock.now(), acting.user_id == grading.grader_one_id
    if (grading.one_signed_at if first else grading.two_signed_at) is not None:
        raise WrongStep("您已经签过字了，等另一位评估员签字。")
    if first:
        grading.one_signed_at = now
    else:
        grading.two_signed_at = now
    grading.level, grading.graded_on = level, as_of
    grading.sums, grading.reasons = dict(sums), list(reasons)
    before = grading.state
    if grading.one_signed_at and grading.two_signed_at:
        _move(grading, GradingState.SIGNED)
    grading.save()
    _step(grading, "sign", before, acting, "")
    return grading


@transaction.atomic
def send_back_sheet(*, grading_id: int, acting: Reader, reason: str) -> Grading:
    """Give a signed form back to its graders; both signatures go."""
    refuse_unless(acting, _MANAGE)
    _words_needed(reason)
    grading = _get(acting, grading_id)
    before = grading.state
    _move(grading, GradingState.GRADING)
    grading.one_signed_at = grading.two_signed_at = None
    grading.save()
    _step(grading, "send_back", before, acting, reason)
    return grading


@transaction.atomic
def publish_grading(*, grading_id: int, days: int, acting: Reader, as_of: date) -> Grading:
    """Begin the public notice; ``days`` is the parameter of the day."""
    refuse_unless(acting, _MANAGE)
    grading = _get(acting, grading_id)
    if acting.user_id in {grading.grader_one_id, grading.grader_two_id} and acting.user_id:
        raise WrongStep("评估员不能自己公示自己的结论，请由另一位同事办。")
    before = grading.state
    _move(grading, GradingState.NOTICE)
    grading.notice_from, grading.notice_to = as_of, as_of + timedelta(days=days - 1)
    grading.save()
    _step(grading, "publish", before, acting, "")
    return grading


@transaction.atomic
def object_grading(
    *, grading_id: int, words: str, last_days: int, acting: Reader, as_of: date
) -> Grading:
    """Take an objection, during the notice or within some days after the conclusion.

    Raises:
        WrongStep: Without words, or too late.
    """
    refuse_unless(acting, _MANAGE)
    _words_needed(words)
    grading = _get(acting, grading_id)
    if grading.concluded_on and as_of > grading.concluded_on + timedelta(days=last_days):
        raise WrongStep(f"结论作出已经超过 {last_days} 天，不能再提异议；状况变了请申请重评。")
    before = grading.state
    _move(grading, GradingState.DISPUTED)
    grading.disputed_on, grading.objection = as_of, whole(words, 500, WrongStep)
    grading.save()
    _step(grading, "object", before, acting, words)
    return grading


@transaction.atomic
def overrule_objection(
    *, grading_id: int, valid_to: date, acting: Reader, as_of: date, reason: str
) -> Grading:
    """Keep the result in spite of the objection, with the reason; it was withdrawn, for one.

    Raises:
        WrongStep: While a review is under way, or without words.
    """
    refuse_unless(acting, _MANAGE)
    _words_needed(reason)
    grading = _get(acting, grading_id)
    if grading.reviews.filter(state__in=_OPEN).exists():
        raise WrongStep("复评还没有办完，等复评结论。")
    return _hold(grading, valid_to, acting, as_of, reason)


@transaction.atomic
def hold_grading(*, grading_id: int, valid_to: date, acting: Reader, as_of: date) -> Grading:
    """Let a result hold after its notice; what it replaces ends.

    Raises:
        WrongStep: Before the notice is over.
    """
    refuse_unless(acting, _MANAGE)
    grading = _get(acting, grading_id)
    if grading.state == GradingState.HELD:
        return grading
    if grading.state == GradingState.DISPUTED:
        raise WrongStep("有异议的结论要先复评，或写明理由维持。")
    if grading.notice_to is None or as_of <= grading.notice_to:
        until = f"{grading.notice_to:%Y-%m-%d}" if grading.notice_to else "公示开始"
        raise WrongStep(f"公示到 {until}，期满后才能生效。")
    return _hold(grading, valid_to, acting, as_of, "")


def _hold(grading: Grading, valid_to: date, acting: Reader, as_of: date, words: str) -> Grading:
    before = grading.state
    _move(grading, GradingState.HELD)
    # Whoever disputes a result that held keeps its day: the months given do not move.
    grading.concluded_on = grading.concluded_on or as_of
    grading.valid_to = valid_to
    grading.save()
    _step(grading, "hold", before, acting, words)
    older = Grading.objects.filter(
        person_id=grading.person_id, state__in=[GradingState.HELD, GradingState.DISPUTED]
    ).exclude(pk=grading.pk)
    for other in older:
        _move(other, GradingState.REPLACED)
        other.save()
        _step(other, "replace", GradingState.HELD, acting, "")
    return grading


@transaction.atomic
def close_grading(*, grading_id: int, to_state: str, acting: Reader, reason: str) -> Grading:
    """Refuse an application, or end one that was withdrawn; with the reason told to the person."""
    refuse_unless(acting, _MANAGE)
    _words_needed(reason)
    if to_state not in {GradingState.REFUSED, GradingState.WITHDRAWN}:
        raise WrongStep("只能不予受理或撤回。")
    grading = _get(acting, grading_id)
    before = grading.state
    _move(grading, GradingState(to_state))
    grading.save()
    _step(grading, str(to_state), before, acting, reason)
    return grading


def _get(acting: Reader, grading_id: int) -> Grading:
    rows = within_area(Grading.objects.select_for_update(of=("self",)), acting)
    return rows.get(pk=grading_id)


def _for_grader(acting: Reader, grading_id: int) -> Grading:
    if not (acting.can(Permission.ASSESS) or acting.can(_MANAGE)):
        raise PermissionError("没有评估权限。")
    grading = _get(acting, grading_id)
    if acting.user_id not in {grading.grader_one_id, grading.grader_two_id}:
        raise WrongStep("这张评估表分给了别的评估员。")
    if grading.state != GradingState.GRADING:
        raise WrongStep("这张评估表现在不能填写。")
    return grading


def _move(grading: Grading, to_state: GradingState) -> None:
    if to_state not in GRADING_MOVES[grading.state]:
        now = GradingState(grading.state).label
        raise WrongStep(f"“{now}”的评估不能转到“{to_state.label}”。")
    grading.state = to_state


def _words_needed(words: str) -> None:
    if not words.strip():
        raise WrongStep("请写明原因。")


def _step(grading: Grading, act: str, before: str, acting: Reader, words: str) -> None:
    step = GradingStep(
        grading=grading,
        at=clock.now(),
        by_id=acting.user_id,
        by_name=acting.name,
        act=act,
        from_state=before,
        to_state=grading.state,
    )
    step.words = whole(words, 500, WrongStep)
    step.save()
    audit.record(
        acting,
        "ltci_grading_moved",
        subject="ltci_grading",
        subject_id=grading.pk,
        place_code=grading.place_code,
        detail={"act": act, "from": str(before), "to": str(grading.state)},
    )
