"""回避: money of an approver's own household, and another approver's word on it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission, person_of_account
from yanglao.domain.settlement.public import (
    OwnMoney,
    PaymentRun,
    Recusal,
    Refused,
    answer_recusal,
    ask_recusal,
    own_money,
    recusals_of,
    steps_of,
)
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.payments_desk.finding import found_run, reader_of
from yanglao.web.kit.screens import screen


@dataclass(frozen=True, slots=True)
class Asked:
    """What one approver asked others to look at."""

    by_id: int
    by: str
    people: tuple[Recusal, ...]


@dataclass(frozen=True, slots=True)
class Own:
    """What the approval page says about households.

    Attributes:
        mine: Money of the reader's own household in the run. missing: People of it about whom no
            other approver has been asked yet, or who were refused.
        refused: The other approver's words where he refused.
        asked: What others asked the reader to look at.
        makers: Money of households of those who prepared the run.
        no_file: Whether the reader has not said who he is, so that nothing can be known.
    """

    mine: tuple[OwnMoney, ...]
    answered: tuple[Recusal, ...]
    asked: tuple[Asked, ...]
    makers: tuple[OwnMoney, ...]
    no_file: bool

    @property
    def blocks(self) -> bool:
        """Whether the reader cannot approve yet."""
        agreed = {one.person_id for one in self.answered if one.agreed}
        return any(one.person_id not in agreed for one in self.mine)

    @property
    def unasked(self) -> bool:
        """Whether somebody of the reader's household still has to be asked about."""
        known = {one.person_id for one in self.answered}
        return any(one.person_id not in known for one in self.mine)

    @property
    def refused(self) -> list[Recusal]:
        """What the other approver did not agree to."""
        return [one for one in self.answered if one.agreed is False]


def own_of(run: PaymentRun, reader: Reader) -> Own:
    """Return what of a submitted run concerns the reader's household and those of its makers."""
    rows = list(recusals_of(run))
    return Own(
        mine=tuple(own_money(run, [reader.user_id])),
        answered=tuple(one for one in rows if one.asked_by_id == reader.user_id),
        asked=_by_asker(
            one for one in rows if one.asked_by_id != reader.user_id and one.agreed is None
        ),
        makers=tuple(own_money(run, _makers(run))),
        no_file=reader.user_id is not None and person_of_account(reader.user_id) is None,
    )


def _makers(run: PaymentRun) -> set[int | None]:
    acts = ("opened", "frozen", "decided", "checked", "submitted")
    return set(steps_of(run).filter(act__in=acts).values_list("by_id", flat=True))


def _by_asker(rows: Iterable[Recusal]) -> tuple[Asked, ...]:
    found: dict[int, list[Recusal]] = {}
    for one in rows:
        found.setdefault(one.asked_by_id, []).append(one)
    return tuple(Asked(pk, few[0].asked_by, tuple(few)) for pk, few in sorted(found.items()))


@screen(Permission.APPROVE_PAYMENTS, writes=True)
def recuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask another approver about one's own household, or answer one who asked."""
    found_run(request, pk)
    if request.method == "POST":
        try:
            _do(request, pk)
        except Refused as refusal:
            messages.error(request, str(refusal))
    return redirect("payments_desk:approve", pk)


def _do(request: HttpRequest, pk: int) -> None:
    said = request.POST
    if said.get("act") == "ask":
        ask_recusal(run_id=pk, acting=reader_of(request))
        messages.success(request, _("已登记。请告诉另一位有审批权限的人来复核。"))
        return
    by = said.get("by", "")
    answer_recusal(
        run_id=pk,
        asked_by_id=int(by) if by.isdigit() else 0,
        agree=said.get("act") == "agree",
        words=said.get("words", ""),
        acting=reader_of(request),
    )
    messages.success(request, _("已登记您的复核意见。"))
