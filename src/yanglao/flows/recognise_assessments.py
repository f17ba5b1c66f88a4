"""A result made elsewhere: taken over with its source and its own day, or refused with a reason."""

from datetime import date

from django.db import transaction

from yanglao.domain.assessments.public import (
    Result,
    SourceKind,
    accept_recognition,
    get_recognition,
)
from yanglao.flows.assessment_rules import assessment_rules
from yanglao.flows.conclude_assessment import match_again, tell_people
from yanglao.foundation.scoping import Reader


def recognise(*, recognition_id: int, reason: str, acting: Reader, as_of: date) -> Result | None:
    """Accept a result made elsewhere; it holds from its own day, as long as one made here would.

    Args:
        recognition_id: What waits for a decision.
        reason: On what ground, and where it was checked.
        acting: Who decides.
        as_of: The day.

    Returns:
        The result that holds from now on; ``None`` where it is evidence for an inference only.

    Raises:
        Recognition.DoesNotExist: When it lies outside the acting officer's area.
        PermissionError, yanglao.domain.assessments.public.WrongMove: As ``accept_recognition``.
    """
    found = get_recognition(acting, recognition_id)
    last = None
    if found.standard == SourceKind.GBT42195:
        last = assessment_rules(as_of).last_day(found.assessed_on, int(found.said))
    with transaction.atomic():
        result = accept_recognition(
            recognition_id=recognition_id,
            valid_to=last,
            reason=reason,
            acting=acting,
            as_of=as_of,
        )
        final = [] if result is None else [result]
        tell_people(final, acting=acting, as_of=as_of)
    match_again(final, acting=acting, as_of=as_of)
    return result
