"""A file of delimited text as rows, one at a time: any size, constant memory, no row lost.

UTF-8 with or without mark, GB18030, UTF-16 with mark; comma, semicolon or tab. A quote that is
never closed spoils its own row and not those behind it.
"""

import csv
import io
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import IO

_CHUNK = 1 << 20
_DELIMITERS = ",\t;，；"
_LONGEST_LINE = 100_000
#: An id with line ends inside is at most so many lines long.
_MOST_LINES = 20
# What an open quote becomes, so that it is seen in the cell that it spoils.
_OPEN_QUOTE = "＂"


class NotText(ValueError):
    """The file holds no rows of text; the message says what to do, in Chinese."""


@contextmanager
def reading(stream: IO[bytes]) -> Iterator[tuple[list[str], Iterator[list[str]]]]:
    """The header, and the rows behind it as they are asked for inside the ``with``.

    Args:
        stream: A file open for reading bytes that can be read twice.

    Raises:
        NotText: For an empty file, or one that is no text.
    """
    encoding = _encoding(stream)
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding, errors="replace", newline="")
    try:
        yield _header_and_rows(text)
    finally:
        # The stream is the caller's to close.
        text.detach()


def _header_and_rows(lines: Iterator[str]) -> tuple[list[str], Iterator[list[str]]]:
    """The first line with anything in it, and csv rows behind it."""
    first = next((line for line in lines if line.strip()), None)
    if first is not None and first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        first = next((line for line in lines if line.strip()), None)
    if first is None:
        raise NotText("文件是空的：第一行应是列名，以下每行一份评估")
    delimiter = max(_DELIMITERS, key=first.count)
    header = next(csv.reader([first], delimiter=delimiter))
    return header, csv.reader(_whole_lines(lines, delimiter, len(header)), delimiter=delimiter)


def _encoding(stream: IO[bytes]) -> str:
    """What the bytes are; where neither encoding fits every byte, the one with fewer misfits."""
    head = stream.read(_CHUNK)
    if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-16"
    if b"\x00" in head:
        raise NotText("文件不是文本：请用 Excel 或 WPS 打开后另存为 CSV")
    if head.startswith(BOM_UTF8):
        return "utf-8-sig"
    for encoding in ("utf-8", "gb18030"):
        stream.seek(0)
        if _fits(stream, encoding):
            return encoding
    return min(
        ("utf-8", "gb18030"), key=lambda name: head.decode(name, errors="replace").count("\ufffd")
    )


def _fits(stream: IO[bytes], encoding: str) -> bool:
    decoder = getincrementaldecoder(encoding)()
    try:
        while chunk := stream.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _whole_lines(lines: Iterator[str], delimiter: str, width: int) -> Iterator[str]:
    """Lines for csv.reader, each a whole row: quotes that are never closed made harmless."""
    for line in lines:
        if '"' not in line and len(line) <= _LONGEST_LINE:
            yield line
            continue
        if len(line) > _LONGEST_LINE:
            # No sheet is so long: what is left of it lacks columns, and the row will say so.
            yield line[:_LONGEST_LINE].replace('"', _OPEN_QUOTE)
        elif _is_whole(line, delimiter):
            yield line
        else:
            yield from _closed(line, lines, delimiter, width)


def _closed(first: str, lines: Iterator[str], delimiter: str, width: int) -> Iterator[str]:
    """A line with an open quote: joined with those behind it when that makes a whole row."""
    joined, taken = first, []
    for line in islice(lines, _MOST_LINES):
        taken.append(line)
        joined += line
        if _is_whole(joined, delimiter):
            if len(next(csv.reader([joined], delimiter=delimiter))) == width:
                yield joined
                return
            break
    yield first.replace('"', _OPEN_QUOTE)
    # The lines looked at may hold open quotes of their own.
    yield from _whole_lines(iter(taken), delimiter, width)


def _is_whole(text: str, delimiter: str) -> bool:
    """Whether no quote is open at the end."""
    try:
        for _ in csv.reader([text], delimiter=delimiter, strict=True):
            pass
    except csv.Error:
        # Strict reading also refuses text behind a closing quote: that row is whole, if odd.
        return text.count('"') % 2 == 0
    return True
