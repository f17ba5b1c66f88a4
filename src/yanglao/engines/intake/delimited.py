"""Delimited text (csv): which encoding, which delimiter, which cells."""

import csv
import io
from typing import cast

from yanglao.engines.intake.unreadable import UnreadableWorkbook

_DELIMITERS = ",;\t|，；"
_SAMPLE_LINES = 30
_LONGEST_FIELD = 1_000_000
_ADVICE = "请用 Excel 或 WPS 打开后另存为 .xlsx，再重新上传"
_UNBALANCED = f"文本文件的格式有误（引号不成对），无法读取。{_ADVICE}"
_MOST_LINES = 20
_SAMPLE = 4096
_CONTROLS = bytes([*range(1, 9), 11, *range(14, 21)])
#: So many control characters, or so many of every hundred bytes, may be in a text: old programs
#: leave some in a cell, and one cell must not turn back a list; in other files they are 1 in 16.
_FEW_CONTROLS, _MOST_CONTROLS = 3, 2


def read_delimited(data: bytes) -> list[list[object]]:
    """The rows of a delimited text, all of one length; the cells are text as it stands.

    Reads UTF-8 with and without mark, UTF-16 with mark, GB18030; comma, semicolon, tab, bar.
    Excel's way of keeping text (="0653") is taken off. Raises UnreadableWorkbook when it is no such
    text.
    """
    text = decode(data)
    delimiter, text = _sniff_delimiter(text)
    # One limit for the process; ours is only higher than Python's.
    csv.field_size_limit(_LONGEST_FIELD)
    try:
        read = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise UnreadableWorkbook(_UNBALANCED) from error
    if '="' in text:
        read = [list(map(_unquoted, row)) for row in read]
    if '"' in text and any(cell.count("\n") > _MOST_LINES for row in read for cell in row):
        # A quote that is never closed takes all rows behind it into one cell.
        raise UnreadableWorkbook(_UNBALANCED)
    rows = cast(list[list[object]], read)
    width = max(map(len, rows), default=0)
    for row in rows:
        if len(row) < width:
            row.extend([""] * (width - len(row)))
    return rows


def decode(data: bytes) -> str:
    """The text of a file by its mark, else UTF-8 when it is valid, else GB18030.

    The mark is taken off.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
        if _is_binary(data[:_SAMPLE]):
            raise UnreadableWorkbook(f"文件不是电子表格，也不是文本。{_ADVICE}")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableWorkbook(f"文本文件的编码无法识别（应为 UTF-8 或 GB18030）。{_ADVICE}")


def _is_binary(sample: bytes) -> bool:
    """Whether this is no text: it holds a zero byte, or too many control characters."""
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return 0 in sample or controls > max(_FEW_CONTROLS, _MOST_CONTROLS * len(sample) // 100)


def _sniff_delimiter(text: str) -> tuple[str, str]:
    """The delimiter, and the text without Excel's first line "sep=;" when it has one."""
    first, _, rest = text.partition("\n")
    named = first.strip().lower()
    if named.startswith("sep=") and len(named) == 5:
        return first.strip()[4], rest
    lines = [line for line in text[:200_000].splitlines() if line.strip()][:_SAMPLE_LINES]
    return max(_DELIMITERS, key=lambda sign: _evidence(lines, sign)), text


def _evidence(lines: list[str], sign: str) -> tuple[int, int]:
    """How many lines have the sign outside quotes equally often, and how often that is."""
    counts = ["".join(line.split('"')[::2]).count(sign) for line in lines]
    usual = max(
        set(counts), key=lambda count: (counts.count(count) * bool(count), count), default=0
    )
    return (counts.count(usual) if usual else 0, usual)


def _unquoted(cell: str) -> str:
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
        return cell[2:-1].replace('""', '"')
    return cell
