"""What every act on a run has in common: who may, whether it may, and its line in the history."""

from typing import Any

from django.db import transaction

from yanglao.domain.accounts.public import Permission
from yanglao.domain.settlement.models import PaymentRun, RunStep
from yanglao.domain.settlement.types import MOVES, Person, Refused, RunState
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader, within_area
from yanglao.foundation.staging import one_writer
from yanglao.kernel.whole_words import whole

RUNS_LOCK = "settlement_runs"
#: Acts of whoever approves or audits; they make nobody one who prepared the run.
_OF_OTHERS = ("approved", "sent_back", "recusal_asked", "recusal_answered", "recomputed")


def locked_run(run_id: int, *, acting: Reader, permission: Permission) -> PaymentRun:
    """Return a run that nobody else changes until the transaction ends.

    Raises:
        PermissionError: When the role may not.
        PaymentRun.DoesNotExist: When it lies outside the acting area.
    """
    if not acting.can(permission):
        raise PermissionError("您的账号没有办理待遇发放的权限。")
    one_writer(RUNS_LOCK)
    rows = within_area(PaymentRun.objects.select_for_update(), acting, "region_code")
    return rows.get(pk=run_id)


def move_run(
    run: PaymentRun,
    to_state: RunState,
    *,
    act: str,
    acting: Reader,
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Move a run, with a line in its history and in the record of acts.

    Raises:
        Refused: When the table of states does not allow it.
    """
    before = RunState(run.state)
    if to_state not in MOVES[before]:
        raise Refused(f"“{before.label}”的批次不能转为“{to_state.label}”。")
    run.state = to_state
    run.save()
    note_step(run, act=act, acting=acting, reason=reason, detail=detail, states=(before, to_state))


def note_step(
    run: PaymentRun,
    *,
    act: str,
    acting: Reader,
    reason: str = "",
    detail: dict[str, Any] | None = None,
    states: tuple[str, str] = ("", ""),
    private: str = "",
) -> None:
    """Write down an act on a run; what is private stands in its history only, sealed."""
    step = RunStep(
        run=run,
        at=clock.now(),
        by_id=acting.user_id,
        by_name=acting.name,
        act=act,
        from_state=states[0],
        to_state=states[1],
        detail=detail or {},
    )
    step.words = private or whole(reason, 300, Refused)
    step.save()
    audit.record(
        acting,
        f"payment_run_{act}",
        subject="payment_run",
        subject_id=run.pk,
        place_code=run.region_code,
        reason=reason,
        detail={"number": run.number, **(detail or {})},
    )


@transaction.atomic
def note_recomputed(
    *, run_id: int, detail: dict[str, Any], named: str, acting: Reader
) -> PaymentRun:
    """Write down that a run was computed again from its sealed input, and what came of it.

    Args:
        detail: Counts. named: Whose money differs, kept sealed.
    """
    run = locked_run(run_id, acting=acting, permission=Permission.SEE_PAYMENTS)
    note_step(run, act="recomputed", acting=acting, detail=detail, private=named)
    return run


def took_part(run: PaymentRun, *, acting: Reader) -> bool:
    """Say whether the acting officer made, froze, decided or submitted anything of the run.

    What others do (approving, sending back, asking about their own household and answering such a
    question, computing again) does not count.
    """
    me = Person(acting.user_id, acting.name)
    steps = run.steps.exclude(act__in=_OF_OTHERS).values_list("by_id", "by_name")
    mine = {Person(*step) for step in steps} | {Person(run.made_by_id, run.made_by)}
    if acting.user_id is not None:
        return any(one.user_id == acting.user_id for one in mine)
    return me in mine
