"""Who gets the benefit from which month to which, and what may be delivered to him."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction

from yanglao.domain.accounts.public import Permission
from yanglao.domain.ltci.checks import refuse_own_family, refuse_same_hand, refuse_unless
from yanglao.domain.ltci.models import Absence, Benefit, CarePlan, Grading, Provider
from yanglao.domain.ltci.types import (
    BENEFIT_MOVES,
    AbsenceKind,
    BenefitState,
    GradingState,
    Place,
    PlanState,
    ProviderKind,
    StopCause,
    WrongStep,
    next_month,
)
from yanglao.domain.people.public import get_person
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader, within_area
from yanglao.kernel.whole_words import whole

_MANAGE, _APPROVE = Permission.MANAGE_INSURANCE, Permission.APPROVE_INSURANCE


@transaction.atomic
def prepare_benefit(
    *,
    person_id: int,
    level: int,
    grading_id: int | None,
    care_place: str,
    first_month: date,
    last_month: date | None,
    monthly_fen: int | None,
    acting: Reader,
    as_of: date,
    words: str = "",
) -> Benefit:
    """Prepare a benefit for approval; one that waits or runs is given back unchanged.

    Args:
        level, grading_id: The grade and where it comes from; no grading: a list of 医保.
        first_month, last_month: As the parameters of start and validity have it.
        monthly_fen: Most that the fund pays a month; ``None`` where no number is published.

    Raises:
        WrongStep: When the grading does not hold, or is of another grade or person.
    """
    refuse_unless(acting, _MANAGE)
    person = get_person(acting, person_id)
    if care_place not in Place.values:
        raise WrongStep("请选择居家或机构。")
    if person.died_on is not None and person.died_on <= as_of:
        raise WrongStep("这个人已经去世，不能开始待遇。")
    if grading_id is not None:
        grading = within_area(Grading.objects.all(), acting).get(pk=grading_id)
        holds = grading.state == GradingState.HELD and grading.person_id == person.pk
        if not holds or grading.level != level:
            raise WrongStep("这次评估还没有生效，或者不是这个人的、不是这个等级。")
    open_states = (BenefitState.PREPARED, BenefitState.APPROVED)
    known = Benefit.objects.filter(person=person, state__in=open_states).first()
    if known is not None:
        return known
    benefit = Benefit(
        person=person,
        place_code=person.place_code,
        grading_id=grading_id,
        level=level,
        care_place=care_place,
        first_month=first_month.replace(day=1),
        last_month=last_month.replace(day=1) if last_month else None,
        monthly_fen=monthly_fen,
        prepared_at=clock.now(),
        prepared_by_id=acting.user_id,
        prepared_by=acting.name,
    )
    benefit.words = whole(words, 300, WrongStep)
    benefit.save()
    _record(benefit, "ltci_benefit_prepared", acting)
    return benefit


@transaction.atomic
def decide_benefit(*, benefit_id: int, approve: bool, acting: Reader, reason: str = "") -> Benefit:
    """Approve or refuse a prepared benefit; never by who prepared it.

    Raises:
        WrongStep: For the same pair of hands, a refusal without words, one decided already.
    """
    refuse_unless(acting, _APPROVE)
    benefit = _benefit(acting, benefit_id)
    refuse_same_hand(acting, benefit.prepared_by_id, benefit.prepared_by)
    refuse_own_family(acting.user_id, benefit.person_id)
    if not approve and not reason.strip():
        raise WrongStep("不批准要写明原因。")
    _move(benefit, BenefitState.APPROVED if approve else BenefitState.REFUSED)
    benefit.decided_at = clock.now()
    benefit.decided_by_id, benefit.decided_by = acting.user_id, acting.name
    if reason:
        benefit.words = whole(reason, 300, WrongStep)
    benefit.save()
    _record(benefit, "ltci_benefit_decided", acting, state=str(benefit.state))
    return benefit


@transaction.atomic
def stop_benefit(
    *, benefit_id: int, cause: str, last_month: date, acting: Reader, reason: str = ""
) -> Benefit:
    """End a benefit with a month; its plans end with that month's last day.

    Money already paid for later months comes back by the next settlement of the provider.
    """
    refuse_unless(acting, _MANAGE)
    if cause not in StopCause.values:
        raise WrongStep("请选择停止的原因。")
    benefit = _benefit(acting, benefit_id)
    _move(benefit, BenefitState.STOPPED)
    month = last_month.replace(day=1)
    benefit.last_month = min(month, benefit.last_month or month)
    benefit.stop_cause = cause
    if reason:
        benefit.words = whole(reason, 300, WrongStep)
    benefit.save()
    last_day = _last_day(benefit.last_month)
    for plan in benefit.plans.filter(state=PlanState.APPROVED):
        if plan.first > last_day:
            plan.state = PlanState.REFUSED
        elif plan.last is None or plan.last > last_day:
            plan.last = last_day
        plan.save()
    _record(
        benefit, "ltci_benefit_stopped", acting, cause=cause, last=f"{benefit.last_month:%Y-%m}"
    )
    return benefit


@transaction.atomic
def prepare_plan(
    *,
    benefit_id: int,
    provider_id: int,
    first: date,
    last: date | None,
    amount: int,
    most: int | None,
    acting: Reader,
    tasks: str = "",
) -> CarePlan:
    """Prepare what a provider may deliver in a month: minutes at home, days in an institution.

    Args:
        most: What the grade allows a month, all plans together; ``None`` where it is not published.

    Raises:
        WrongStep: For a provider that does not offer it or has no contract, more than allowed,
            days outside the benefit.
    """
    refuse_unless(acting, _MANAGE)
    benefit = _benefit(acting, benefit_id)
    provider = Provider.objects.get(pk=provider_id)
    place = benefit.care_place
    if provider.kind not in {place, ProviderKind.BOTH}:
        raise WrongStep(f"{provider.name}的协议里没有{Place(place).label}护理。")
    if first < provider.contract_from or (
        provider.contract_to is not None and first > provider.contract_to
    ):
        raise WrongStep(f"{first} 不在{provider.name}的协议期内。")
    if first < benefit.first_month or (
        benefit.last_month is not None and first > _last_day(benefit.last_month)
    ):
        raise WrongStep("计划要在待遇的月份里开始。")
    if last is not None and last < first:
        raise WrongStep("计划止日不能早于起日。")
    if amount <= 0:
        raise WrongStep("计划的时长要大于 0。")
    if most is not None and amount + _planned(benefit, first, last) > most:
        raise WrongStep("各家机构的计划合起来超过了这个等级每月的上限。")
    plan = CarePlan(
        benefit=benefit,
        provider=provider,
        care_place=place,
        level=benefit.level,
        first=first,
        last=last,
        amount=amount,
        prepared_by_id=acting.user_id,
        prepared_by=acting.name,
    )
    plan.tasks = whole(tasks, 300, WrongStep)
    plan.save()
    _record(benefit, "ltci_plan_prepared", acting, plan=plan.pk)
    return plan


@transaction.atomic
def decide_plan(*, plan_id: int, approve: bool, acting: Reader) -> CarePlan:
    """Approve or refuse a care plan; never by who prepared it."""
    refuse_unless(acting, _APPROVE)
    plan = _plan(acting, plan_id)
    if plan.state != PlanState.PREPARED:
        raise WrongStep("这份计划已经有结果了。")
    refuse_same_hand(acting, plan.prepared_by_id, plan.prepared_by)
    refuse_own_family(acting.user_id, plan.benefit.person_id)
    if approve and plan.benefit.state != BenefitState.APPROVED:
        raise WrongStep("待遇还没有批准，计划不能先批准。")
    same = CarePlan.objects.filter(
        benefit__person_id=plan.benefit.person_id,
        provider_id=plan.provider_id,
        care_place=plan.care_place,
        state=PlanState.APPROVED,
    )
    if approve and any(_meet(plan, other) for other in same):
        raise WrongStep("同一家机构同一时间已经有一份批准的计划，请先写它的止日。")
    plan.state = PlanState.APPROVED if approve else PlanState.REFUSED
    plan.decided_by_id, plan.decided_by = acting.user_id, acting.name
    plan.save()
    _record(plan.benefit, "ltci_plan_decided", acting, plan=plan.pk, state=str(plan.state))
    return plan


@transaction.atomic
def end_plan(*, plan_id: int, last: date, acting: Reader) -> CarePlan:
    """Say the last day of an approved plan."""
    refuse_unless(acting, _MANAGE)
    plan = _plan(acting, plan_id)
    if plan.state != PlanState.APPROVED or last < plan.first:
        raise WrongStep("止日不能早于起日，没有批准的计划不用写止日。")
    plan.last = last
    plan.save()
    _record(plan.benefit, "ltci_plan_ended", acting, plan=plan.pk, last=last.isoformat())
    return plan


@transaction.atomic
def enter_absence(
    *, person_id: int, kind: str, first: date, last: date | None, acting: Reader, words: str = ""
) -> Absence:
    """Note days on which nobody can be cared for at the usual place; the same twice is once."""
    refuse_unless(acting, _MANAGE)
    person = get_person(acting, person_id)
    if kind not in AbsenceKind.values or (last is not None and last < first):
        raise WrongStep("请选择原因，止日不能早于起日。")
    known = Absence.objects.filter(person=person, kind=kind, first=first).first()
    absence = known or Absence(person=person, place_code=person.place_code, kind=kind, first=first)
    absence.last, absence.entered_by, absence.words = (
        last,
        acting.name,
        whole(words, 300, WrongStep),
    )
    try:
        absence.save()
    except IntegrityError as problem:
        raise WrongStep("止日不能早于起日。") from problem
    audit.record(
        acting,
        "ltci_absence_entered",
        subject="person",
        subject_id=person.pk,
        place_code=person.place_code,
        detail={"kind": kind, "first": first.isoformat()},
    )
    return absence


def _benefit(acting: Reader, benefit_id: int) -> Benefit:
    rows = within_area(Benefit.objects.select_for_update(of=("self",)), acting)
    return rows.get(pk=benefit_id)


def _plan(acting: Reader, plan_id: int) -> CarePlan:
    rows = CarePlan.objects.select_for_update(of=("self",)).select_related("benefit")
    return within_area(rows, acting, "benefit__place_code").get(pk=plan_id)


def _planned(benefit: Benefit, first: date, last: date | None) -> int:
    """What other plans of the benefit allow a month at the same time, whatever provider."""
    wanted = CarePlan(first=first, last=last)
    states = (PlanState.PREPARED, PlanState.APPROVED)
    others = benefit.plans.filter(state__in=states)
    return sum(other.amount for other in others if _meet(wanted, other))


def _meet(one: CarePlan, other: CarePlan) -> bool:
    begins = other.last is None or one.first <= other.last
    return begins and (one.last is None or other.first <= one.last)


def _move(benefit: Benefit, to_state: BenefitState) -> None:
    if to_state not in BENEFIT_MOVES[benefit.state]:
        now = BenefitState(benefit.state).label
        raise WrongStep(f"“{now}”的待遇不能转到“{to_state.label}”。")
    benefit.state = to_state


def _last_day(month: date) -> date:
    return next_month(month) - timedelta(days=1)


def _record(benefit: Benefit, action: str, acting: Reader, **detail: object) -> None:
    audit.record(
        acting,
        action,
        subject="ltci_benefit",
        subject_id=benefit.pk,
        place_code=benefit.place_code,
        detail=detail,
    )
