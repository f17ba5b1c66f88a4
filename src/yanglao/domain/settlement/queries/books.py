"""The books: trial balance, entries, and whether what was added up is what was booked."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Sum

from yanglao.domain.settlement.models import Entry, PaymentRun, Tally
from yanglao.domain.settlement.types import SIDES, Account, Act
from yanglao.foundation.scoping import Reader, within_area


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """An account: fen debited and credited in all, and how many entries touched it."""

    account: Account
    debit: int
    credit: int
    entries: int

    @property
    def balance(self) -> int:
        """Debit less credit."""
        return self.debit - self.credit


def trial_balance(
    reader: Reader, *, run: PaymentRun | None = None, benefit: str = ""
) -> list[BalanceRow]:
    """Return all accounts with what was booked on them in the reader's area, in one query."""
    rows = within_area(Tally.objects.order_by(), reader)
    if run is not None:
        rows = rows.filter(run=run)
    if benefit:
        rows = rows.filter(benefit=benefit)
    sums: dict[Account, list[int]] = {account: [0, 0, 0] for account in Account}
    for act, number, fen in rows.values_list("act").annotate(Sum("number"), Sum("fen")):
        debit, credit = SIDES[Act(act)]
        sums[debit][0] += fen
        sums[credit][1] += fen
        sums[debit][2] += number
        sums[credit][2] += number
    return [BalanceRow(account, *row) for account, row in sums.items()]


def entries(
    reader: Reader,
    *,
    account: int | None = None,
    act: int | None = None,
    run: int | None = None,
    claim: int | None = None,
    payment: int | None = None,
) -> QuerySet[Entry]:
    """Return entries of the reader's area, the latest first."""
    rows = within_area(Entry.objects.order_by("-id"), reader)
    if account is not None:
        acts = [int(one) for one, sides in SIDES.items() if account in sides]
        rows = rows.filter(act__in=acts)
    if act is not None:
        rows = rows.filter(act=act)
    if run is not None:
        rows = rows.filter(run_id=run)
    if claim is not None:
        rows = rows.filter(claim_ref=claim)
    if payment is not None:
        rows = rows.filter(payment_ref=payment)
    return rows.select_related("run", "person")


def tally_gaps() -> list[tuple[Any, ...]]:
    """Return run, act, benefit and both sums wherever what was added up is not what was booked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT run_id, act, benefit, sum(booked), sum(told) FROM ("
            "SELECT run_id, act, benefit, sum(fen) AS booked, 0 AS told FROM settlement_entry "
            "GROUP BY 1, 2, 3 UNION ALL "
            "SELECT run_id, act, benefit, 0, sum(fen) FROM settlement_tally GROUP BY 1, 2, 3"
            ") AS both_sides GROUP BY 1, 2, 3 HAVING sum(booked) <> sum(told) ORDER BY 1, 2, 3"
        )
        return list(cursor.fetchall())
