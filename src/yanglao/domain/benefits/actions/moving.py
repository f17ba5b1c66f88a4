"""Moving cases: the table, the step, one line of the record; shared by all acts."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from yanglao.domain.benefits.checks import refuse_move
from yanglao.domain.benefits.models import Case, CaseStep
from yanglao.domain.benefits.types import MOVES, CaseAct, CaseState, WrongMove
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader, within_area
from yanglao.kernel.whole_words import whole

#: Ids named in one audit entry; the steps name all.
#: An answer of 1,000 characters with what came of it before it.
_LONGEST = 1100
_TOLD = 500


def case_to_change(case_id: int, acting: Reader) -> Case:
    """Return a case of the acting officer's area, locked.

    Raises:
        Case.DoesNotExist: When there is none.
    """
    rows = Case.objects.select_for_update(of=("self",)).select_related("person", "item")
    return within_area(rows, acting).get(pk=case_id)


def cases_to_change(ids: Iterable[int], act: CaseAct, acting: Reader) -> list[Case]:
    """Return those cases of the area that may make an act, locked, in order."""
    rows = Case.objects.select_for_update(of=("self",)).select_related("person", "item", "consent")
    origins = MOVES[act][0]
    return list(
        within_area(rows, acting).filter(pk__in=list(ids), state__in=origins).order_by("id")
    )


def move_case(
    case: Case,
    act: CaseAct,
    *,
    as_of: date,
    acting: Reader,
    words: str = "",
    due_on: date | None = None,
    **changes: Any,
) -> Case:
    """Move one case by the table and write its step; the caller records the audit entry.

    Raises:
        yanglao.domain.benefits.types.WrongMove: When the table does not allow it.
    """
    target = refuse_move(case, act)
    before = case.state
    case.state, case.state_on, case.due_on = target, as_of, due_on
    for name, value in changes.items():
        setattr(case, name, value)
    case.save(update_fields=["state", "state_on", "due_on", *changes])
    note_step(case, act, acting=acting, words=words, before=before)
    return case


def note_step(
    case: Case, act: CaseAct, *, acting: Reader, words: str = "", before: str | None = None
) -> None:
    """Write a step of one case."""
    CaseStep.objects.create(  # type: ignore[misc]  # words lie in the envelope
        case=case,
        at=clock.now(),
        by_id=acting.user_id,
        by_name=acting.name[:80],
        act=act,
        from_state=case.state if before is None else before,
        to_state=case.state,
        words=whole(words, _LONGEST, WrongMove),
    )


def note_steps(
    cases: Sequence[Case], act: CaseAct, target: CaseState, *, acting: Reader, words: str = ""
) -> None:
    """Write a step for each case as it was before the change, in one query."""
    at = clock.now()
    CaseStep.objects.bulk_create(
        [
            CaseStep(  # type: ignore[misc]  # words lie in the envelope
                case=case,
                at=at,
                by_id=acting.user_id,
                by_name=acting.name[:80],
                act=act,
                from_state=case.state,
                to_state=target,
                words=whole(words, _LONGEST, WrongMove),
            )
            for case in cases
        ],
        batch_size=1000,
    )


def on_record(
    acting: Reader, action: str, cases: Sequence[Case], *, reason: str = "", **detail: Any
) -> None:
    """Append one audit entry about one case or many."""
    one = cases[0] if len(cases) == 1 else None
    audit.record(
        acting,
        action,
        subject="benefit_case",
        subject_id=one.pk if one else "",
        place_code=one.place_code if one else acting.area,
        reason=reason,
        detail={"count": len(cases), "cases": [case.pk for case in cases[:_TOLD]], **detail},
    )
