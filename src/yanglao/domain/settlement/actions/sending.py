"""Bank files: attempts are written down before anything is handed over."""

from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from yanglao.domain.accounts.public import Permission
from yanglao.domain.settlement.actions.booking import Booking
from yanglao.domain.settlement.actions.steps import RUNS_LOCK, locked_run, move_run, note_step
from yanglao.domain.settlement.models import BankFile, Payment, PaymentRun
from yanglao.domain.settlement.types import Act, FileState, Refused, RunState
from yanglao.foundation import clock
from yanglao.foundation.analytics import AnalyticSession
from yanglao.foundation.scoping import Reader, within_area
from yanglao.foundation.staging import one_writer, run_sql, staged


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file whose bytes lie sealed already, before its attempts are written down.

    Attributes:
        number: Of the file. payer: Who pays. encoding: Of the bytes.
        ordered_on: The day in the file. payments, fen: What is in it.
        digest: SHA-256 of the bytes. file: Name in the folder of sealed files.
        last_step: Last step of the run when the payments were read.
    """

    number: str
    payer: str
    encoding: str
    ordered_on: date
    payments: int
    fen: int
    digest: str
    file: str
    last_step: int


def next_file_number(run: PaymentRun, *, acting: Reader) -> str:
    """Return the number of a run's next file; the unique number refuses a second such file."""
    if not acting.covers(run.region_code):
        raise PermissionError("只能办理自己辖区的发放。")
    return f"{run.number}-{BankFile.objects.filter(run=run).count() + 1:02d}"


@transaction.atomic
def begin_attempts(
    *, run_id: int, session: AnalyticSession, written: WrittenFile, acting: Reader
) -> BankFile:
    """Write down the attempts of a file: from here on they are on their way.

    Args:
        session: With a table ``owed`` (payment, number, fen, token), all that is in the file.
        written: The file.

    Raises:
        Refused: When the run moved on since the payments were read, nothing is owed, or what is
            owed is not what the file says.
    """
    run = locked_run(run_id, acting=acting, permission=Permission.PREPARE_PAYMENTS)
    if run.steps.order_by("-id").values_list("id", flat=True)[0] != written.last_step:
        raise Refused("这一批刚被别人办过，请刷新后再生成文件。")
    if not written.payments:
        raise Refused("没有要送银行的款项。")
    file = BankFile.objects.create(
        run=run,
        number=written.number,
        ordered_on=written.ordered_on,
        payer=written.payer,
        encoding=written.encoding,
        payments=written.payments,
        fen=written.fen,
        digest=written.digest,
        file=written.file,
        made_at=clock.now(),
        made_by=acting.name,
    )
    whole = Payment.objects.filter(run=run, state="owed", attempts=0).count() == written.payments
    if whole and not Payment.objects.filter(run=run, state="failed").exists():
        _attempt_all(run, file)
    else:
        _attempt_some(session, file)
    found = _sums(file)
    if found != (written.payments, written.fen):
        raise Refused("应发的笔数或金额与文件不符，文件作废：请重新生成。")
    booking = Booking(booked_on=written.ordered_on, acting=acting)
    booking.add(
        Act.SEND,
        "settlement_attempt a JOIN settlement_payment p ON p.id = a.payment_id "
        "WHERE a.bank_file_id = %s ORDER BY a.id",
        fen="a.fen",
        payment="p.id",
        attempt="a.number",
        values=(file.pk,),
    )
    booking.close()
    move_run(
        run,
        RunState.SENT,
        act="file_made",
        acting=acting,
        detail={"file": file.number, "payments": written.payments, "fen": written.fen},
    )
    return file


_ALL = """
INSERT INTO settlement_attempt (payment_id, number, bank_file_id, fen, token, state, reason)
SELECT id, 1, %s, gross_fen - withheld_fen, token, 'open', ''
FROM settlement_payment WHERE run_id = %s AND state = 'owed' ORDER BY id
"""
_ALL_OPEN = """
UPDATE settlement_payment SET attempts = 1, open_fen = gross_fen - withheld_fen, state = 'open'
WHERE run_id = %s AND state = 'owed'
"""


def _attempt_all(run: PaymentRun, file: BankFile) -> None:
    """Write the first attempt of every payment of a run: no row leaves the database."""
    run_sql(_ALL, (file.pk, run.pk))
    run_sql(_ALL_OPEN, (run.pk,))


_SOME = """
INSERT INTO settlement_attempt (payment_id, number, bank_file_id, fen, token, state, reason)
SELECT payment, number, %s, fen, token, 'open', '' FROM settlement_to_send ORDER BY payment
"""
_SOME_OPEN = """
UPDATE settlement_payment SET attempts = s.number, open_fen = s.fen, token = s.token,
  state = 'open'
FROM settlement_to_send s WHERE settlement_payment.id = s.payment
  AND settlement_payment.state IN ('owed', 'failed') AND settlement_payment.open_fen = 0
  AND settlement_payment.gross_fen - settlement_payment.withheld_fen
    - settlement_payment.paid_fen = s.fen
  AND settlement_payment.attempts + 1 = s.number
"""


def _attempt_some(session: AnalyticSession, file: BankFile) -> None:
    """Write attempts of the payments in ``owed``, with the accounts that stand there."""
    columns = {"payment": "int", "number": "int", "fen": "int", "token": "text"}
    session.con.execute("SELECT payment, number, fen, token FROM owed ORDER BY payment")
    with staged("settlement_to_send", columns, session.con) as count:
        run_sql(_SOME, (file.pk,))
        if run_sql(_SOME_OPEN) != count:
            raise Refused("有款项的状态变了，文件作废：请重新生成。")


def _sums(file: BankFile) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(sum(fen), 0) FROM settlement_attempt "
            "WHERE bank_file_id = %s",
            (file.pk,),
        )
        number, fen = cursor.fetchone()
    return int(number), int(fen)


#: From which state a file may be handed over; ``handing`` again only when the bank has not got it.
_HANDS = {
    FileState.HANDING: (FileState.MADE, FileState.HANDING),
    FileState.HANDED: (FileState.MADE, FileState.HANDING, FileState.HANDED),
}


@transaction.atomic
def hand_over(*, bank_file_id: int, to: FileState, acting: Reader) -> BankFile:
    """Write down that a file is being handed over, or was.

    ``handing`` is written before, ``handed`` after: whoever is killed in between leaves a file of
    which the bank has to be asked. Handing in the same file again is harmless to a bank that
    knows its number, which never changes.
    """
    if not acting.can(Permission.PREPARE_PAYMENTS):
        raise PermissionError("您的账号没有办理待遇发放的权限。")
    one_writer(RUNS_LOCK)
    rows = within_area(BankFile.objects.select_related("run"), acting, "run__region_code")
    file = rows.get(pk=bank_file_id)
    if to not in _HANDS or file.state not in _HANDS[to]:
        raise Refused(f"“{FileState(file.state).label}”的文件不能转为“{FileState(to).label}”。")
    if file.state == to:
        return file
    file.state = to
    if to == FileState.HANDED:
        file.handed_at, file.handed_by = clock.now(), acting.name
    file.save()
    note_step(file.run, act=f"file_{to}", acting=acting, detail={"file": file.number})
    return file
