"""Money on its way: the bank's file, handing it over, what comes back, and sending again.

The bytes of a file lie sealed before its attempts are written down, and attempts are written down
before the file is handed over. Killed between any two of these, nobody is paid twice: a payment has
one open attempt at most, a file keeps its number and bytes, and a file of which nobody knows
whether it arrived is asked about before it goes again.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import pyarrow as pa

from yanglao.domain.accounts.public import Permission
from yanglao.domain.places.public import names_of
from yanglao.domain.settlement.public import (
    BankFile,
    FileState,
    PaymentRun,
    Refused,
    ReturnFile,
    TakenFile,
    WrittenFile,
    begin_attempts,
    get_bank_file,
    get_run,
    hand_over,
    last_step,
    load_attempts,
    load_owed,
    next_file_number,
    take_returns,
)
from yanglao.engines.payments.bankfile import (
    ENCODINGS,
    Encoding,
    Head,
    Returned,
    WrongFile,
    read_payments,
    read_returns,
    write_payments,
    write_returns,
)
from yanglao.flows.keep_payment_input import new_name
from yanglao.flows.pay_month import Loader, load_inputs
from yanglao.foundation import audit
from yanglao.foundation.analytics import AnalyticSession, analytic_session
from yanglao.foundation.scoping import Reader
from yanglao.foundation.secrets import open_pieces, sealed_folder, writing_pieces

_FOLDER = "payments"


class Bank(Protocol):
    """Who takes files in: an adapter, or a folder that a person carries to the bank."""

    def has(self, number: str) -> bool:
        """Say whether a file of this number arrived."""

    def take(self, number: str, content: bytes) -> None:
        """Take a file in, whole or not at all."""


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made, and how many payments could not go with it (no single account)."""

    file: BankFile
    left_out: int


def make_file(
    *,
    run_id: int,
    acting: Reader,
    as_of: date,
    encoding: Encoding = "utf-8",
    load: Loader = load_inputs,
) -> Made:
    """Make the bank's file of all that a run owes: first payments, or failed ones again.

    Args:
        as_of: The day in the file. encoding: Of the file.
        load: Makes the input tables, for accounts that were corrected.

    Raises:
        Refused: When nothing is owed, no account was corrected, or somebody else was faster.
    """
    if encoding not in ENCODINGS:
        raise Refused(f"编码只能是 {'、'.join(ENCODINGS)}。")
    run = get_run(acting, run_id)
    seen = last_step(run)
    with analytic_session(step="生成银行文件") as session:
        load_owed(session, run_id=run.pk)
        again = session.rows("SELECT count(*) FROM owed WHERE number > 1")[0][0]
        left_out = _correct_accounts(session, run, as_of, load) if again else 0
        _refuse_nothing(session, left_out)
        written = _write(session, run, seen, acting, as_of, encoding)
        file = begin_attempts(run_id=run.pk, session=session, written=written, acting=acting)
    return Made(file, left_out)


def _refuse_nothing(session: AnalyticSession, left_out: int) -> None:
    if not session.rows("SELECT count(*) FROM owed")[0][0]:
        raise Refused(
            f"有 {left_out} 笔失败的款项还没有可用的新账户：请先在待遇档案里改正账户。"
            if left_out
            else "没有要送银行的款项。"
        )


def _correct_accounts(session: AnalyticSession, run: PaymentRun, as_of: date, load: Loader) -> int:
    """Give payments that failed the account that stands now; return how many have none."""
    load(session, run.region_code)
    con = session.con
    con.execute(
        "CREATE TABLE now_account AS SELECT person, min(token) AS token FROM in_accounts "
        "WHERE token <> '' AND (first IS NULL OR first <= $day) "
        'AND ("end" IS NULL OR "end" > $day) GROUP BY person HAVING count(DISTINCT token) = 1',
        {"day": as_of},
    )
    con.execute(
        "UPDATE owed SET token = coalesce((SELECT n.token FROM now_account n "
        "WHERE n.person = owed.person), '') WHERE number > 1"
    )
    left = session.rows("SELECT count(*) FROM owed WHERE token = ''")[0][0]
    con.execute("DELETE FROM owed WHERE token = ''")
    return int(left)


def _write(
    session: AnalyticSession,
    run: PaymentRun,
    seen: int,
    acting: Reader,
    as_of: date,
    encoding: Encoding,
) -> WrittenFile:
    """Write the bytes of a file, sealed, and say what is in it."""
    number = next_file_number(run, acting=acting)
    payer = names_of([run.region_code]).get(run.region_code, run.region_code)
    lines = session.con.sql(
        "SELECT 'P' || payment || '#' || number AS key, token, name, fen FROM owed ORDER BY payment"
    ).to_arrow_table()
    try:
        content = write_payments(Head(number, payer, run.month, as_of), lines, encoding)
    except WrongFile as wrong:
        raise Refused(str(wrong)) from wrong
    name = new_name(run.pk, "file")
    with writing_pieces(sealed_folder(_FOLDER) / name) as target:
        target.write(content)
    total = session.rows("SELECT coalesce(sum(fen), 0)::BIGINT FROM owed")[0][0]
    return WrittenFile(
        number=number,
        payer=payer,
        encoding=encoding,
        ordered_on=as_of,
        payments=lines.num_rows,
        fen=int(total),
        digest=hashlib.sha256(content).hexdigest(),
        file=name,
        last_step=seen,
    )


def print_file(*, bank_file_id: int, acting: Reader) -> tuple[BankFile, bytes]:
    """Return a file's bytes, the same to the byte whenever they are asked for.

    Raises:
        PermissionError: When the role may not.
        Refused: When the sealed file is not the one that was written down.
    """
    file = get_bank_file(acting, bank_file_id)
    if not acting.can(Permission.PREPARE_PAYMENTS):
        raise PermissionError("您的账号不能取得银行文件。")
    with open_pieces(sealed_folder(_FOLDER) / file.file) as source:
        content = source.read()
    if hashlib.sha256(content).hexdigest() != file.digest:
        raise Refused("封存的银行文件与登记的校验码不符，不能使用：请联系系统管理员。")
    audit.read(
        acting,
        "bank_file_taken",
        subject="bank_file",
        subject_id=file.pk,
        place_code=file.run.region_code,
        detail={"number": file.number, "payments": file.payments},
    )
    return file, content


def carry_to_bank(*, bank_file_id: int, bank: Bank, acting: Reader) -> BankFile:
    """Hand a file to a bank; after a crash, again, without its being taken twice."""
    file, content = print_file(bank_file_id=bank_file_id, acting=acting)
    if file.state in (FileState.HANDED, FileState.ANSWERED):
        return file
    hand_over(bank_file_id=file.pk, to=FileState.HANDING, acting=acting)
    # Asked first: a file of which a killed program did not note the end may be there already.
    if not bank.has(file.number):
        bank.take(file.number, content)
    return hand_over(bank_file_id=file.pk, to=FileState.HANDED, acting=acting)


def take_back(*, bank_file_id: int, content: bytes, acting: Reader, as_of: date) -> ReturnFile:
    """Take a return file in: a verdict for every line, booked at once or not at all.

    Raises:
        Refused: When it is damaged, answers another file, or this file was never handed over.
    """
    file = get_bank_file(acting, bank_file_id)
    seen = last_step(file.run)
    if file.state == FileState.MADE:
        raise Refused("这个文件还没有交给银行，不会有回盘。请先登记已交银行。")
    number, lines = _opened(content)
    if number != file.number:
        raise Refused(f"这是 {number} 的回盘，不是 {file.number} 的。请上传对应的文件。")
    with analytic_session(step="登记银行回盘") as session:
        load_attempts(session, bank_file_id=file.pk, run_id=file.run_id)
        _judge(session, lines, file.run.region_code)
        counts = dict(session.rows("SELECT verdict, count(*) FROM judged GROUP BY 1 ORDER BY 1"))
        name = new_name(file.run_id, "back")
        with writing_pieces(sealed_folder(_FOLDER) / name) as target:
            target.write(content)
        taken = TakenFile(hashlib.sha256(content).hexdigest(), name, counts)
        return take_returns(
            bank_file_id=file.pk,
            session=session,
            taken=taken,
            booked_on=as_of,
            last_step=seen,
            acting=acting,
        )


def _opened(content: bytes) -> tuple[str, tuple[Returned, ...]]:
    """Read a return file in whichever encoding it is whole."""
    problem: WrongFile | None = None
    for encoding in ENCODINGS:
        try:
            return read_returns(content, encoding)
        except WrongFile as wrong:
            problem = wrong
    raise Refused(f"回盘文件不能接收：{problem}")


_JUDGE = """
CREATE TABLE judged AS
SELECT l.place, l.key, a.attempt, a.payment, l.fen, coalesce(a.place, $region) AS town, l.reason,
  CASE
    WHEN a.attempt IS NULL THEN 'unknown'
    WHEN a.fen <> l.fen THEN 'amount'
    WHEN a.state = 'open' THEN l.result
    WHEN a.state = 'paid' AND l.result = 'paid' THEN 'again'
    WHEN a.state = 'paid' AND l.result = 'failed' THEN 'back'
    WHEN a.state IN ('failed', 'returned') AND l.result = 'failed' THEN 'again'
    ELSE 'contradicts' END AS verdict
FROM returned_lines l LEFT JOIN attempts a ON l.key = 'P' || a.payment || '#' || a.number
"""


def _judge(session: AnalyticSession, lines: tuple[Returned, ...], region: str) -> None:
    """Make ``judged``: each line of the file with its attempt and a verdict."""
    made = pa.table(
        {
            "place": pa.array(range(1, len(lines) + 1), pa.int64()),
            "key": pa.array([one.key[:60] for one in lines], pa.string()),
            "fen": pa.array([one.fen for one in lines], pa.int64()),
            "result": pa.array([one.result for one in lines], pa.string()),
            "reason": pa.array([one.reason[:120] for one in lines], pa.string()),
        }
    )
    session.con.register("returned_lines", made)
    session.con.execute(_JUDGE, {"region": region})
    session.con.unregister("returned_lines")


def invent_returns(
    *, content: bytes, failed: dict[int, str], encoding: Encoding = "utf-8"
) -> bytes:
    """Return what a bank might answer to a file: for demonstrations and practice.

    Args:
        content: The payment file. failed: Place of a line to the reason it failed; others are paid.
    """
    head, rows = read_payments(content, encoding)
    answers = [
        Returned(key, fen, "failed" if place in failed else "paid", failed.get(place, ""))
        for place, (key, _token, _name, fen) in enumerate(rows, 1)
    ]
    return write_returns(head.number, answers, encoding)
