"""A person says of a finding whether the money waits or goes."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from yanglao.domain.accounts.public import Permission
from yanglao.domain.people.public import family_of
from yanglao.domain.settlement.actions.steps import locked_run, note_step
from yanglao.domain.settlement.models import Finding, Line, Payment, PaymentRun
from yanglao.domain.settlement.types import (
    NEVER_RELEASED,
    Decision,
    PaymentState,
    Refused,
    RunState,
)
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.kernel.whole_words import whole

_CHUNK = 500


@transaction.atomic
def decide_findings(
    *, run_id: int, finding_ids: Iterable[int], decision: str, reason: str, acting: Reader
) -> int:
    """Hold or release what findings are about; return how many findings were decided.

    A payment goes when every finding of it that stops money was released and none was held. What
    is about the officer's own household is left out, for another one.

    Raises:
        Refused: Without a reason; when the run is not being checked; when something cannot be
            released because the money would have nowhere to go; when all of it is about the
            officer's own household.
    """
    run = locked_run(run_id, acting=acting, permission=Permission.PREPARE_PAYMENTS)
    if run.state not in (RunState.FROZEN, RunState.CHECKED):
        raise Refused("只有冻结以后、提交以前才能处理提示。")
    if decision not in (Decision.HELD, Decision.RELEASED):
        raise Refused("请选择放行或暂缓。")
    if not reason.strip():
        raise Refused("放行或暂缓都要写明原因。")
    wanted = sorted(set(finding_ids))
    found: list[Finding] = []
    for start in range(0, len(wanted), _CHUNK):
        rows = Finding.objects.filter(run=run, pk__in=wanted[start : start + _CHUNK])
        found += rows.order_by("id")
    family = family_of(acting.user_id)
    chosen, found = found, [one for one in found if one.person_id not in family]
    if chosen and not found:
        raise Refused("是您本人或您家里的人，请换别人处理。")
    stuck = [one for one in found if one.code in NEVER_RELEASED]
    if decision == Decision.RELEASED and stuck:
        raise Refused(
            f"选中的有 {len(stuck)} 条没有可用的账户或档案，放行了也发不出去："
            "请补登账户后重新冻结，或暂缓。"
        )
    reason, at = whole(reason, 300, Refused), clock.now()
    for one in found:
        one.decision, one.decided_at, one.reason = decision, at, reason
        one.decided_by_id, one.decided_by = acting.user_id, acting.name
    Finding.objects.bulk_update(
        _sealed(found),
        ["decision", "decided_at", "decided_by_id", "decided_by", "sealed"],
        batch_size=_CHUNK,
    )
    _follow(run, {(one.person_id, one.benefit) for one in found})
    note_step(
        run,
        act="decided",
        acting=acting,
        reason=reason,
        detail={"decision": str(decision), "count": len(found)},
    )
    return len(found)


def _sealed(found: list[Finding]) -> list[Finding]:
    """Close envelopes: bulk writing does not."""
    for one in found:
        one.close_envelope()
    return found


def _follow(run: PaymentRun, touched: set[tuple[int, str]]) -> None:
    """Hold or ready the payments of people of whom something was decided."""
    people = sorted({person for person, _benefit in touched})
    for start in range(0, len(people), _CHUNK):
        few = people[start : start + _CHUNK]
        stopped = set(
            Finding.objects.filter(run=run, person_id__in=few)
            .filter(Q(decision=Decision.HELD) | Q(stops=True, decision=""))
            .order_by("id")
            .values_list("person_id", "benefit")
        )
        for person, benefit in touched:
            if person not in few:
                continue
            held = (person, benefit) in stopped
            state = PaymentState.HELD if held else PaymentState.READY
            mine = {"run": run, "person_id": person, "benefit": benefit}
            Payment.objects.filter(**mine).update(state=state)
            Line.objects.filter(**mine).exclude(kind="overpaid").update(held=held)
