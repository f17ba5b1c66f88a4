"""What an approval books: what is owed, what is kept back, what is claimed."""

from datetime import date

from django.db.models import F, Sum

from yanglao.domain.people.public import all_files_of
from yanglao.domain.settlement.actions.booking import Booking
from yanglao.domain.settlement.models import Claim, Entry, Line, Payment, PaymentRun
from yanglao.domain.settlement.types import (
    SIDES,
    Act,
    ClaimState,
    LineKind,
    PaymentState,
    Refused,
)
from yanglao.foundation.scoping import Reader

_OWED = "settlement_payment p WHERE p.run_id = %s AND p.state = 'owed' ORDER BY p.id"


def book_approval(run: PaymentRun, *, booked_on: date, acting: Reader) -> dict[str, int]:
    """Book a run in the caller's transaction; return figures of what was booked.

    Raises:
        Refused: When a claim has less left than the run wants to keep back.
    """
    payments = Payment.objects.filter(run=run)
    payments.filter(state=PaymentState.READY).update(state=PaymentState.OWED)
    booking = Booking(booked_on=booked_on, acting=acting)
    booking.add(Act.APPROVE, _OWED, fen="p.gross_fen", payment="p.id", values=(run.pk,))
    Claim.objects.filter(run=run, state=ClaimState.PROPOSED).update(
        state=ClaimState.OPEN, opened_on=booked_on
    )
    claimed = booking.add(
        Act.OVERPAID,
        "settlement_claim p WHERE p.run_id = %s ORDER BY p.id",
        fen="p.fen",
        claim="p.id",
        values=(run.pk,),
    )
    withheld = _withhold(run, booked_on, booking)
    # Nothing is left to be sent where all was kept back.
    payments.filter(state=PaymentState.OWED, gross_fen=F("withheld_fen")).update(
        state=PaymentState.SETTLED
    )
    booking.close()
    found = payments.exclude(state=PaymentState.HELD).aggregate(
        gross=Sum("gross_fen"), kept=Sum("withheld_fen")
    )
    return {
        "approved_fen": int(found["gross"] or 0),
        "withheld_fen": int(found["kept"] or 0),
        "withheld": withheld,
        "claims": claimed,
    }


def _withhold(run: PaymentRun, booked_on: date, booking: Booking) -> int:
    """Book instalments against the oldest claims first; return how many entries."""
    lines = Line.objects.filter(run=run, kind=LineKind.RECOVERY, held=False).order_by("id")
    wanted = {(one.person_id, one.benefit): -one.fen for one in lines}
    if not wanted:
        return 0
    people = sorted({person for person, _benefit in wanted})
    payments = {}
    claims: dict[tuple[int, str], list[Claim]] = {}
    for start in range(0, len(people), 500):
        few = people[start : start + 500]
        for one in Payment.objects.filter(run=run, person_id__in=few).order_by("id"):
            payments[one.person_id, one.benefit] = one
        files = all_files_of(few)
        rows = Claim.objects.select_for_update().filter(
            person_id__in=files, state__in=[ClaimState.OPEN, ClaimState.AGREED]
        )
        for claim in rows.exclude(run=run).order_by("id"):
            claims.setdefault((files[claim.person_id], claim.benefit), []).append(claim)
    entries, changed = [], []
    for key, fen in wanted.items():
        for claim in claims.get(key, []):
            part = min(fen, claim.left_fen)
            if part <= 0:
                continue
            claim.withheld_fen += part
            claim.state = ClaimState.SETTLED if claim.left_fen == 0 else claim.state
            changed.append(claim)
            entries.append(_withheld(run, payments[key], claim, part, booked_on))
            fen -= part
        if fen:
            raise Refused("冻结以后追缴款有变动，扣回的金额不再相符：请退回后重新冻结再审批。")
    Claim.objects.bulk_update(changed, ["withheld_fen", "state"], batch_size=500)
    Entry.objects.bulk_create(entries, batch_size=1000)
    booking.number += len(entries)
    return len(entries)


def _withheld(run: PaymentRun, payment: Payment, claim: Claim, fen: int, on: date) -> Entry:
    debit, credit = SIDES[Act.WITHHOLD]
    return Entry(
        act=Act.WITHHOLD,
        debit=debit,
        credit=credit,
        fen=fen,
        booked_on=on,
        run=run,
        person_id=payment.person_id,
        place_code=payment.place_code,
        benefit=payment.benefit,
        payment_ref=payment.pk,
        claim_ref=claim.pk,
    )
