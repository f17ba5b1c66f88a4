"""What the bank answers: every line once, by the key of its attempt."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from yanglao.domain.accounts.public import Permission
from yanglao.domain.settlement.actions.booking import Booking
from yanglao.domain.settlement.actions.steps import locked_run, move_run, note_step
from yanglao.domain.settlement.models import Attempt, BankFile, ReturnFile
from yanglao.domain.settlement.types import Act, AttemptState, FileState, Refused, RunState
from yanglao.foundation import clock
from yanglao.foundation.analytics import AnalyticSession
from yanglao.foundation.scoping import Reader
from yanglao.foundation.staging import insert_query, run_sql, staged


@dataclass(frozen=True, slots=True)
class TakenFile:
    """A return file: SHA-256 of its bytes, name of its sealed copy, lines by verdict."""

    digest: str
    file: str
    counts: dict[str, int]


_ATTEMPTS = """
UPDATE settlement_attempt SET reason = b.reason, state = CASE b.verdict WHEN 'paid' THEN 'paid'
  WHEN 'failed' THEN 'failed' ELSE 'returned' END
FROM settlement_back b WHERE settlement_attempt.id = b.attempt
"""
_PAID = """
UPDATE settlement_payment SET paid_fen = paid_fen + open_fen, open_fen = 0, state = 'paid'
WHERE id IN (SELECT payment FROM settlement_back WHERE verdict = 'paid')
"""
_FAILED = """
UPDATE settlement_payment SET open_fen = 0, state = 'failed'
WHERE id IN (SELECT payment FROM settlement_back WHERE verdict = 'failed')
"""
_BACK = """
UPDATE settlement_payment SET paid_fen = settlement_payment.paid_fen - b.fen, state = 'failed'
FROM settlement_back b WHERE settlement_payment.id = b.payment AND b.verdict = 'back'
"""
_SOURCE = (
    "settlement_back b JOIN settlement_attempt a ON a.id = b.attempt "
    "JOIN settlement_payment p ON p.id = a.payment_id WHERE b.verdict = %s ORDER BY a.id"
)
_ACTS = ((Act.CONFIRM, "paid"), (Act.FAIL, "failed"), (Act.RETURN, "back"))


@transaction.atomic
def take_returns(
    *,
    bank_file_id: int,
    session: AnalyticSession,
    taken: TakenFile,
    booked_on: date,
    last_step: int,
    acting: Reader,
) -> ReturnFile:
    """Book what came back; the same file twice changes nothing.

    Args:
        session: With a table ``judged``: place, key, attempt, payment, fen, town, verdict,
            reason; one row a line of the file.
        taken: The file.
        booked_on: The day under which it is booked.
        last_step: Last step of the run when the attempts were read.

    Raises:
        Refused: When the run moved on meanwhile, or the file was never handed over.
    """
    file = BankFile.objects.select_related("run").get(pk=bank_file_id)
    run = locked_run(file.run_id, acting=acting, permission=Permission.PREPARE_PAYMENTS)
    known = ReturnFile.objects.filter(bank_file=file, digest=taken.digest).first()
    if known is not None:
        return known
    if run.steps.order_by("-id").values_list("id", flat=True)[0] != last_step:
        raise Refused("这一批刚被别人办过，请重新上传回盘文件。")
    _book(session, booked_on, acting)
    found = ReturnFile.objects.create(
        bank_file=file,
        digest=taken.digest,
        file=taken.file,
        counts=taken.counts,
        taken_at=clock.now(),
        taken_by=acting.name,
    )
    insert_query(
        "settlement_returnline",
        ("place", "key", "attempt_id", "place_code", "fen", "verdict", "reason"),
        "SELECT place, key, attempt, town, fen, verdict, reason FROM judged "
        "WHERE verdict <> 'paid' ORDER BY place",
        session.con,
        constants={"returned_id": found.pk},
    )
    if not Attempt.objects.filter(bank_file=file, state=AttemptState.OPEN).exists():
        BankFile.objects.filter(pk=file.pk).update(state=FileState.ANSWERED)
    detail = {"file": file.number, "counts": taken.counts}
    if run.state in (RunState.SENT, RunState.CLOSED, RunState.RETURNED):
        move_run(run, RunState.RETURNED, act="returned", acting=acting, detail=detail)
    else:
        note_step(run, act="returned", acting=acting, detail=detail)
    return found


def _book(session: AnalyticSession, booked_on: date, acting: Reader) -> None:
    """Book the lines of a file that say something new, and follow them in attempts and payments."""
    con = session.con
    con.execute(
        "SELECT attempt, payment, fen, verdict, reason FROM judged "
        "WHERE verdict IN ('paid', 'failed', 'back') ORDER BY attempt"
    )
    columns = {
        **{"attempt": "int", "payment": "int", "fen": "int", "verdict": "text"},
        "reason": "text",
    }
    with staged("settlement_back", columns, con):
        booking = Booking(booked_on=booked_on, acting=acting)
        for act, verdict in _ACTS:
            booking.add(
                act,
                _SOURCE,
                fen="a.fen",
                payment="p.id",
                attempt="a.number",
                values=(verdict,),
            )
        booking.close()
        for text in (_ATTEMPTS, _PAID, _FAILED, _BACK):
            run_sql(text)
