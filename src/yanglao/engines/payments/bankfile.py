"""The file that goes to a bank, and the one that comes back: plain text, documented, exact.

A line is columns in a fixed order with ``|`` between them and CR LF behind. The first line is the
head, the last the tail with number, total and digest of all lines before it, so that a file that
was cut, changed or typed over is refused. What is written depends on the input alone: a reprint is
the same to the byte. See docs/reference/payments.md for the columns.

A text that a spreadsheet would run as a formula gets an apostrophe before it, which the reader
takes away again.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from yanglao.engines.payments.months import Month, month_text, read_month
from yanglao.kernel.money import Fen

Encoding = Literal["gbk", "utf-8"]
ENCODINGS: tuple[Encoding, ...] = ("gbk", "utf-8")

_PAY, _BACK = "YLPAY", "YLRET"
_FORM = "1"
_END = "\r\n"
_FORMULA = "=+-@\t'"
#: What the bank may answer.
RESULTS = {"paid": "发放成功", "failed": "发放失败"}


class WrongFile(ValueError):
    """A file that may not be written or taken in; ``messages`` say each what and where."""

    def __init__(self, messages: Sequence[str]) -> None:
        self.messages = tuple(messages)
        super().__init__("；".join(self.messages))


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above: number of the file, payer, month, day of the order."""

    number: str
    payer: str
    month: Month
    ordered_on: date


@dataclass(frozen=True, slots=True)
class Returned:
    """One line that came back: the attempt's key, its fen, ``paid`` or ``failed``, the reason."""

    key: str
    fen: Fen
    result: str
    reason: str


def write_payments(head: Head, lines: pa.Table, encoding: Encoding = "gbk") -> bytes:
    """The file of a payment month.

    Args:
        lines: ``key`` (of the attempt, each once), ``token`` (account), ``name``, ``fen``, in the
            order in which they are to stand.

    Raises:
        WrongFile: For a key twice, an amount not above nought, an empty key or account, a ``|`` or
            line break in a text, or a name that the encoding cannot write (use utf-8 then).
    """
    messages = _wrong_lines(lines)
    if messages:
        raise WrongFile(messages)
    number = lines.num_rows
    count = pc.cast(pa.array(range(1, number + 1), pa.int64()), pa.string())
    columns = [
        pa.repeat("D", number),
        count,
        *(_safe(lines.column(name)) for name in ("key", "token", "name")),
        pc.cast(lines.column("fen"), pa.string()),
    ]
    body = pc.binary_join_element_wise(*columns, "|").to_pylist()
    fixed = [_safe_text(text) for text in (head.number, head.payer)]
    if any(mark in text for text in fixed for mark in "|\r\n") or not all(fixed):
        raise WrongFile(["批次号和付款单位不能为空，也不能有竖线或换行"])
    first = "|".join(
        ("H", _PAY, _FORM, *fixed, month_text(head.month), head.ordered_on.isoformat())
    )
    total = int(pc.sum(lines.column("fen")).as_py() or 0)
    return _sealed([first, *body], number, total, encoding)


def _wrong_lines(lines: pa.Table) -> list[str]:
    """Everything that keeps lines from being written, the first few of each kind."""
    found: list[str] = []
    if lines.num_rows == 0:
        return found
    if pc.count_distinct(lines.column("key")).as_py() != lines.num_rows:
        found.append("发放编号有重复，每笔只能出现一次")
    if pc.min(lines.column("fen")).as_py() <= 0 or lines.column("fen").null_count:
        found.append("有金额不大于零的行")
    for name, label in (("key", "发放编号"), ("token", "账户"), ("name", "姓名")):
        texts = lines.column(name)
        if texts.null_count or pc.any(pc.equal(texts, "")).as_py():
            found.append(f"有{label}为空的行")
        if pc.any(pc.match_substring_regex(pc.fill_null(texts, ""), r"[|\r\n\x00]")).as_py():
            found.append(f"{label}里有竖线或换行")
    return found


def _safe(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Texts with an apostrophe before those that would run."""
    risky = pc.match_substring_regex(texts, r"^[=+\-@\t']")
    return pc.if_else(risky, pc.binary_join_element_wise("'", texts, ""), texts)


def _safe_text(text: str) -> str:
    return f"'{text}" if text[:1] in _FORMULA and text else text


def _plain(text: str) -> str:
    """A text as it was before ``_safe``."""
    return text[1:] if text.startswith("'") and text[1:2] in _FORMULA and text[1:] else text


def _sealed(lines: list[str], number: int, total: Fen, encoding: Encoding) -> bytes:
    """Lines with their tail, as bytes."""
    if encoding not in ENCODINGS:
        raise WrongFile([f"编码只能是 {'、'.join(ENCODINGS)}"])
    text = _END.join(lines) + _END
    try:
        body = text.encode(encoding)
    except UnicodeEncodeError:
        raise WrongFile(_unwritable(lines, encoding)) from None
    tail = f"T|{number}|{total}|{hashlib.sha256(body).hexdigest()}{_END}"
    return body + tail.encode("ascii")


def _unwritable(lines: list[str], encoding: Encoding) -> list[str]:
    """Which lines hold a character that the encoding has not, at most twenty."""
    found = []
    for number, line in enumerate(lines):
        try:
            line.encode(encoding)
        except UnicodeEncodeError as error:
            found.append(f"第 {number} 行的“{line[error.start]}”用 {encoding} 写不出，请改用 utf-8")
            if len(found) == 20:
                break
    return found


def read_payments(
    content: bytes, encoding: Encoding = "gbk"
) -> tuple[Head, list[tuple[str, str, str, Fen]]]:
    """Head and lines (key, token, name, fen) of a file that we wrote.

    Raises:
        WrongFile: When it was cut or changed, or is another kind of file.
    """
    head, rows = _opened(content, encoding, _PAY, 6)
    if len(head) != 7:
        raise WrongFile(["首行应有 7 列"])
    try:
        first = Head(
            _plain(head[3]), _plain(head[4]), read_month(head[5]), date.fromisoformat(head[6])
        )
    except ValueError as error:
        raise WrongFile([f"首行看不懂：{error}"]) from None
    return first, [(_plain(r[2]), _plain(r[3]), _plain(r[4]), int(r[5])) for r in rows]


def write_returns(number: str, lines: Iterable[Returned], encoding: Encoding = "gbk") -> bytes:
    """The file that comes back, as a bank would write it: for tests, demonstrations, a form."""
    given = list(lines)
    texts = [t for one in given for t in (one.key, one.reason)] + [number]
    if any(mark in text for text in texts for mark in "|\r\n"):
        raise WrongFile(["文字里不能有竖线或换行"])
    body = [
        f"D|{place}|{_safe_text(one.key)}|{one.fen}|{one.result}|{_safe_text(one.reason)}"
        for place, one in enumerate(given, 1)
    ]
    total = sum(one.fen for one in given if one.result == "paid")
    return _sealed([f"H|{_BACK}|{_FORM}|{_safe_text(number)}", *body], len(given), total, encoding)


def read_returns(content: bytes, encoding: Encoding = "gbk") -> tuple[str, tuple[Returned, ...]]:
    """Number of the file that is answered, and every line that came back.

    Raises:
        WrongFile: When it was cut or changed, a result is unknown, a key is there twice, or the
            total is not that of the paid lines.
    """
    head, rows = _opened(content, encoding, _BACK, 6, paid_only=True)
    if len(head) != 4:
        raise WrongFile(["首行应有 4 列"])
    found = tuple(Returned(_plain(r[2]), int(r[3]), r[4], _plain(r[5])) for r in rows)
    wrong = [
        f"第 {n} 行的结果“{r.result}”看不懂"
        for n, r in enumerate(found, 1)
        if r.result not in RESULTS
    ]
    if len({one.key for one in found}) != len(found):
        wrong.append("同一笔出现了两次")
    if wrong:
        raise WrongFile(wrong[:20])
    return _plain(head[3]), found


def _opened(
    content: bytes, encoding: Encoding, kind: str, columns: int, *, paid_only: bool = False
) -> tuple[list[str], list[list[str]]]:
    """Head and rows of a file whose tail is right."""
    end = _END.encode("ascii")
    cut = content.removesuffix(end).rfind(end)
    if cut < 0 or not content.endswith(end):
        raise WrongFile(["文件不完整，没有结尾行"])
    body, tail = content[: cut + 2], content[cut + 2 : -2]
    parts = tail.decode("ascii", "replace").split("|")
    if len(parts) != 4 or parts[0] != "T":
        raise WrongFile(["文件不完整，没有结尾行"])
    if hashlib.sha256(body).hexdigest() != parts[3]:
        raise WrongFile(["文件内容与校验码不符，可能被改动或截断，请重新取得"])
    try:
        lines = body.decode(encoding).split(_END)[:-1]
    except UnicodeDecodeError:
        raise WrongFile([f"文件不是 {encoding} 编码"]) from None
    head = lines[0].split("|")
    if head[:3] != ["H", kind, _FORM]:
        raise WrongFile([f"不是 {kind} 第 {_FORM} 版的文件"])
    rows = [line.split("|") for line in lines[1:]]
    wrong = [
        f"第 {n} 行的列数、序号或金额不对"
        for n, row in enumerate(rows, 1)
        if len(row) != columns or row[:2] != ["D", str(n)] or not _amount(row, kind).isdigit()
    ]
    if wrong:
        raise WrongFile(wrong[:20])
    total = sum(int(_amount(row, kind)) for row in rows if not paid_only or row[4] == "paid")
    if [str(len(rows)), str(total)] != parts[1:3]:
        raise WrongFile(["笔数或金额与结尾行不符"])
    return head, rows


def _amount(row: list[str], kind: str) -> str:
    return row[5] if kind == _PAY else row[3]
