"""Benefits of the insurance: months, ceilings and hours follow from the parameters."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from yanglao.domain.ltci.public import (
    Benefit,
    CarePlan,
    Place,
    StopCause,
    WrongStep,
    decide_benefit,
    get_benefit,
    prepare_benefit,
    prepare_plan,
    stop_benefit,
    valid_grading,
)
from yanglao.domain.people.public import get_person, person_facts
from yanglao.engines.scoring.validity import ValidityRule, valid_period
from yanglao.flows.grade_ltci import match_again, tell_ltci
from yanglao.flows.read_ltci_terms import ltci_terms, months_on, needed
from yanglao.foundation.scoping import Reader

_HOUR = 60
_DAYS = 31


@dataclass(frozen=True, slots=True)
class Grade:
    """The grade on which a benefit may rest.

    Attributes:
        level: 0 to 5. graded_on: When. grading_id: Made here; None: a list of 医保.
        decided_on: Day of the conclusion here. ends_on: Last day it holds, by the parameter;
            None when the day of grading is unknown.
    """

    level: int
    graded_on: date | None
    grading_id: int | None
    decided_on: date | None
    ends_on: date | None


def grade_of(reader: Reader, person_id: int, as_of: date) -> Grade | None:
    """Return the grade of a person on a day: made here and valid, else of a list; None: unknown."""
    grading = valid_grading(reader, person_id, as_of)
    if grading is not None and grading.level is not None:
        return Grade(
            grading.level, grading.graded_on, grading.pk, grading.concluded_on, grading.valid_to
        )
    person = get_person(reader, person_id)
    facts = {line.name: line.value for line in person_facts(reader, person, as_of)}
    level, day = facts.get("ltci_level"), facts.get("ltci_assessed_on")
    if not isinstance(level, int) or level < 0:
        return None
    graded = day if isinstance(day, date) and day > date.min else None
    ends = None
    if graded is not None:
        months = needed(ltci_terms(as_of), "valid_months", as_of, str(level))
        ends = valid_period(graded, level, ValidityRule(months)).last
    return Grade(level, graded, None, None, ends)


def propose_benefit(
    *, person_id: int, care_place: str, acting: Reader, as_of: date, words: str = ""
) -> Benefit:
    """Prepare a benefit from the person's grade; months and ceiling come from the parameters.

    Raises:
        WrongStep: Without a grade, or for one that is too light.
    """
    if care_place not in Place.values:
        raise WrongStep("请选择居家或机构。")
    grade = grade_of(acting, person_id, as_of)
    if grade is None:
        raise WrongStep("没有失能等级，请先申请失能评估。")
    terms = ltci_terms(as_of)
    lowest = needed(terms, "lowest_grade", as_of)
    if grade.level < lowest:
        raise WrongStep(f"失能等级 {grade.level} 级，{lowest} 级及以上才享受待遇。")
    if grade.ends_on is not None and grade.ends_on < as_of:
        raise WrongStep(f"名单上的失能等级到 {grade.ends_on} 已经过期，请申请重评。")
    decided = grade.decided_on or as_of
    first = months_on(decided, needed(terms, "start_months", decided))
    return prepare_benefit(
        person_id=person_id,
        level=grade.level,
        grading_id=grade.grading_id,
        care_place=care_place,
        first_month=first,
        last_month=grade.ends_on,
        monthly_fen=terms.value("ceiling", first, f"{care_place}/{grade.level}"),
        acting=acting,
        as_of=as_of,
        words=words,
    )


def approve_ltci_benefit(
    *, benefit_id: int, approve: bool, acting: Reader, as_of: date, reason: str = ""
) -> Benefit:
    """Decide about a benefit; an approved one becomes a fact of the person's file."""
    with transaction.atomic():
        benefit = decide_benefit(
            benefit_id=benefit_id, approve=approve, acting=acting, reason=reason
        )
        if approve:
            _tell(benefit, acting, as_of, receiving=True)
    match_again(benefit.person_id, acting, as_of)
    return benefit


def stop_ltci_benefit(
    *, benefit_id: int, cause: str, happened_on: date, acting: Reader, as_of: date, reason: str = ""
) -> Benefit:
    """End a benefit with the month that the parameter says for the cause."""
    if cause not in StopCause.values:
        raise WrongStep("请选择停止的原因。")
    if happened_on > as_of:
        raise WrongStep("事情还没有发生，到时候再停。")
    months = needed(ltci_terms(happened_on), "stop_months", happened_on, cause)
    with transaction.atomic():
        benefit = stop_benefit(
            benefit_id=benefit_id,
            cause=cause,
            last_month=months_on(happened_on, months),
            acting=acting,
            reason=reason,
        )
        _tell(benefit, acting, as_of, receiving=False)
    match_again(benefit.person_id, acting, as_of)
    return benefit


def _tell(benefit: Benefit, acting: Reader, as_of: date, *, receiving: bool) -> None:
    tell_ltci(
        person_id=benefit.person_id,
        values={"ltci_receiving": receiving},
        acting=acting,
        as_of=as_of,
        reason=f"长护险待遇第 {benefit.pk} 号",
    )


def most_of_plan(benefit: Benefit, month: date) -> int | None:
    """Return what a grade allows a month: minutes at home, days in an institution."""
    if benefit.care_place == Place.INSTITUTION:
        return _DAYS
    hours = ltci_terms(month).value("hours", month, str(benefit.level))
    return None if hours is None else hours * _HOUR


def propose_plan(
    *,
    benefit_id: int,
    provider_id: int,
    first: date,
    last: date | None,
    amount: int,
    acting: Reader,
    tasks: str = "",
) -> CarePlan:
    """Prepare a care plan: hours at home (turned into minutes), days in an institution."""
    benefit = get_benefit(acting, benefit_id)
    at_home = benefit.care_place == Place.HOME
    return prepare_plan(
        benefit_id=benefit_id,
        provider_id=provider_id,
        first=first,
        last=last,
        amount=amount * _HOUR if at_home else amount,
        most=most_of_plan(benefit, first),
        acting=acting,
        tasks=tasks,
    )
