"""回避: an approver asks another to look at the money of his own household, who answers."""

from django.db import transaction

from yanglao.domain.accounts.public import Permission
from yanglao.domain.people.public import family_of
from yanglao.domain.settlement.actions.steps import locked_run, note_step, took_part
from yanglao.domain.settlement.checks import last_submission, own_money, recusals_of
from yanglao.domain.settlement.models import PaymentRun, Recusal
from yanglao.domain.settlement.types import Refused, RunState
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.kernel.whole_words import whole


@transaction.atomic
def ask_recusal(*, run_id: int, acting: Reader) -> int:
    """Ask that another approver look at the money of one's own household in a submitted run.

    Asked twice, nothing is asked twice. Returns of how many people.

    Raises:
        Refused: When the run is not submitted, when there is no such money, or when the officer
            may not approve the run anyhow.
    """
    run = _submitted(run_id, acting)
    if took_part(run, acting=acting):
        raise Refused("经办过这一批的人不能审批自己的批次，请另一位有审批权限的人审批。")
    if acting.user_id is None:
        raise Refused("审批必须由在册的账号办理。")
    mine = own_money(run, [acting.user_id])
    if not mine:
        raise Refused("名单里没有您本人和您家里的人，可以直接审批。")
    step = last_submission(run)
    for one in mine:
        Recusal.objects.get_or_create(
            run=run,
            submitted=step,
            person_id=one.person_id,
            asked_by_id=acting.user_id,
            defaults={
                "name": one.name,
                "fen": one.fen,
                "claimed_fen": one.claimed_fen,
                "asked_by": acting.name[:80],
                "asked_at": clock.now(),
            },
        )
    note_step(run, act="recusal_asked", acting=acting, detail={"people": len(mine)})
    return len(mine)


@transaction.atomic
def answer_recusal(
    *, run_id: int, asked_by_id: int, agree: bool, words: str, acting: Reader
) -> int:
    """Answer, as another approver, about all that one approver asked; return of how many people.

    Raises:
        Refused: By who asked, by who took part in preparing, about people of one's own household,
            refused without a reason, or when nothing waits.
    """
    run = _submitted(run_id, acting)
    if acting.user_id is None or acting.user_id == asked_by_id:
        raise Refused("自己家里人的款项不能由自己复核，请换别人。")
    if took_part(run, acting=acting):
        raise Refused("经办过这一批的人不能复核，请另一位有审批权限的人复核。")
    if not agree and not words.strip():
        raise Refused("不同意要写明原因。")
    asked = list(recusals_of(run).filter(asked_by_id=asked_by_id, agreed=None))
    if not asked:
        raise Refused("没有等您复核的款项。")
    family = family_of(acting.user_id)
    if any(one.person_id in family for one in asked):
        raise Refused("里面有您本人或您家里的人，请换别人复核。")
    for one in asked:
        one.agreed, one.words = agree, whole(words, 300, Refused)
        one.decided_by_id, one.decided_by = acting.user_id, acting.name[:80]
        one.decided_at = clock.now()
        one.save()
    note_step(
        run,
        act="recusal_answered",
        acting=acting,
        reason=words,
        detail={"people": len(asked), "agreed": agree, "for": asked[0].asked_by},
    )
    return len(asked)


def _submitted(run_id: int, acting: Reader) -> PaymentRun:
    run = locked_run(run_id, acting=acting, permission=Permission.APPROVE_PAYMENTS)
    if run.state != RunState.SUBMITTED:
        raise Refused("只有待审批的批次才能复核。")
    return run
