"""From a handed-in sheet to a level, from the level to the person's facts.

The level is computed by ``engines/scoring`` and never typed. When the notice is over it becomes a
fact of the person like any other, the person is matched again, and whoever pays is told.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction

from yanglao.domain.assessments.public import (
    Result,
    Scored,
    SheetView,
    WrongMove,
    get_assessment,
    get_sheet,
    make_results_final,
    notices_over,
    publish_result,
)
from yanglao.domain.people.public import Kind, enter_fact
from yanglao.engines.scoring.ability import AbilityResult
from yanglao.engines.scoring.scales import GBT42195
from yanglao.flows.assessment_rules import assessment_rules
from yanglao.flows.find_entitled import NoPackInForce, recheck_people
from yanglao.flows.read_assessment_form import AbilityForm, ability_form
from yanglao.foundation import clock
from yanglao.foundation.jobs import defer
from yanglao.foundation.scoping import Reader


def score_sheet(view: SheetView) -> tuple[AbilityForm, AbilityResult, date]:
    """Score a sheet as it stands by the standard of its day, whole or half filled in.

    Returns:
        The form, the result (without a level while anything is missing), and the day.
    """
    sheet = view.sheet
    moment = sheet.ended_at or sheet.finished_at
    planned = sheet.assessment.planned_on or sheet.assessment.asked_on
    day = clock.day_of(moment) if moment else planned
    form = ability_form(day)
    return form, form.score({name: one.value for name, one in view.fields.items()}), day


def conclude_assessment(*, assessment_id: int, acting: Reader, as_of: date) -> Result:
    """Compute the level of a handed-in sheet and put it on public notice. Twice is once.

    Raises:
        Assessment.DoesNotExist: When it lies outside the acting officer's area.
        PermissionError: When the role may not.
        WrongMove: When the sheet is not handed in, or gives no level, with the columns at fault.
    """
    assessment = get_assessment(acting, assessment_id)
    sheet = getattr(assessment, "sheet", None)
    if sheet is None:
        raise WrongMove("还没有评估表，不能出结果。")
    form, scored, day = score_sheet(get_sheet(acting, sheet.pk))
    if scored.final is None or scored.preliminary is None or scored.total is None:
        raise WrongMove("".join(f"{fault.says}。" for fault in scored.faults[:6]))
    rules = assessment_rules(as_of)
    return publish_result(
        assessment_id=assessment_id,
        scored=Scored(
            level=scored.final,
            preliminary=scored.preliminary,
            total=scored.total,
            told={
                "sums": scored.sums,
                "reasons": list(scored.reasons),
                "hints": list(scored.hints),
                "unverified": list(form.unverified()),
            },
            standard=GBT42195,
            version=form.scale.version,
            assessed_on=day,
            valid_to=rules.last_day(day, scored.final),
        ),
        as_of=as_of,
        notice_days=rules.clocks.notice,
        acting=acting,
    )


def close_notices(*, acting: Reader, as_of: date, ids: Iterable[int] | None = None) -> list[Result]:
    """Make results final whose notice is over, and let everything that hangs on them follow.

    Args:
        acting: Whose area; the program at night, or an officer.
        as_of: The day.
        ids: Only these results, when given.

    Returns:
        The results that became final.
    """
    wanted = notices_over(acting, as_of)
    if ids is not None:
        wanted = wanted.filter(pk__in=list(ids))
    numbers = list(wanted.values_list("pk", flat=True))
    with transaction.atomic():
        final = make_results_final(ids=numbers, as_of=as_of, acting=acting)
        tell_people(final, acting=acting, as_of=as_of)
    match_again(final, acting=acting, as_of=as_of)
    return final


def tell_people(final: Sequence[Result], *, acting: Reader, as_of: date) -> None:
    """Write final levels as facts, and ask whoever pays to follow; in the caller's transaction."""
    for result in final:
        enter_fact(
            person_id=result.person_id,
            kind=Kind.ASSESSMENT,
            values={
                "assessed_on": result.assessed_on,
                "ability_level": result.level,
                "agency": _agency(result),
            },
            acting=acting,
            as_of=as_of,
            reason=f"能力评估结果第 {result.pk} 号",
        )
    if final:
        people = sorted({result.person_id for result in final})
        defer("follow_benefits", acting, people=people, as_of=as_of.isoformat())


def match_again(final: Sequence[Result], *, acting: Reader, as_of: date) -> None:
    """Match the people of final results against the list in force, if one is."""
    if not final:
        return
    people = sorted({result.person_id for result in final})
    try:
        recheck_people(people, as_of=as_of, acting=acting)
    except NoPackInForce:
        return


def _agency(result: Result) -> str:
    """Return who assessed: the body, or whence a recognised result came."""
    if result.recognition is not None:
        return result.recognition.agency
    if result.assessment is None:
        return ""
    bodies = [one.assessor.body.name for one in result.assessment.assignments.all()]
    return "、".join(dict.fromkeys(bodies))[:80]
