"""Nobody decides about money of his own household: what of a run, or which claim, that is."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from yanglao.domain.people.public import family_of
from yanglao.domain.settlement.models import Claim, Payment, PaymentRun, Recusal, RunStep
from yanglao.domain.settlement.types import PaymentState, Refused
from yanglao.foundation.scoping import Reader


@dataclass(frozen=True, slots=True)
class OwnMoney:
    """What a run pays and claims back of one person of an officer's household, in fen."""

    person_id: int
    name: str
    fen: int
    claimed_fen: int


def own_money(run: PaymentRun, account_ids: Iterable[int | None]) -> list[OwnMoney]:
    """Return what a run decides about the households of these accounts, by person.

    What is held is not decided by an approval and left out. Two queries for the run, whatever the
    number of its payments.
    """
    family: set[int] = set()
    for one in {pk for pk in account_ids if pk is not None}:
        family |= family_of(one)
    if not family:
        return []
    found: dict[int, list[int]] = {}
    names: dict[int, str] = {}
    payments = Payment.objects.filter(run=run, person_id__in=family)
    for paid in payments.exclude(state=PaymentState.HELD).order_by("person_id", "id"):
        found.setdefault(paid.person_id, [0, 0])[0] += paid.net_fen
        names.setdefault(paid.person_id, paid.name)
    for claim in Claim.objects.filter(run=run, person_id__in=family).order_by("person_id", "id"):
        found.setdefault(claim.person_id, [0, 0])[1] += claim.fen
        names.setdefault(claim.person_id, claim.name)
    return [OwnMoney(pk, names[pk], *fen) for pk, fen in sorted(found.items())]


def last_submission(run: PaymentRun) -> RunStep | None:
    """Return the step by which a run was submitted last."""
    return run.steps.filter(act="submitted").order_by("-id").first()


def recusals_of(run: PaymentRun) -> QuerySet[Recusal]:
    """Return what approvers asked others to look at since the run was submitted last."""
    return Recusal.objects.filter(run=run, submitted=last_submission(run)).order_by("id")


def refuse_own_money(run: PaymentRun, *, acting: Reader) -> int:
    """Refuse an approval while money of the approver's household was not agreed to by another.

    Returns:
        Of how many people of his household another approver agreed.

    Raises:
        Refused: Saying of how many it was not, and what to do.
    """
    mine = {one.person_id: one for one in own_money(run, [acting.user_id])}
    if not mine:
        return 0
    agreed = {
        one.person_id: (one.fen, one.claimed_fen)
        for one in recusals_of(run).filter(asked_by_id=acting.user_id or 0, agreed=True)
    }
    open_ = [one for pk, one in mine.items() if agreed.get(pk) != (one.fen, one.claimed_fen)]
    if open_:
        raise Refused(
            f"名单里有 {len(open_)} 位是您本人或您家里的人：请先让另一位有审批权限的人复核这几位，"
            "再由您审批；或者整批交给他审批。"
        )
    return len(mine)


def refuse_own_claim(claim: Claim, *, acting: Reader) -> None:
    """Refuse any act on what an officer's own household owes.

    Raises:
        Refused: Always when it is.
    """
    if claim.person_id in family_of(acting.user_id):
        raise Refused(f"{claim.name}是您本人或您家里的人，这笔追缴请换别人办理。")
