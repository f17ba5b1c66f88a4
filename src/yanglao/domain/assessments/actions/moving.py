"""The one way an assessment changes its state: by the table, with a step that says who and why."""

from collections.abc import Sequence
from datetime import date

from yanglao.domain.assessments.models import Assessment, AssessmentStep
from yanglao.domain.assessments.types import (
    ALLOWED_MOVES,
    CLOSED_STATES,
    AssessmentState,
    WrongMove,
)
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.kernel.whole_words import whole


def move(
    assessment: Assessment,
    to: AssessmentState,
    *,
    acting: Reader,
    words: str = "",
    due_on: date | None = None,
) -> None:
    """Move one assessment; see :func:`move_many`.

    Raises:
        WrongMove: When the table does not allow it.
    """
    move_many([assessment], to, acting=acting, words=words, due_on=due_on)


def move_many(
    assessments: Sequence[Assessment],
    to: AssessmentState,
    *,
    acting: Reader,
    words: str = "",
    due_on: date | None = None,
    planned_on: date | None = None,
) -> None:
    """Move locked assessments together, in two queries.

    Args:
        assessments: Rows locked by the caller.
        to: The state.
        acting: Who moves them.
        words: Why, where it matters; sealed.
        due_on: Last day of the step that begins; as before when not given.
        planned_on: Day of the visit; as before when not given.

    Raises:
        WrongMove: When the table does not allow it for one of them; nothing is moved then.
    """
    for one in assessments:
        if to not in ALLOWED_MOVES[one.state]:
            raise WrongMove(
                f"“{AssessmentState(one.state).label}”不能直接转到“{AssessmentState(to).label}”。"
            )
    kept, at = whole(words, 500, WrongMove), clock.now()
    steps = [
        AssessmentStep(  # type: ignore[misc]  # words lie in the envelope
            assessment=one,
            at=at,
            by_id=acting.user_id,
            by_name=acting.name[:80],
            from_state=one.state,
            to_state=to,
            words=kept,
        )
        for one in assessments
    ]
    AssessmentStep.objects.bulk_create(steps, batch_size=1000)
    for one in assessments:
        one.state = to
        one.due_on = due_on or one.due_on
        one.planned_on = planned_on or one.planned_on
        one.closed_on = clock.today() if to in CLOSED_STATES else None
    Assessment.objects.bulk_update(
        assessments, ["state", "due_on", "planned_on", "closed_on"], batch_size=500
    )
